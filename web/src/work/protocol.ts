/** What the page and its worker say to each other: requests by lane, of which the newest counts, and what comes back. */
import type { ArrayView, Headline, LayerRow, RunReport } from 'trex-sim';
import type { RunQuestion } from './asked.ts';
import type { DropLanes } from './drop/protocol.ts';
import type { NoiseLanes } from './noise/protocol.ts';

export type { Asked, RunQuestion, UserFiles } from './asked.ts';

/** A part of a figure. */
export interface Share {
  readonly name: string;
  readonly value: number;
}

export interface FiguresAnswer {
  readonly figures: Headline;
  readonly tiles: number;
  readonly crossbars: number;
  readonly energy: readonly Share[];
  /** Of the worker, for the run alone. */
  readonly ms: number;
}

/** One value of a file, as a form shows it. */
export interface Field {
  readonly path: string;
  readonly kind: 'integer' | 'number' | 'quantity' | 'choice' | 'flag' | 'text';
  /** As it stands in the file, or was set. */
  readonly text: string;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
  readonly hint: string;
  /** It differs from the files: it is among the overrides. */
  readonly isSet: boolean;
}

export interface FieldGroup {
  readonly name: string;
  readonly fields: readonly Field[];
}

export interface FormAnswer {
  readonly groups: readonly FieldGroup[];
  readonly encoders: number;
  /** Those that may reuse the attention of an earlier one, and those that do. */
  readonly able: readonly number[];
  readonly reused: readonly number[];
  readonly names: {
    readonly arch: readonly string[];
    readonly tech: readonly string[];
    readonly models: readonly string[];
  };
  readonly warnings: readonly string[];
}

/** Frames of one chip, for a picture that moves. */
export interface FilmAnswer {
  readonly end: number;
  readonly edges: Float64Array;
  readonly tiles: Uint8Array;
  readonly links: Uint8Array;
  readonly linkEnds: readonly { readonly from: Place; readonly to: Place }[];
  readonly stored: Float64Array;
  readonly capacity_bits: number;
  readonly places: readonly Place[];
  readonly hub: Place;
  /** Of the whole image. */
  readonly energy_J: number;
  readonly steps: readonly LayerRow[];
  /** Encoders that take their attention from an earlier one. */
  readonly reused: readonly number[];
  /** Which tiles hold which matrix; known and written ones. */
  readonly layers: readonly FilmLayer[];
  readonly ms: number;
}

/** A matrix and its tiles. */
export interface FilmLayer {
  readonly id: string;
  readonly firstTile: number;
  readonly tiles: number;
  readonly crossbars: number;
}

/** `until_s`: where the frames end, of several chips the slowest. */
export interface FilmQuestion extends RunQuestion {
  readonly frames: number;
  readonly until_s: number;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Layer '': the first one of an encoder. */
export interface InsideQuestion extends RunQuestion {
  readonly layer: string;
  readonly crossbar: number;
}

export interface InsideAnswer {
  readonly view: ArrayView;
  /** All that can be looked at. */
  readonly layers: readonly string[];
}

export interface TakeAnswer {
  readonly yaml: string;
  readonly result: string;
}

/** Requests and their answers, by lane. */
export interface Lanes extends NoiseLanes, DropLanes {
  figures: { question: RunQuestion; answer: FiguresAnswer };
  /** The chip that others are compared with. */
  pinned: { question: RunQuestion; answer: FiguresAnswer };
  form: { question: RunQuestion; answer: FormAnswer };
  report: { question: RunQuestion; answer: RunReport };
  film: { question: FilmQuestion; answer: FilmAnswer };
  race: { question: FilmQuestion; answer: FilmAnswer };
  inside: { question: InsideQuestion; answer: InsideAnswer };
  take: { question: RunQuestion; answer: TakeAnswer };
}
export type Lane = keyof Lanes;

export interface ToWorker {
  readonly id: number;
  readonly lane: Lane;
  readonly question: unknown;
}

export type FromWorker =
  | { readonly id: number; readonly kind: 'answer'; readonly answer: unknown }
  | { readonly id: number; readonly kind: 'part'; readonly part: unknown }
  | { readonly id: number; readonly kind: 'error'; readonly message: string; readonly isBug: boolean }
  /** A newer request of the lane has taken its place. */
  | { readonly id: number; readonly kind: 'superseded' };
