/** TensorProto: what a constant is, and where its values lie (onnx/onnx, onnx.proto). */
import { ONNX_TYPES, type OnnxType } from '../../onnx/graph.ts';
import { onnxProblem } from '../../onnx/problem.ts';
import { bfloat16ToFloat32, float16ToFloat32 } from '../half.ts';
import { elementCount, shown } from '../tensor.ts';
import type { Far } from './skim.ts';
import { expectWire, fields, textOf, wholeOf, wholesOf } from './wire.ts';

/** Bytes of a file beside the model, or of the model's own. */
export interface External {
  /** Undefined: the model file itself. */
  readonly location: string | undefined;
  readonly offset: number;
  /** Absent: to its end. */
  readonly length: number | undefined;
}

/** A constant of the file; its values are read when somebody asks. */
export interface StoredTensor {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly number[];
  readonly size: number;
  /** Bytes of its values. */
  readonly need: number;
  readonly external: External | undefined;
  /** The values as they are, infinities too; `bytes` are its own of an external file. @throws OnnxProblem */
  read(bytes?: Uint8Array): Float32Array | Float64Array;
}

const BYTES: Readonly<Record<OnnxType, number>> = {
  f32: 4,
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  i32: 4,
  i64: 8,
  bool: 1,
  f16: 2,
  f64: 8,
  u32: 4,
  u64: 8,
  bf16: 2,
};

/** Values in a field for their type: floats, 32-bit codes, 64-bit ones, doubles. */
interface Typed {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly single: number | undefined;
}

/** @throws OnnxProblem for a type that is not known, an impossible shape, or fewer values than it has */
export function tensorProto(bytes: Uint8Array, called = '', far?: Far): StoredTensor {
  const dims: number[] = [];
  let code = 0;
  let name = called;
  let raw: Uint8Array | undefined;
  let isExternal = false;
  const entries = new Map<string, string>();
  const typed: Typed[] = [];
  for (const field of fields(bytes, 'TensorProto')) {
    if (field.number === 1) for (const dim of wholesOf(field, 'TensorProto.dims')) dims.push(dim);
    else if (field.number === 2) code = wholeOf(field, 'TensorProto.data_type');
    else if (field.number === 3) throw onnxProblem('a tensor in segments');
    else if ([4, 5, 7, 10, 11].includes(field.number)) {
      const single = field.wire === 0 ? field.value : undefined;
      typed.push({ number: field.number, bytes: field.bytes, single });
    } else if (field.number === 6) throw onnxProblem('a tensor of texts');
    else if (field.number === 8) name = called || textOf(field, 'TensorProto.name');
    else if (field.number === 9) {
      expectWire(field, 2, 'TensorProto.raw_data');
      raw = field.bytes;
    } else if (field.number === 13) {
      expectWire(field, 2, 'TensorProto.external_data');
      const entry = ['', ''];
      for (const part of fields(field.bytes, 'external_data'))
        if (part.number < 3) entry[part.number - 1] = textOf(part, 'external_data');
      entries.set(entry[0], entry[1]);
    } else if (field.number === 14) isExternal = wholeOf(field, 'TensorProto.data_location') === 1;
    if (dims.length > MOST_DIMS)
      throw onnxProblem(`tensor ${shown(name)} has more than ${MOST_DIMS} dimensions`);
  }
  const what = `tensor ${shown(name)}`;
  const type = Object.hasOwn(ONNX_TYPES, code) ? ONNX_TYPES[code as keyof typeof ONNX_TYPES] : undefined;
  if (type === undefined)
    throw onnxProblem(`${what} is of data type ${code}; known: ${Object.values(ONNX_TYPES).join(', ')}`);
  const size = elementCount(dims);
  if (size === undefined) throw onnxProblem(`${what} has an impossible shape [${dims.join(', ')}]`);
  const need = size * BYTES[type];
  if (far !== undefined && far.length !== need && !isExternal)
    throw onnxProblem(`${what}: ${far.length} bytes, but ${type} [${dims.join(', ')}] takes ${need}`);
  const own = far && { location: undefined, offset: far.offset, length: need };
  const external = isExternal ? externalOf(entries, need, what) : own;
  if (external === undefined && raw !== undefined && raw.length !== need)
    throw onnxProblem(`${what}: ${raw.length} bytes, but ${type} [${dims.join(', ')}] takes ${need}`);
  if (
    external === undefined &&
    raw === undefined &&
    size > typed.reduce((sum, t) => sum + Math.max(1, t.bytes.length), 0)
  )
    throw onnxProblem(`${what}: fewer values than its shape [${dims.join(', ')}] has`);
  return {
    name,
    type,
    shape: dims,
    size,
    need,
    external,
    read(more) {
      if (external !== undefined) return decoded(type, slice(more, external, need, what), size);
      return raw === undefined ? fromFields(typed, type, size, what) : decoded(type, raw, size);
    },
  };
}

