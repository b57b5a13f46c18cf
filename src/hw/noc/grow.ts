/** Columns of typed arrays that grow. */

/** `grown`, which is longer, with what is in `old` at its beginning. */
export function longer<A extends Uint8Array | Int32Array | Float64Array>(old: A, grown: A): A {
  grown.set(old);
  return grown;
}
