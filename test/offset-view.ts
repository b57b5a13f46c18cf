/** Bytes as `readFileSync` gives them for a small file: a Buffer that begins at an odd place of a larger one. */
export function offsetView(bytes: Uint8Array): Buffer {
  const pool = Buffer.alloc(bytes.length + 16, 0x5a);
  const view = pool.subarray(7, 7 + bytes.length);
  view.set(bytes);
  return view;
}
