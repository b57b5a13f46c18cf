/** What the chip is asked to do: layers that lie on tiles, and steps that use them. The mapper writes it, the controller runs it. */
import { sum } from '../base/sum.ts';
import type { Fill } from '../tech/circuit/fill.ts';
import type { Device, VectorEntry } from '../tech/schema.ts';

/** A block of a matrix: the crossbars that hold it, and what goes in and out of them for one input vector. */
export interface Block {
  readonly crossbars: number;
  /** Distinct inputs of one vector, in bits. */
  readonly inputBits: number;
  /** Result columns that leave the block. */
  readonly outputs: number;
}

/** Crossbars of which the same rows and columns hold the matrix. */
export interface Fills extends Fill {
  readonly count: number;
}

/** The block of a matrix that one PE holds. */
export interface PeBlock extends Block {
  /** Its crossbars in their order, neighbours that are filled alike together. */
  readonly fills: readonly Fills[];
  /** What a write programs of each of them, in the same order; no rows where one stays as it is. Absent: all that they hold. */
  readonly written?: readonly Fills[];
}

/** The block of a matrix that one tile holds, and the bits that go in and out of it for one input vector. */
export interface TileBlock extends Block {
  readonly pes: readonly PeBlock[];
  /** Which inputs these are: tiles of a layer with the same text need the same ones. */
  readonly inputs: string;
  /** Results of one vector: finished sums at output precision, partial sums at theirs. */
  readonly outputBits: number;
  /** Result columns that are partial: other tiles hold the rest of their rows. */
  readonly partials: number;
  /** Weights that a write stores, in bits. */
  readonly weightBits: number;
}

/** One weight matrix on its tiles; the tiles follow each other from `firstTile`. */
export interface Layer {
  readonly id: string;
  /** The layer whose arrays hold it: itself, or one whose other sets of weights it is among. */
  readonly unit: string;
  /** Written at run time (K^T, V), or programmed once. */
  readonly dynamic: boolean;
  /** What its crossbars are made of. */
  readonly device: Device;
  readonly firstTile: number;
  /** Of all its copies, one copy behind the other. */
  readonly tiles: readonly TileBlock[];
  /** How often its arrays stand there, each with a share of the vectors; absent: once. */
  readonly copies?: number;
  readonly crossbars: number;
  /** Cells that hold a slice of a weight. */
  readonly cells: number;
  /** Bits of a value that streams in, where they are fewer than the chip's. */
  readonly streamedBits?: number;
  /** It has its tiles in turn with other layers: known weights come from DRAM at each turn, and are not there before the first image. */
  readonly inTurn?: boolean;
}

/** Bits of a layer's weights, in all its copies. */
export const weightBitsOf = ({ tiles }: Pick<Layer, 'tiles'>): number => sum(tiles, tile => tile.weightBits);

/** Which unit runs a step; `load`: weights from DRAM into the tiles of a layer. */
export type StepKind = 'fetch' | 'load' | 'read' | 'write' | 'softmax' | 'vector' | 'store';

/** `row`: job j waits for job j of the other step; `all`: for every job of it; or for its tiles. */
export interface StepDep {
  readonly step: number;
  readonly mode: 'row' | 'all' | TileWait;
}

/** A job waits for the tile of as many rows `lead` tiles behind its own, and those before it, as far as there are any. */
export interface TileWait {
  readonly rows: number;
  /** Below 0: ahead of its own. */
  readonly lead: number;
}

/** Jobs, of the `jobs` of the step that it waits for, that are done before job `job` begins. */
export function jobsBefore({ mode }: StepDep, job: number, jobs: number): number {
  if (mode === 'all') return jobs;
  if (mode === 'row') return job + 1;
  const tiles = Math.floor(job / mode.rows) + 1 + mode.lead;
  return Math.min(jobs, Math.max(0, tiles * mode.rows));
}

/** What a vector or softmax job works on. */
export interface VectorWork {
  readonly fn: VectorEntry | 'softmax';
  readonly rowLength: number;
  /** Rows of one job: heads for softmax. */
  readonly rows: number;
}

/** One thing that a unit of the chip does, job after job. */
export interface Step {
  readonly index: number;
  /** Id of the op; a write step adds `.write`. */
  readonly id: string;
  /** The encoder's stage (TReX Fig. 8b), or the part of the network outside the encoders. */
  readonly stage: string;
  readonly encoder: number | null;
  readonly kind: StepKind;
  /** One per token for reads and vector work, else one. */
  readonly jobs: number;
  readonly after: readonly StepDep[];
  /** Global buffer traffic of one job. */
  readonly inputBits: number;
  readonly outputBits: number;
  /** Id of the layer of a read, write or load. */
  readonly layer?: string;
  /** Which image of a batch; absent: there is one. */
  readonly image?: number;
  readonly vector?: VectorWork;
  /** Multiply-accumulates of all jobs, where they are not those of the op of its name. */
  readonly macs?: number | undefined;
}

/** Jobs of one step that can be in flight at once: a power of two, so that a slot number holds step and job. */
const WINDOW_BITS = 6;
export const WINDOW = 1 << WINDOW_BITS;

/** Number that stands for one job in flight; events carry it. */
export const slotOf = (step: number, job: number): number => (step << WINDOW_BITS) | (job & (WINDOW - 1));
export const stepOf = (slot: number): number => slot >> WINDOW_BITS;
/** Position of a job in tables of WINDOW entries. */
export const entryOf = (slot: number): number => slot & (WINDOW - 1);
