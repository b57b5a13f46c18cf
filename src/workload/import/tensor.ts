/** A named array of a file of weights, read as float32 whatever type it is stored in. */
import { EXIT, TrexError } from '../../base/errors.ts';

/** Characters of a name that a message shows. */
const SHOWN = 100;

/** A tensor of a checkpoint; its elements are read when somebody asks. */
export interface Tensor {
  readonly name: string;
  /** The type it is stored in, as its format calls it. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Number of elements: the product of the shape, 1 for a scalar. */
  readonly size: number;
  /**
   * Elements `from` to `to` (default all) in C order, rounded to float32, in memory of the caller's own.
   * @throws TrexError (invalid file) that names the tensor and the index of a value that is not finite in float32.
   */
  data(from?: number, to?: number): Float32Array;
  /** The same, to be read only: it may look into the file. Absent where that saves nothing. */
  view?(from?: number, to?: number): Float32Array;
}

/** The tensors of a file, by name, in the file's order. */
export type Tensors = ReadonlyMap<string, Tensor>;

/** The file itself is wrong. */
export const invalidFile = (message: string): TrexError => new TrexError(message, EXIT.invalidFile);

/** A name from a file, fit for a message: no control characters, not endless. */
export function shown(name: string): string {
  const cut = name.length > SHOWN ? `${name.slice(0, SHOWN)}...` : name;
  return cut.replace(/\p{C}/gu, '?');
}

/** [2, 3] as in messages. */
export const shapeText = (shape: readonly unknown[]): string =>
  `[${shape.map(d => shown(String(d))).join(', ')}]`;

/** Product of the shape; undefined if a dimension is not a whole number from 0 or the product is not exact. */
export function elementCount(shape: readonly unknown[]): number | undefined {
  let count = 1;
  for (const dim of shape) {
    if (typeof dim !== 'number' || !Number.isSafeInteger(dim) || dim < 0) return undefined;
    count *= dim;
    if (count > Number.MAX_SAFE_INTEGER) return undefined;
  }
  return count;
}

/** Exponent of a float32 that is no number; one more of its last bit reaches the sign. */
const [EXPONENT, LAST] = [0x7f800000, 0x00800000];

/** Gives `values` back. @throws TrexError (invalid file) for a value that is NaN or infinite; `first` is the index of values[0]. */
export function finite(values: Float32Array, file: string, name: string, first = 0): Float32Array {
  // Without branches: a sign says that some value is not finite.
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  let signs = 0;
  for (let i = 0; i < bits.length; i++) signs |= ((bits[i] & EXPONENT) + LAST) | 0;
  if (signs >= 0) return values;
  const i = values.findIndex(value => !Number.isFinite(value));
  throw invalidFile(`${file}: tensor ${shown(name)}: element ${first + i} is ${values[i]} in float32`);
}
