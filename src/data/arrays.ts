/** Data sets from NumPy arrays: x and y in one .npz, or x.npy beside y.npy. */
import { type NpyArray, parseNpy } from '../workload/import/npy.ts';
import { parseNpz } from '../workload/import/npz.ts';
import { badFile } from './bad-file.ts';
import { baseName, type DataFiles, folderOf, MAX_FILE_BYTES, needFile } from './data-files.ts';
import { checkIndex, type DataSet } from './data-set.ts';
import { type Labels, numbered } from './labels.ts';
import { pixelSet } from './pixel-set.ts';
import type { TransformOptions } from './transform.ts';

export interface ArrayOptions extends TransformOptions {
  readonly classes?: readonly string[];
  /** Path of the labels of a .npy file; default: y.npy beside x.npy. */
  readonly labels?: string;
  /** Which of x_test and x_train is taken from an archive that has no plain x; default test. */
  readonly split?: 'test' | 'train';
}

/**
 * Items along the first axis of x: bytes [N, H, W], [N, H, W, 1 or 3] or [N, 1 or 3, H, W] are images, 32- and 64-bit
 * integers [N, T] are token ids, floats are tensors as the network takes them. y is [N] or [N, 1], integers.
 * @throws TrexError: missing or damaged file, other shapes or types, x and y of different lengths, NaN.
 */
export async function arraySet(files: DataFiles, path: string, options: ArrayOptions = {}): Promise<DataSet> {
  const { x, y, xName, yName } = await readPair(files, path, options);
  const [count = 0] = x.shape;
  if (x.shape.length < 2 || x.data.length === 0) {
    throw badFile(xName, `shape [${x.shape}]; expected items along the first of at least 2 axes`);
  }
  if (y.data.length !== count || y.shape[0] !== count) {
    throw badFile(yName, `shape [${y.shape}]; ${count} items in ${xName} need [${count}]`);
  }
  const labels = numbered(y.data, i => `${yName}#${i}`, options.classes);
  const name = baseName(path);
  if (x.dtype === 'u1') return images(name, xName, x, labels, options);
  if (x.data instanceof Float32Array || x.dtype === 'f8') return tensors(name, xName, x, labels);
  if (/^[iu][48]$/.test(x.dtype) && x.shape.length === 2) return tokens(name, xName, x, labels);
  throw badFile(
    xName,
    `${x.dtype} [${x.shape}]; images are u1, tokens i4 or i8 [N, T], tensors f2, f4 or f8`,
  );
}

interface Pair {
  readonly x: NpyArray;
  readonly y: NpyArray;
  readonly xName: string;
  readonly yName: string;
}

async function readPair(
  files: DataFiles,
  path: string,
  { labels, split = 'test' }: ArrayOptions,
): Promise<Pair> {
  const bytes = await files.read(path, MAX_FILE_BYTES);
  if (/\.npy$/i.test(path)) {
    const yName = labels ?? (await labelsOf(files, path));
    const x = parseNpy(bytes, path);
    return { x, y: parseNpy(await files.read(yName, MAX_FILE_BYTES), yName), xName: path, yName };
  }
  const arrays = await parseNpz(bytes, path, { limitBytes: MAX_FILE_BYTES });
  const end = arrays.has('x') ? '' : `_${split}`;
  const [x, y] = [arrays.get(`x${end}`), arrays.get(`y${end}`)];
  if (x === undefined || y === undefined) {
    throw badFile(
      path,
      `expected the arrays x and y, or x_${split} and y_${split}; it has ${[...arrays.keys()].join(', ')}`,
    );
  }
  return { x, y, xName: `${path}: x${end}`, yName: `${path}: y${end}` };
}

function labelsOf(files: DataFiles, path: string): Promise<string> {
  const name = baseName(path).replace(/(^|[^a-z])x(?=[^a-z])/i, (_, before) => `${before}y`);
  if (name === baseName(path)) {
    throw badFile(path, 'its name has no x to find the labels as y; give their path');
  }
  return needFile(files, folderOf(path), [name]);
}

function images(
  name: string,
  xName: string,
  { shape, data }: NpyArray,
  labels: Labels,
  options: TransformOptions,
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

function tokens(
  name: string,
  xName: string,
  { shape, data }: NpyArray,
  { labels, classes }: Labels,
): DataSet {
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
      return { input: Int32Array.from(ids), shape: [length], label: labels[index], name: `${name}#${index}` };
    },
  };
}
