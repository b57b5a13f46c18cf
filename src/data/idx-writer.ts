/** Writes arrays of bytes as IDX, the format of MNIST (LeCun, Cortes, Burges: "The MNIST database"). */

const UNSIGNED_BYTE = 8;

/** @throws RangeError if `dims` do not multiply to the length of the data. */
export function writeIdx(data: Uint8Array, dims: readonly number[]): Uint8Array {
  if (dims.reduce((product, size) => product * size, 1) !== data.length)
    throw new RangeError(`${data.length} bytes do not make an array ${dims.join(' x ')}`);
  const head = 4 + 4 * dims.length;
  const file = new Uint8Array(head + data.length);
  file.set([0, 0, UNSIGNED_BYTE, dims.length]);
  const view = new DataView(file.buffer);
  for (const [i, size] of dims.entries()) view.setUint32(4 + 4 * i, size);
  file.set(data, head);
  return file;
}
