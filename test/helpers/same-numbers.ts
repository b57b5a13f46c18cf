/** Arrays of numbers, compared as numbers: AVA's `deepEqual` takes each element for a property of its own. */
import type { ExecutionContext } from 'ava';

type Numbers = Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** `actual` has the bits of `expected`; where it does not, AVA shows the difference. */
export function sameNumbers(t: ExecutionContext, actual: Numbers, expected: Numbers, message?: string): void {
  if (actual.constructor === expected.constructor && bytes(actual).equals(bytes(expected))) t.pass();
  else t.deepEqual(actual, expected, message);
}

const bytes = ({ buffer, byteOffset, byteLength }: Numbers): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