const MOST_DIMS = 64;

function externalOf(entries: ReadonlyMap<string, string>, need: number, what: string): External {
  const location = entries.get('location');
  if (location === undefined || location === '')
    throw onnxProblem(`${what}: external data without a location`);
  const parts = location.split(/[\\/]/);
  if (/^([\\/]|[a-z]:)/i.test(location) || parts.includes('..') || location.includes('\0'))
    throw onnxProblem(
      `${what}: external data '${shown(location)}' must lie beside the model, not outside its folder`,
    );
  const whole = (key: string): number | undefined => {
    const text = entries.get(key);
    if (text === undefined) return undefined;
    if (!/^\d{1,15}$/.test(text))
      throw onnxProblem(`${what}: external data: ${key} '${shown(text)}' is no number of bytes`);
    return Number(text);
  };
  const length = whole('length');
  if (length !== undefined && length !== need)
    throw onnxProblem(`${what}: ${length} bytes of external data, but its shape takes ${need}`);
  return { location, offset: whole('offset') ?? 0, length };
}

function slice(
  bytes: Uint8Array | undefined,
  { offset, location }: External,
  need: number,
  what: string,
): Uint8Array {
  if (bytes === undefined)
    throw onnxProblem(`${what}: its external data '${shown(location ?? 'the file')}' is not there`);
  if (need > bytes.length)
    throw onnxProblem(
      `${what}: bytes ${offset} to ${offset + need} of '${shown(location ?? 'the file')}', of which there are ${bytes.length}: truncated?`,
    );
  return bytes;
}

/** Little-endian values, aligned by a copy. */
function decoded(type: OnnxType, bytes: Uint8Array, size: number): Float32Array | Float64Array {
  if (type === 'f32' && bytes.byteOffset % 4 === 0)
    return new Float32Array(bytes.buffer, bytes.byteOffset, size);
  const own = bytes.slice();
  const { buffer } = own;
  switch (type) {
    case 'f32':
      return new Float32Array(buffer);
    case 'f64':
      return new Float64Array(buffer);
    case 'f16':
      return float16ToFloat32(new Uint16Array(buffer));
    case 'bf16':
      return bfloat16ToFloat32(new Uint16Array(buffer));
    case 'i64':
      return Float64Array.from(new BigInt64Array(buffer), Number);
    case 'u64':
      return Float64Array.from(new BigUint64Array(buffer), Number);
    case 'i32':
      return Float64Array.from(new Int32Array(buffer));
    case 'u32':
      return Float64Array.from(new Uint32Array(buffer));
    case 'i16':
      return Float64Array.from(new Int16Array(buffer));
    case 'u16':
      return Float64Array.from(new Uint16Array(buffer));
    case 'i8':
      return Float64Array.from(new Int8Array(buffer));
    case 'u8':
    case 'bool':
      return Float64Array.from(own);
  }
}

/** From float_data, int32_data (half floats as their bits), int64_data, double_data, uint64_data. */
function fromFields(
  typed: readonly Typed[],
  type: OnnxType,
  size: number,
  what: string,
): Float32Array | Float64Array {
  const list: number[] = [];
  for (const { number, bytes, single } of typed) {
    if (single !== undefined) list.push(single);
    else if (number === 4 || number === 10) {
      const own = bytes.slice();
      if (own.length % (number === 4 ? 4 : 8) !== 0)
        throw onnxProblem(`${what}: ${own.length} bytes are no floats`);
      for (const value of number === 4 ? new Float32Array(own.buffer) : new Float64Array(own.buffer))
        list.push(value);
    } else for (const value of wholesOf({ number, wire: 2, value: 0, bytes }, what)) list.push(value);
  }
  if (list.length !== size) throw onnxProblem(`${what}: ${list.length} values, but its shape has ${size}`);
  if (type === 'f16') return float16ToFloat32(Uint16Array.from(list));
  if (type === 'bf16') return bfloat16ToFloat32(Uint16Array.from(list));
  return type === 'f32' ? Float32Array.from(list) : Float64Array.from(list);
}
