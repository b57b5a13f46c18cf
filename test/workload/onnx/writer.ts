/** Writes ONNX files byte by byte: protobuf messages as lists of fields (onnx/onnx, onnx.proto). */

export type Bytes = readonly number[];

const varint = (value: number): number[] => {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (;;) {
    const bits = Number(rest & 127n);
    rest >>= 7n;
    if (rest === 0n) return [...out, bits];
    out.push(bits | 128);
  }
};

export const whole = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)];
export const block = (field: number, bytes: ArrayLike<number>): number[] => [
  ...varint(field * 8 + 2),
  ...varint(bytes.length),
  ...Array.from(bytes),
];
export const text = (field: number, value: string): number[] => block(field, new TextEncoder().encode(value));
const float = (field: number, value: number): number[] => [
  ...varint(field * 8 + 5),
  ...new Uint8Array(Float32Array.of(value).buffer),
];

export const TYPES = { f32: 1, u8: 2, i8: 3, i32: 6, i64: 7, bool: 9, f16: 10, f64: 11, bf16: 16 } as const;
export type TypeName = keyof typeof TYPES;

const PACK: Partial<Record<TypeName, (values: readonly number[]) => ArrayBuffer>> = {
  f32: v => Float32Array.from(v).buffer,
  f64: v => Float64Array.from(v).buffer,
  i64: v => BigInt64Array.from(v, BigInt).buffer,
  i32: v => Int32Array.from(v).buffer,
  i8: v => Int8Array.from(v).buffer,
  u8: v => Uint8Array.from(v).buffer,
  bool: v => Uint8Array.from(v).buffer,
  bf16: v => Uint16Array.from(v, x => new Uint32Array(Float32Array.of(x).buffer)[0] >>> 16).buffer,
  f16: v => Uint16Array.from(v, halfBits).buffer,
};

/** Small numbers that float16 has. */
function halfBits(x: number): number {
  if (x === 0) return 0;
  const exponent = Math.floor(Math.log2(Math.abs(x)));
  const fraction = Math.round((Math.abs(x) / 2 ** exponent - 1) * 1024);
  return (x < 0 ? 0x8000 : 0) + ((exponent + 15) << 10) + fraction;
}

/** A TensorProto with raw data. */
export const tensor = (
  name: string,
  shape: readonly number[],
  values: readonly number[],
  type: TypeName = 'f32',
): number[] => [
  ...shape.flatMap(dim => whole(1, dim)),
  ...whole(2, TYPES[type]),
  ...text(8, name),
  ...block(9, new Uint8Array(PACK[type]!(values))),
];

/** One whose values lie in another file. */
export const external = (name: string, shape: readonly number[], location: string, offset = 0): number[] => [
  ...shape.flatMap(dim => whole(1, dim)),
  ...whole(2, TYPES.f32),
  ...text(8, name),
  ...block(13, [...text(1, 'location'), ...text(2, location)]),
  ...block(13, [...text(1, 'offset'), ...text(2, String(offset))]),
  ...whole(14, 1),
];

export type Attribute = number | string | readonly number[] | { readonly f: number };

/** Whole numbers, a text, a list of whole numbers, or a float as { f }. */
function attribute(name: string, value: Attribute): number[] {
  const own = text(1, name);
  if (typeof value === 'number') return [...own, ...whole(3, value), ...whole(20, 2)];
  if (typeof value === 'string') return [...own, ...text(4, value), ...whole(20, 3)];
  if ('f' in value) return [...own, ...float(2, value.f), ...whole(20, 1)];
  return [...own, ...value.flatMap(one => whole(8, one)), ...whole(20, 7)];
}

/** A NodeProto; `op` may have its domain in front, as com.microsoft:Attention. */
export function node(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): number[] {
  const [domain, type] = op.includes(':') ? op.split(':') : ['', op];
  return [
    ...inputs.flatMap(name => text(1, name)),
    ...outputs.flatMap(name => text(2, name)),
    ...text(3, outputs[0]),
    ...text(4, type),
    ...Object.entries(attributes).flatMap(([name, value]) => block(5, attribute(name, value))),
    ...(domain === '' ? [] : text(7, domain)),
  ];
}

/** A ValueInfoProto; a size by name is open. */
export const value = (
  name: string,
  shape: readonly (number | string)[],
  type: TypeName = 'f32',
): number[] => {
  const dims = shape.flatMap(dim => block(1, typeof dim === 'number' ? whole(1, dim) : text(2, dim)));
  return [...text(1, name), ...block(2, block(1, [...whole(1, TYPES[type]), ...block(2, dims)]))];
};

export interface GraphParts {
  readonly nodes: readonly Bytes[];
  readonly tensors?: readonly Bytes[];
  readonly inputs: readonly Bytes[];
  readonly outputs?: readonly string[];
  readonly opset?: number;
}

/** A whole file. */
export function model({ nodes, tensors = [], inputs, outputs = ['y'], opset = 17 }: GraphParts): Uint8Array {
  const graph = [
    ...nodes.flatMap(one => block(1, one)),
    ...text(2, 'test'),
    ...tensors.flatMap(one => block(5, one)),
    ...inputs.flatMap(one => block(11, one)),
    ...outputs.flatMap(name => block(12, value(name, []))),
  ];
  return Uint8Array.from([
    ...whole(1, 8),
    ...text(2, 'test'),
    ...block(7, graph),
    ...block(8, [...text(1, ''), ...whole(2, opset)]),
    ...block(8, [...text(1, 'com.microsoft'), ...whole(2, 1)]),
  ]);
}
