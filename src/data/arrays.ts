/** Data sets from NumPy arrays: the common end of .npy and .npz. */
import type { NpyArray } from '../workload/import/npy.ts';
import { badFile } from './bad-file.ts';
import type { IMAGE_OPTIONS } from './data-format.ts';
import type { ReaderOptions } from './data-options.ts';
import { checkIndex, type DataSet } from './data-set.ts';
import { type Labels, numbered } from './labels.ts';
import { maskOf } from './mask.ts';
import { pixelSet } from './pixel-set.ts';

export type ArrayOptions = Pick<ReaderOptions, 'classes' | (typeof IMAGE_OPTIONS)[number]>;

/** Inputs with their labels, and what messages call them. */
export interface ArrayPair {
  readonly x: NpyArray;
  readonly y: NpyArray;
  readonly xName: string;
  readonly yName: string;
  /** Of token ids, with their shape: 1 for a token and 0 for padding; segments. */
  readonly mask?: NpyArray | undefined;
  readonly types?: NpyArray | undefined;
}

/**
 * Items along the first axis of x: bytes [N, H, W], [N, H, W, 1 or 3] or [N, 1 or 3, H, W] are images, 32- and 64-bit
 * integers [N, T] are token ids, floats are tensors as the network takes them. y is [N] or [N, 1], integers.
 * @throws TrexError: other shapes or types, x and y of different lengths, NaN.
 */
export function arraySet(name: string, pair: ArrayPair, options: ArrayOptions): DataSet {
  const { x, y, xName, yName, mask, types } = pair;
  const [count = 0] = x.shape;
  if (x.shape.length < 2 || x.data.length === 0) {
    throw badFile(xName, `shape [${x.shape}]; expected items along the first of at least 2 axes`);
  }
  if (y.data.length !== count || y.shape[0] !== count) {
    throw badFile(yName, `shape [${y.shape}]; ${count} items in ${xName} need [${count}]`);
  }
  const labels = numbered(y.data, i => `${yName}#${i}`, options.classes);
  const isTokens = /^[iu][48]$/.test(x.dtype) && x.shape.length === 2;
  for (const [what, more] of Object.entries({ mask, types }))
    if (more !== undefined && (!isTokens || more.shape.join() !== x.shape.join()))
      throw badFile(
        xName,
        `${x.dtype} [${x.shape}] with ${what} [${more.shape}]: token ids alone have one, of their shape`,
      );
  if (x.dtype === 'u1') return images(name, xName, x, labels, options);
  if (x.data instanceof Float32Array || x.dtype === 'f8') return tensors(name, xName, x, labels);
  if (isTokens) return tokens(name, pair, labels);
  throw badFile(
    xName,
    `${x.dtype} [${x.shape}]; images are u1, tokens i4 or i8 [N, T], tensors f2, f4 or f8`,
  );
}

function images(
  name: string,
  xName: string,
  { shape, data }: NpyArray,
  labels: Labels,
  options: ArrayOptions,
): DataSet {
  const [count, ...rest] = shape;
  const layout = imageLayout(rest);
  if (layout === undefined) {
    throw badFile(xName, `bytes [${shape}]; images are [N, H, W], [N, H, W, 1 or 3] or [N, 1 or 3, H, W]`);
  }
  const stride = data.length / count;
  return pixelSet({ name, count, ...layout, data: data as Uint8Array, stride, offset: 0 }, labels, options);
}

/** Channels last is tried first, as [N, 3, W, 3] is then a strip of colour pixels. */
function imageLayout(rest: readonly number[]) {
  const colors = (n: number): n is 1 | 3 => n === 1 || n === 3;
  if (rest.length === 2) return { height: rest[0], width: rest[1], channels: 1 as const, planar: true };
  if (rest.length !== 3) return undefined;
  if (colors(rest[2])) return { height: rest[0], width: rest[1], channels: rest[2], planar: false };
  return colors(rest[0]) ? { height: rest[1], width: rest[2], channels: rest[0], planar: true } : undefined;
}

function tensors(
  name: string,
  xName: string,
  { shape, data }: NpyArray,
  { labels, classes }: Labels,
): DataSet {
  const [size, ...rest] = shape;
  const length = data.length / size;
  return {
    name,
    size,
    kind: 'tensor',
    classes,
    item: async index => {
      checkIndex(index, size);
      const input = Float32Array.from(data.subarray(index * length, (index + 1) * length));
      const bad = input.findIndex(value => !Number.isFinite(value));
      if (bad >= 0) throw badFile(`${xName}#${index}`, `element ${bad} is ${input[bad]}`);
      return { input, shape: rest, label: labels[index], name: `${name}#${index}` };
    },
  };
}

function tokens(name: string, pair: ArrayPair, { labels, classes }: Labels): DataSet {
  const { xName, mask, types } = pair;
  const { shape, data } = pair.x;
  const [size, length] = shape;
  return {
    name,
    size,
    kind: 'tokens',
    classes,
    item: async index => {
      checkIndex(index, size);
      const ids = data.subarray(index * length, (index + 1) * length);
      const bad = ids.findIndex(id => id < 0 || id > 0x7fffffff);
      if (bad >= 0) throw badFile(`${xName}#${index}`, `element ${bad} is ${ids[bad]}, no token id`);
      const row = (of: NpyArray): NpyArray['data'] => of.data.subarray(index * length, (index + 1) * length);
      return {
        input: Int32Array.from(ids),
        shape: [length],
        label: labels[index],
        name: `${name}#${index}`,
        ...(mask && { mask: maskOf(row(mask), `${xName}#${index}`) }),
        ...(types && { types: Int32Array.from(row(types)) }),
      };
    },
  };
}
