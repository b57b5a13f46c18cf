/** Puts the inputs of a pass into memory, and has them packed for the table kernels. */

import type { ConversionNoise } from '../../noise/column-noise.ts';
import type { MvmInput } from '../backend.ts';
import type { MvmPlan } from '../spec.ts';
import type { Kernel } from './kernel.ts';
import { type KernelShape, PACK_ROWS, packedChunks, recordBytes } from './shape.ts';

/** Bytes that `packInputs` uses at `inputs`. */
export const inputBytes = ({ blocks, spec }: MvmPlan, shape: KernelShape, tokens: number): number =>
  tokens * blocks * packedChunks(shape) * PACK_ROWS + (spec.arrayRows + 1) * 4;

/** Tokens from `first` of `x` [token][row], and addresses of scratch for them and of the records. */
export interface Packing {
  readonly plan: MvmPlan;
  readonly noise: ConversionNoise;
  readonly shape: KernelShape;
  readonly x: MvmInput;
  readonly first: number;
  readonly tokens: number;
  readonly inputs: number;
  readonly records: number;
}

/** Packs tokens into the records [block][token][plane]. */
export function packInputs(
  kernel: Kernel,
  memory: ArrayBuffer | SharedArrayBuffer,
  { plan: { blocks, spec }, noise, shape, x, first, tokens, ...at }: Packing,
): void {
  const { rows, arrayRows } = spec;
  const chunks = packedChunks(shape);
  const width = chunks * PACK_ROWS;
  const stride = blocks * width;
  const bytes = new Uint8Array(memory, at.inputs, tokens * stride);
  if (stride === rows) bytes.set(x.subarray(first * rows, (first + tokens) * rows));
  else {
    bytes.fill(0);
    for (let token = 0; token < tokens; token++) {
      const row0 = (first + token) * rows;
      for (let block = 0; block < blocks; block++) {
        const [from, end] = [block * arrayRows, Math.min(rows, (block + 1) * arrayRows)];
        bytes.set(x.subarray(row0 + from, row0 + end), token * stride + block * width);
      }
    }
  }
  const mantissas = at.inputs + tokens * stride;
  if (noise.kind === 'active') new Int32Array(memory, mantissas, noise.mantissas.length).set(noise.mantissas);
  for (let block = 0; block < blocks; block++) {
    const records = at.records + block * tokens * shape.planes * recordBytes(shape);
    kernel.pack(at.inputs + block * width, stride, chunks, records, tokens, mantissas);
  }
}
