/** The definition of the crossbar arithmetic: plain loops, one conversion at a time. Every other back end equals it bit for bit. */
import { hashCounter } from '../../base/random.ts';
import { type ColumnNoise, SQUARE_SHIFT } from '../noise/column-noise.ts';
import { scaled } from '../noise/gaussian.ts';
import { inlAt } from '../noise/inl.ts';
import {
  checkRun,
  countRun,
  type MvmBackend,
  type MvmHandle,
  type MvmInput,
  type MvmRun,
} from './backend.ts';
import { matrixBytes, type ProgrammedMatrix } from './programmed-matrix.ts';
import { readKeys, stripCounter, tokensPerGroup } from './read-keys.ts';

/** The back end that is easy to read; 1e8 cell reads per second. */
export const referenceBackend = (): MvmBackend => ({
  name: 'reference',
  info: { mode: 'js', threads: 1, device: 'cpu' },
  load: async matrix => referenceMatrix(matrix),
  async run(run, out, stats) {
    const { handle, x, tokens } = run;
    checkRun(handle.plan, x, tokens, out);
    sliceSums((handle as ReferenceMatrix).matrix, run, out);
    countRun(handle.plan, tokens, stats);
  },
  product: async (handle, x, tokens) => integerProduct((handle as ReferenceMatrix).matrix, x, tokens),
  dispose: async () => {},
});

interface ReferenceMatrix extends MvmHandle {
  readonly matrix: ProgrammedMatrix;
}

const referenceMatrix = (matrix: ProgrammedMatrix): ReferenceMatrix => ({
  matrix,
  plan: matrix.plan,
  ideal: matrix.ideal !== undefined,
  bytes: matrixBytes(matrix),
  dispose: () => {},
});

/** Rows of an array whose input is not 0, and the levels of their inputs. */
interface DrivenRows {
  readonly rows: readonly number[];
  readonly digits: readonly number[];
}

/** Which conversions are told together: those of all columns of one array, for one input plane of one token. */
export interface ReadPlace {
  readonly token: number;
  /** Arrays above each other. */
  readonly block: number;
  readonly plane: number;
  readonly slice: number;
}

/** One conversion: the column's sum in units of conductance, with the offset and the noise of its converter, and the code that it becomes. */
export type OnConversion = (place: ReadPlace, col: number, sum: number, code: number) => void;

/** Inputs of a read, and the stream of its noise. */
export type ReadInputs = Pick<MvmRun, 'x' | 'tokens' | 'key'>;

function sliceSums(matrix: ProgrammedMatrix, run: ReadInputs, out: Int32Array): void {
  const { cols } = matrix.plan.spec;
  const { planeWeights } = matrix.plan;
  out.fill(0);
  eachConversion(matrix, run, ({ slice, token, plane }, col, _sum, code) => {
    out[(slice * run.tokens + token) * cols + col] += planeWeights[plane] * code;
  });
}

/** Every conversion of a read, one after another: what the slice sums are added up from. @throws TrexError for inputs that do not fit. */
export function readConversions(matrix: ProgrammedMatrix, run: ReadInputs, visit: OnConversion): void {
  checkRun(matrix.plan, run.x, run.tokens);
  eachConversion(matrix, run, visit);
}

function eachConversion(matrix: ProgrammedMatrix, { x, tokens, key }: ReadInputs, visit: OnConversion): void {
  const { plan, g, offsets, noise, inl } = matrix;
  const { blocks, slices, fracBits, maxCode, planes, spec } = plan;
  const { rows, cols, arrayRows, strip } = spec;
  const adcStep = 2 ** fracBits;
  const groupSize = tokensPerGroup(plan);
  let keys: Int32Array = new Int32Array(0);
  for (let token = 0; token < tokens; token++) {
    if (noise.kind !== 'none' && token % groupSize === 0) keys = readKeys(plan, key, token / groupSize);
    for (let block = 0; block < blocks; block++) {
      const firstRow = block * arrayRows;
      for (const [plane, { shift, bits }] of planes.entries()) {
        const active: number[] = [];
        const digits: number[] = [];
        for (let row = firstRow; row < Math.min(rows, firstRow + arrayRows); row++) {
          const digit = (x[token * rows + row] >> shift) & (2 ** bits - 1);
          if (digit === 0) continue;
          active.push(row - firstRow);
          digits.push(digit);
        }
        for (let slice = 0; slice < slices; slice++) {
          const array = block * slices + slice;
          const place: ReadPlace = { token, block, plane, slice };
          const roundKeys = [...keys.subarray(7 * array, 7 * array + 7)];
          for (let col = 0; col < cols; col++) {
            const cell = (row: number): number => (array * arrayRows + row) * cols + col;
            let v = offsets[array * cols + col];
            for (let i = 0; i < active.length; i++) v += digits[i] * g[cell(active[i])];
            if (noise.kind !== 'none') {
              const counter = stripCounter(plan, token, plane, Math.floor(col / strip));
              v += noiseAt(
                noise,
                hashCounter(roundKeys, counter),
                col % strip,
                { rows: active, digits },
                cell,
              );
            }
            if (inl !== undefined) v += inlAt(v, inl);
            const code = Math.min(maxCode, Math.max(0, Math.floor(v / adcStep)));
            visit(place, col, v, code);
          }
        }
      }
    }
  }
}

/** Noise of one conversion in units; `hash` is the strip's random number, `place` the column's place in the strip. */
function noiseAt(
  noise: Exclude<ColumnNoise, { kind: 'none' }>,
  hash: number,
  place: number,
  { rows, digits }: DrivenRows,
  cell: (row: number) => number,
): number {
  const z = noise.table[(hash >> 12) + place] + noise.table[(hash & 4095) + place];
  if (noise.kind === 'constant') return z;
  const { shift } = noise;
  if (noise.kind === 'active') {
    let squares = 0;
    for (const digit of digits) squares += digit * digit;
    return scaled(noise.mantissas[squares >> noise.coarse], z, { shift });
  }
  let squares = noise.floor;
  // Of single bits: see `conversionNoise`.
  for (const row of rows) squares += noise.squares[cell(row)];
  return scaled(Math.floor(Math.sqrt(squares * 2 ** SQUARE_SHIFT)), z, { shift });
}

function integerProduct(matrix: ProgrammedMatrix, x: MvmInput, tokens: number): Int32Array {
  const { rows, cols } = matrix.plan.spec;
  const weights = matrix.ideal!;
  checkRun(matrix.plan, x, tokens);
  const y = new Int32Array(tokens * cols);
  for (let token = 0; token < tokens; token++) {
    for (let row = 0; row < rows; row++) {
      const input = x[token * rows + row];
      for (let col = 0; col < cols; col++) y[token * cols + col] += input * weights[row * cols + col];
    }
  }
  return y;
}
