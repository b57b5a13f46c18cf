import { onnxProblem } from './problem.ts';

export type NdData = Float32Array | Float64Array;

export interface Nd {
  readonly shape: readonly number[];
  readonly size: number;
  /** Integers or truth values, which are exact in float64. */
  readonly whole: boolean;
  /** Its values do not depend on weights: what follows from them may decide about shapes. */
  readonly known: boolean;
  /** Made of learned values. */
  readonly learned: boolean;
  /** The learned arrays of the file that it is made of, with their sizes. */
  readonly sources?: ReadonlyMap<string, number> | undefined;
  /** The stored array that it is, turned or cut in a certain way: two of one key are one matrix. Absent: of its own. */
  readonly key?: string | undefined;
  /** Row-major; not to be written to. @throws OnnxProblem where the weights are not there. */
  data(): NdData;
}

/** Far above masks and tables of indices; what is larger comes from a file. */
const MOST_COMPUTED = 2 ** 24;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((all, dim) => all * dim, 1);

/** From the slowest dimension on: values between neighbours. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    strides[d] = step;
    step *= shape[d];
  }
  return strides;
}

type NdParts = Pick<Nd, 'shape' | 'whole' | 'known' | 'learned' | 'key' | 'sources'> & {
  readonly data: () => NdData;
};

/** Known values are computed once; those of weights each time. @throws OnnxProblem for a known array beyond any use. */
export function nd(parts: NdParts): Nd {
  const { shape, known } = parts;
  const size = sizeOf(shape);
  if (!Number.isSafeInteger(size) || shape.some(dim => dim < 0))
    throw onnxProblem(`a constant of shape [${shape.join(', ')}] is impossible`);
  if (known && size > MOST_COMPUTED)
    throw onnxProblem(`a constant of ${size} computed values is more than ${MOST_COMPUTED}`);
  let kept: NdData | undefined;
  return { ...parts, size, data: known ? () => (kept ??= parts.data()) : parts.data };
}

/** Known values. */
export const values = (
  shape: readonly number[],
  list: ArrayLike<number>,
  whole = false,
  learned = false,
): Nd => nd({ shape, whole, known: true, learned, data: () => Float64Array.from(list) });

export const scalar = (value: number, whole = false): Nd => values([], [value], whole);

/** Made of others: known and learned as they are; truth values and whole numbers are none that are learned. */
export function derived(
  from: readonly Nd[],
  shape: readonly number[],
  data: () => NdData,
  more: {
    readonly whole?: boolean;
    readonly key?: string | undefined;
    readonly sources?: ReadonlyMap<string, number>;
  } = {},
): Nd {
  const { whole = from.every(one => one.whole), key } = more;
  const known = from.every(one => one.known);
  const sources = whole ? new Map<string, number>() : (more.sources ?? allSources(from));
  const learned = more.sources === undefined ? !whole && from.some(one => one.learned) : sources.size > 0;
  return nd({ shape, whole, known, learned, key, sources, data });
}

/** What several arrays have learned. */
export function allSources(from: readonly (Nd | undefined)[]): ReadonlyMap<string, number> {
  const own = from.filter(one => one?.learned && one.sources !== undefined && one.sources.size > 0);
  if (own.length === 1) return own[0]!.sources!;
  return new Map(own.flatMap(one => [...one!.sources!]));
}

/** Room for values of an array made of `from`. */
export const room = (from: readonly Nd[], size: number): NdData =>
  from.some(one => !one.known) ? new Float32Array(size) : new Float64Array(size);

/** The only value of an array of known, equal values; undefined for others. */
export function uniform(a: Nd): number | undefined {
  if (!a.known || a.size === 0) return undefined;
  const data = a.data();
  const [first] = data;
  return data.every(value => Object.is(value, first)) ? first : undefined;
}

/** The values as a list of whole numbers. @throws OnnxProblem where they are not known. */
export function wholes(a: Nd, what: string): number[] {
  if (!a.known) throw onnxProblem(`${what} depends on weights or on the input`);
  return Array.from(a.data());
}
