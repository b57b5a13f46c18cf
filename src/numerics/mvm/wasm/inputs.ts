/** Puts the inputs of a pass into memory, and has them packed for the table kernels. */

import type { ConversionNoise } from '../../noise/column-noise.ts';
import type { MvmInput } from '../backend.ts';
import type { MvmPlan } from '../spec.ts';
import type { Kernel } from './kernel.ts';
import { hasLevels, type KernelShape, mantissaAt, PACK_ROWS, packedChunks, recordBytes } from './shape.ts';

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

/** Packs tokens into the records [block][token][bit]. */
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
  const levels = hasLevels(shape);
  if (noise.kind === 'active' && !levels)
    new Int32Array(memory, mantissas, noise.mantissas.length).set(noise.mantissas);
  for (let block = 0; block < blocks; block++) {
    const records = at.records + block * tokens * shape.bits * recordBytes(shape);
    kernel.pack(at.inputs + block * width, stride, chunks, records, tokens, mantissas);
    if (noise.kind === 'active' && levels) {
      const rows = bytes.subarray(block * width);
      writeMantissas(new DataView(memory, records), noise, shape, { rows, stride, width, tokens });
    }
  }
}

/** Noise of inputs of several bits: it grows with the sum of their squares. */
function writeMantissas(
  to: DataView,
  { mantissas, coarse }: Extract<ConversionNoise, { readonly kind: 'active' }>,
  shape: KernelShape,
  { rows, stride, width, tokens }: { rows: Uint8Array; stride: number; width: number; tokens: number },
): void {
  for (let token = 0; token < tokens; token++) {
    let shift = 0;
    for (const bits of shape.planes) {
      let squares = 0;
      for (let at = token * stride, end = at + width; at < end; at++) {
        const digit = (rows[at] >> shift) & (2 ** bits - 1);
        squares += digit * digit;
      }
      const record = (token * shape.bits + shift) * recordBytes(shape);
      to.setInt32(record + mantissaAt(shape), mantissas[squares >> coarse], true);
      shift += bits;
    }
  }
}
