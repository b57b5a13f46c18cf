/** Writes .npy arrays, version 1, C order, little-endian (numpy.lib.format). */
import { usageError } from '../../base/errors.ts';
import { elementCount, shapeText } from './tensor.ts';

/** NumPy begins the values at a multiple of this, bytes. */
const ALIGNMENT = 64;

/** float32, int32, or int64 from bigints. @throws TrexError (usage) for a shape that does not fit the data. */
export function writeNpy(
  data: Float32Array | Int32Array | BigInt64Array,
  shape: readonly number[],
): Uint8Array {
  if (elementCount(shape) !== data.length)
    throw usageError(`${data.length} values do not make an array ${shapeText(shape)}`);
  const dims = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const header = `{'descr': '${descr(data)}', 'fortran_order': False, 'shape': ${dims}, }`;
  const total = Math.ceil((10 + header.length + 1) / ALIGNMENT) * ALIGNMENT;
  const length = total - 10;
  const text = `${header.padEnd(length - 1)}\n`;
  const file = new Uint8Array(total + data.byteLength);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 255, length >> 8]);
  file.set(new TextEncoder().encode(text), 10);
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), total);
  return file;
}

function descr(data: Float32Array | Int32Array | BigInt64Array): string {
  if (data instanceof Float32Array) return '<f4';
  return data instanceof Int32Array ? '<i4' : '<i8';
}
