/**
 * What a back end of the crossbar arithmetic does. All of them compute the same bits. Calls may overlap; the arrays that they
 * are given must not change until they have ended.
 */
import { TrexError } from '../../base/errors.ts';
import type { StreamKey } from '../../base/random.ts';
import type { NoiseModel } from '../../tech/noise-model.ts';
import type { ProgrammedMatrix } from './programmed-matrix.ts';
import type { MvmPlan, MvmSpec } from './spec.ts';

/** What really runs. */
export interface BackendInfo {
  /** `js`, `simd`, or the mode of gpu.js. */
  readonly mode: string;
  readonly threads: number;
  readonly device: string;
}

/** A matrix in the memory of a back end. */
export interface MvmHandle {
  readonly plan: MvmPlan;
  /** Nothing but integers is left of it: see `ProgrammedMatrix`. */
  readonly ideal: boolean;
  /** What it holds in memory. */
  readonly bytes: number;
  /** Frees the matrix. */
  dispose(): void;
}

/** Work that runs have done, counted as the hardware does it. */
export interface MvmStats {
  conversions: number;
  /** Cell reads: input planes times weight slices. */
  cellMacs: number;
}

/** Inputs [token][row]: unsigned, or two's complement where the spec says so. */
export type MvmInput = Uint8Array | Int8Array;

/** Integer weights [row][col], and the stream of their cells. */
export interface MatrixWeights {
  readonly weights: ArrayLike<number>;
  readonly key: StreamKey;
  /** They come from a quantizer of the spec's width: none is out of range. */
  readonly quantized?: boolean;
}

/** Inputs [token][row] for a loaded matrix, and the stream of its read noise. */
export interface MvmRun {
  readonly handle: MvmHandle;
  readonly x: MvmInput;
  readonly tokens: number;
  readonly key: StreamKey;
  /** How many times a sum counts, since the cells have drifted; absent: once. `run` gives sums as they are read. */
  readonly gain?: number | undefined;
}

/** What a product is multiplied by and what is added, by column: from integers back to activations. */
export interface OutputScale {
  readonly factors: Float64Array;
  readonly shifts: Float32Array;
}

export interface ScaledRun extends MvmRun {
  readonly output: OutputScale;
}

/** Computes reads of crossbars; all back ends give the same bits. */
export interface MvmBackend {
  readonly name: 'reference' | 'wasm' | 'gpu';
  readonly info: BackendInfo;
  /** Takes a programmed matrix over; its handle is for runs of this back end. */
  load(matrix: ProgrammedMatrix): Promise<MvmHandle>;
  /**
   * `program` and `load` in one, to the same bits, where the back end has a shorter way: matrices of one spec.
   * `background`: other runs come first. @throws TrexError as `program`.
   */
  loadWeights?(
    spec: MvmSpec,
    noise: NoiseModel,
    matrices: readonly MatrixWeights[],
    background?: boolean,
  ): Promise<MvmHandle[]>;
  /** Writes the slice sums [slice][token][col] into `out`. Runs of a back end follow each other. */
  run(run: MvmRun, out: Int32Array, stats?: MvmStats): Promise<void>;
  /**
   * The products of some runs on their output scales, rounded to float32, [token][col]: see `multiplyScaled`. Only where
   * their sums fit (`combinedFits`). Together they keep more threads at work than one by one.
   */
  runScaled?(runs: readonly ScaledRun[], stats?: MvmStats): Promise<Float32Array[]>;
  /** The integer product [token][col] of an ideal matrix, where the back end has a shorter way to it. */
  product?(handle: MvmHandle, x: MvmInput, tokens: number): Promise<Int32Array>;
  /** a (m x k) times b (k x n) in float32, row-major, to the bits of `floatMatmul`, where several threads are quicker. */
  floatProduct?(a: Float32Array, m: number, b: Float32Array, k: number, n: number): Promise<Float32Array>;
  /** Ends its threads and frees its memory. */
  dispose(): Promise<void>;
}

/** Throws a `TrexError` for sizes that do not match and for inputs out of range. */
export function checkRun(plan: MvmPlan, x: MvmInput, tokens: number, out?: Int32Array): void {
  const { rows, cols, inputBits, signedInput } = plan.spec;
  if (!Number.isInteger(tokens) || tokens < 1)
    throw new TrexError(`tokens is a whole number from 1, got ${tokens}`);
  if (x.length !== tokens * rows) {
    throw new TrexError(`${tokens} tokens of ${rows} inputs are ${tokens * rows} numbers, got ${x.length}`);
  }
  const sums = plan.slices * tokens * cols;
  if (out !== undefined && out.length !== sums)
    throw new TrexError(`the slice sums are ${sums} numbers, got ${out.length}`);
  if (signedInput !== x instanceof Int8Array) {
    throw new TrexError(
      `${signedInput ? 'signed' : 'unsigned'} inputs come as ${signedInput ? 'Int8Array' : 'Uint8Array'}`,
    );
  }
  if (inputBits === 8) return;
  const high = 2 ** (signedInput ? inputBits - 1 : inputBits);
  const low = signedInput ? -high : 0;
  const bad = x.findIndex(value => value < low || value >= high);
  if (bad >= 0) throw new TrexError(`input ${x[bad]} does not fit into ${inputBits} bits`);
}

/** Adds what a run of `tokens` makes the hardware do. */
export function countRun(plan: MvmPlan, tokens: number, stats: MvmStats | undefined): void {
  if (stats === undefined) return;
  const { rows, cols } = plan.spec;
  const planes = tokens * plan.planes.length;
  stats.conversions += planes * plan.slices * plan.blocks * cols;
  stats.cellMacs += planes * plan.cellsPerWeight * rows * cols;
}
