/**
 * How far cells have drifted together: the same reference vectors read twice, when the cells had been verified and later, through
 * the converters of every read. What is added up are the magnitudes of the sums that shift-and-add hands on (the mean of |outputs| of
 * aihwkit; currents of columns in Joshi et al., Nature Communications 11, 2473 (2020)), before any pedestal is taken off: that is
 * digital and does not drift.
 */
import { largest } from '../../base/extremes.ts';
import { type StreamKey, subKey } from '../../base/random.ts';
import type { DriftReferences } from '../../tech/drift-compensation.ts';
import type { NoiseModel } from '../../tech/noise-model.ts';
import type { MvmBackend, MvmInput, MvmRun, MvmStats } from './backend.ts';
import { slicer } from './levels.ts';
import { belowCodes, loadWeights } from './multiply.ts';
import { type MvmPlan, type MvmSpec, planMvm } from './spec.ts';

/** Sums of magnitudes of the two readings, in steps of the converters. */
export interface Readings {
  readonly programmed: number;
  readonly read: number;
}

/** A matrix of known weights, and vectors [token][row] that are read from it. */
export interface ReferenceMatrix {
  readonly spec: MvmSpec;
  readonly weights: Int16Array;
  /** Of the cells, and of the noise of the readings. */
  readonly cells: StreamKey;
  readonly reads: StreamKey;
  readonly x: MvmInput;
}

/** How many times a sum counts after the readings. Where nothing is read, nothing is made up for. */
export const gainOf = ({ programmed, read }: Readings): number => (read === 0 ? 1 : programmed / read);

/** The two readings of a matrix, or of its reference columns. @throws TrexError as `program`. */
export async function readReferences(
  backend: MvmBackend,
  matrix: ReferenceMatrix,
  references: DriftReferences,
  stats?: MvmStats,
): Promise<Readings> {
  const own = references.columns > 0 ? referenceColumns(matrix, references) : matrix;
  const sum = async (noise: NoiseModel, when: keyof Readings): Promise<number> => {
    const { spec, weights, cells, reads, x } = own;
    const loaded = await loadWeights(backend, spec, noise, [{ weights, key: cells }]);
    try {
      const run = { handle: loaded[0], x, tokens: x.length / spec.rows, key: subKey(reads, when) };
      return await sumOfMagnitudes(backend, run, stats);
    } finally {
      for (const handle of loaded) handle.dispose();
    }
  };
  return {
    programmed: await sum(references.programmed, 'programmed'),
    read: await sum(references.read, 'read'),
  };
}

/** A whole number below 2^53: exact in any order. */
async function sumOfMagnitudes(backend: MvmBackend, run: MvmRun, stats?: MvmStats): Promise<number> {
  const { plan } = run.handle;
  const { slices, sliceWeights, spec } = plan;
  const size = run.tokens * spec.cols;
  const sums = new Int32Array(slices * size);
  await backend.run(run, sums, stats);
  const base = belowCodes(plan);
  let total = 0;
  for (let i = 0; i < size; i++) {
    let sum = base;
    for (let slice = 0; slice < slices; slice++) sum += sliceWeights[slice] * sums[slice * size + i];
    total += Math.abs(sum);
  }
  return total;
}

/**
 * Columns beside those of the weights whose cells stand at the levels 1 to the highest, in turn from row to row, in every array
 * of the matrix. Each vector drives other rows, as many as the codes of the converters have room for.
 */
function referenceColumns(matrix: ReferenceMatrix, { columns, vectors }: DriftReferences): ReferenceMatrix {
  const { rows, cols, arrayCols = cols } = matrix.spec;
  const beside = Math.ceil(cols / arrayCols);
  const spec: MvmSpec = { ...matrix.spec, cols: beside * columns, arrayCols: columns };
  const plan = planMvm(spec);
  const codes = levelCodes(plan);
  const weights = new Int16Array(rows * spec.cols);
  for (let row = 0; row < rows; row++)
    weights.fill(codes[row % codes.length], row * spec.cols, (row + 1) * spec.cols);
  const { cells, reads } = matrix;
  const x = rowGroups(plan, codes, vectors);
  return { spec, weights, cells: subKey(cells, 'drift'), reads, x };
}

/** Weights whose slices above zero all stand at level 1, 2, ... of a cell; those of the last slice as far as it has bits. */
function levelCodes({ spec, weightOffset }: MvmPlan): number[] {
  const { cellBits, weightBits } = spec;
  const high = 2 ** (weightBits - 1) - 1 + weightOffset;
  const ones = Array.from({ length: Math.ceil(weightBits / cellBits) }, (_, s) => 2 ** (cellBits * s));
  const unit = ones.reduce((sum, one) => sum + one, 0);
  const levels = Array.from({ length: 2 ** cellBits - 1 }, (_, i) => i + 1);
  return [...new Set(levels.map(level => Math.min(high, level * unit) - weightOffset))];
}

function rowGroups(plan: MvmPlan, codes: readonly number[], vectors: number): MvmInput {
  const { spec, planes, low, maxCode, levels, steps, maxDigit, slices } = plan;
  const { rows, arrayRows, inputBits, signedInput } = spec;
  const levelOf = slicer(plan);
  const mean = largest(
    Array.from({ length: slices }, (_, s) => codes.reduce((sum, w) => sum + levelOf(w, s), 0) / codes.length),
  );
  const top = ((low + maxCode) * levels) / steps / mean;
  const height = Math.min(rows, arrayRows);
  const driven = Math.max(1, Math.min(height, Math.floor(top)));
  const digit = Math.max(1, Math.min(maxDigit, Math.floor(top / driven)));
  // Every plane is driven alike: in one without a row the converters would read their lowest code.
  const pattern = planes.reduce(
    (sum, { shift, bits }) => sum + Math.min(digit, 2 ** bits - 1) * 2 ** shift,
    0,
  );
  const value = signedInput && pattern >= 2 ** (inputBits - 1) ? pattern - 2 ** inputBits : pattern;
  const x = signedInput ? new Int8Array(vectors * rows) : new Uint8Array(vectors * rows);
  for (let vector = 0; vector < vectors; vector++)
    for (let row = 0; row < rows; row++) {
      const place = ((row % arrayRows) - vector * driven) % height;
      if ((place < 0 ? place + height : place) < driven) x[vector * rows + row] = value;
    }
  return x;
}
