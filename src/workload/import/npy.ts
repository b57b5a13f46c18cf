/** Reads .npy arrays, versions 1 to 3 (NumPy Enhancement Proposal 1; numpy.lib.format). */
import { plainBytes } from '../../base/bytes.ts';
import { float16ToFloat32 } from './half.ts';
import { elementCount, finite, invalidFile, shapeText, type Tensor } from './tensor.ts';

/** NumPy's own bound on a header that it trusts. */
const MAX_HEADER_BYTES = 10_000;
const MAX_RANK = 32;

/** The elements of an array by their type. */
export type NpyData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

type NpyDtype = keyof typeof readers;

/** A NumPy array. */
export interface NpyArray {
  /** Kind and bytes, as in the file but for the byte order: `f4`, `u1`, `b1`. */
  readonly dtype: NpyDtype;
  readonly shape: readonly number[];
  /** C order, whatever the file has. f2 comes as float32; i8 and u8 as exact float64; b1 as bytes 0 and 1. */
  readonly data: NpyData;
}

/** From aligned little-endian bytes. */
const readers = {
  f2: (b: ArrayBuffer): NpyData => float16ToFloat32(new Uint16Array(b)),
  f4: (b: ArrayBuffer): NpyData => new Float32Array(b),
  f8: (b: ArrayBuffer): NpyData => new Float64Array(b),
  i1: (b: ArrayBuffer): NpyData => new Int8Array(b),
  i2: (b: ArrayBuffer): NpyData => new Int16Array(b),
  i4: (b: ArrayBuffer): NpyData => new Int32Array(b),
  i8: (b: ArrayBuffer): NpyData => exactNumbers(new BigInt64Array(b)),
  u1: (b: ArrayBuffer): NpyData => new Uint8Array(b),
  u2: (b: ArrayBuffer): NpyData => new Uint16Array(b),
  u4: (b: ArrayBuffer): NpyData => new Uint32Array(b),
  u8: (b: ArrayBuffer): NpyData => exactNumbers(new BigUint64Array(b)),
  b1: (b: ArrayBuffer): NpyData => new Uint8Array(b),
};

interface Header {
  readonly order: string;
  readonly dtype: NpyDtype;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly start: number;
}

/**
 * The array of a file in memory. `file` stands in front of every message.
 * @throws TrexError (invalid file): not .npy, a type that is no plain number, 64-bit integers beyond 2^53, or another
 * size than the header says.
 */
export function parseNpy(source: Uint8Array, file = 'npy'): NpyArray {
  const bytes = plainBytes(source);
  const { order, dtype, fortran, shape, start } = readHeader(bytes, file);
  const width = Number(dtype[1]);
  const size = elementCount(shape);
  if (size === undefined) throw invalidFile(`${file}: impossible shape ${shapeText(shape)}`);
  const expected = size * width;
  if (bytes.length - start !== expected)
    throw invalidFile(
      `${file}: ${bytes.length - start} bytes of data, but ${dtype} ${shapeText(shape)} takes ${expected}`,
    );
  const raw = bytes.slice(start);
  if (order === '>') swapBytes(raw, width);
  let data: NpyData;
  try {
    data = readers[dtype](raw.buffer as ArrayBuffer);
  } catch (error) {
    throw invalidFile(`${file}: ${(error as Error).message}`);
  }
  return { dtype, shape, data: fortran ? toRowMajor(data, shape) : data };
}

/** The array as a tensor of weights. */
export function npyTensor(name: string, { dtype, shape, data }: NpyArray, file: string): Tensor {
  const stored = dtype === 'i1' ? 'I8' : `${dtype[0].toUpperCase()}${8 * Number(dtype[1])}`;
  const part = (from = 0, to = data.length) =>
    finite(Float32Array.from(data.subarray(from, to)), file, name, from);
  return { name, dtype: stored, shape, size: data.length, data: part };
}

function readHeader(bytes: Uint8Array, file: string): Header {
  const bad = (what: string) => invalidFile(`${file}: not a .npy file that can be read: ${what}`);
  const magic = [0x93, ...'NUMPY'].map(c => (typeof c === 'string' ? c.charCodeAt(0) : c));
  if (bytes.length < 10 || magic.some((m, i) => bytes[i] !== m)) throw bad('it does not begin \\x93NUMPY');
  const version = bytes[6];
  if (version < 1 || version > 3) throw bad(`format version ${version}; known: 1, 2, 3`);
  const lengthBytes = version === 1 ? 2 : 4;
  if (bytes.length < 8 + lengthBytes) throw bad('it is truncated');
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = 8 + lengthBytes + length;
  if (length > MAX_HEADER_BYTES) throw bad(`a header of ${length} bytes, more than ${MAX_HEADER_BYTES}`);
  if (start > bytes.length) throw bad('it is truncated');
  const text = new TextDecoder('latin1').decode(bytes.subarray(8 + lengthBytes, start));

  const [, descr] = /['"]descr['"]\s*:\s*(\[|'[^']*'|"[^"]*")/.exec(text) ?? [];
  const [, fortran] = /['"]fortran_order['"]\s*:\s*(True|False)\b/.exec(text) ?? [];
  const [, dims] = /['"]shape['"]\s*:\s*\(([\d,\sL]*)\)/.exec(text) ?? [];
  if (!/^\s*\{.*\}\s*$/s.test(text) || descr === undefined || fortran === undefined || dims === undefined)
    throw bad('its header is not {descr, fortran_order, shape}');
  if (descr === '[') throw bad('structured arrays are not supported');
  const [, order, dtype] = /^([<>|=]?)([a-z]\d+)$/.exec(descr.slice(1, -1)) ?? [];
  if (dtype === undefined || !Object.hasOwn(readers, dtype) || (order === '|' && dtype[1] !== '1'))
    throw bad(`numbers of type ${descr}; known: ${Object.keys(readers).join(', ')}`);
  const shape = dims.split(',').flatMap(d => (d.trim() === '' ? [] : [Number(d.replace('L', ''))]));
  if (shape.length > MAX_RANK) throw bad(`${shape.length} dimensions, more than ${MAX_RANK}`);
  return { order, dtype: dtype as NpyDtype, fortran: fortran === 'True', shape, start };
}

function swapBytes(bytes: Uint8Array, width: number): void {
  for (let i = 0; i < bytes.length; i += width) bytes.subarray(i, i + width).reverse();
}

/** From first index fastest to last index fastest. */
function toRowMajor(data: NpyData, shape: readonly number[]): NpyData {
  const result = data.slice();
  const index = shape.map(() => 0);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1));
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    result[to] = data[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}

/** @throws Error for an integer that float64 does not hold. */
function exactNumbers(values: BigInt64Array | BigUint64Array): Float64Array {
  const out = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    out[i] = Number(values[i]);
    if (!Number.isSafeInteger(out[i])) throw new Error(`element ${i} is ${values[i]}, beyond 2^53`);
  }
  return out;
}
