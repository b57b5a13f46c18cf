/** What the view of the network through the noise and the worker say to each other. */

/** Numbers on top of the technologies' files; absent: as the file says. */
export interface Knobs {
  readonly adcBits?: number;
  /** Shares. */
  readonly sigmaWrite?: number;
  readonly sigmaRead?: number;
  /** Known weights are not verified: write variation acts on them too. */
  readonly writeAll?: boolean;
  /** Seconds since programming. */
  readonly drift_s?: number;
  /** Resistance of the wires, as a multiple of the file's. */
  readonly wires?: number;
}

/** A chip of the view: exact integers, or the crossbars of a technology. */
export const IDEAL = 'ideal';

/** What is drawn: strokes in pixels of the network's image, or pixels of an image, or a held input. */
export type Picture =
  | { readonly kind: 'strokes'; readonly strokes: readonly (readonly number[])[] }
  | { readonly kind: 'pixels'; readonly pixels: Uint8Array }
  | { readonly kind: 'held'; readonly index: number };

/** The network, its inputs and its chips. */
export interface NoiseSetup {
  readonly chips: readonly string[];
  readonly knobs: Knobs;
}

export interface DrawQuestion extends NoiseSetup {
  readonly picture: Picture;
}

export interface ChipLogits {
  readonly chip: string;
  readonly logits: readonly number[];
  /** Of the worker. */
  readonly ms: number;
  /** Why this chip gives nothing, as the command line says it. */
  readonly problem: string;
}

export interface DrawAnswer {
  /** Names of the classes, by logit. */
  readonly classes: readonly string[];
  /** What the network sees: side x side grey levels. */
  readonly side: number;
  readonly pixels: Uint8Array;
  /** Of a held input. */
  readonly label: number | null;
  readonly chips: readonly ChipLogits[];
  readonly engine: EngineAnswer;
}

export interface HeldQuestion extends NoiseSetup {
  /** Also noise in one layer at a time, of this chip. */
  readonly alone: string | null;
}

/** Held inputs that a chip has seen so far. */
export interface HeldRow {
  readonly chip: string;
  readonly right: number;
  readonly done: number;
  readonly share: number;
  /** Wilson's 95 % interval. */
  readonly low: number;
  readonly high: number;
  readonly problem: string;
}

/** A layer of a chip. */
export interface BlameRow {
  readonly op: string;
  readonly stage: string;
  readonly snr_dB: number | null;
  /** Loss in nats that noise in this layer alone adds; null: not measured. */
  readonly alone: number | null;
}

export interface HeldAnswer {
  readonly images: number;
  readonly rows: readonly HeldRow[];
  /** By chip. */
  readonly blame: Readonly<Record<string, readonly BlameRow[]>>;
  /** Of the chip whose layers are looked at one by one. */
  readonly alone: { readonly chip: string; readonly done: number; readonly total: number } | null;
  /** By chip: the same on the command line. */
  readonly commands: Readonly<Record<string, string>>;
  readonly finished: boolean;
}

export type EngineName = 'wasm' | 'gpu' | 'reference';

export interface EngineAnswer {
  readonly engine: EngineName;
  /** "wasm (simd)". */
  readonly text: string;
  /** Why it is not the one that was asked for; empty: it is. */
  readonly notice: string;
  /** Cells read a second, by engine, of those that were measured. */
  readonly cellMacs_s: Readonly<Partial<Record<EngineName, number>>>;
}

export interface NoiseLanes {
  draw: { question: DrawQuestion; answer: DrawAnswer };
  held: { question: HeldQuestion; answer: HeldAnswer };
  engine: { question: { readonly engine: EngineName }; answer: EngineAnswer };
}
