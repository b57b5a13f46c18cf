/** A network of ONNX nodes as data: what an .onnx file says, without the values of its weights (onnx/onnx, onnx.proto and Operators.md). */

/** Types of tensors, by their numbers in TensorProto.DataType. */
export const ONNX_TYPES = {
  1: 'f32',
  2: 'u8',
  3: 'i8',
  4: 'u16',
  5: 'i16',
  6: 'i32',
  7: 'i64',
  9: 'bool',
  10: 'f16',
  11: 'f64',
  12: 'u32',
  13: 'u64',
  16: 'bf16',
} as const satisfies Record<number, string>;

export type OnnxType = (typeof ONNX_TYPES)[keyof typeof ONNX_TYPES];

/** Infinities and NaN have no JSON. */
export type OnnxNumber = number | 'inf' | '-inf' | 'nan';

/** A constant: an initialiser, or what a Constant node gives. */
export interface OnnxTensor {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly number[];
  /** Of a small one: shapes, axes, factors. */
  readonly values?: readonly OnnxNumber[] | undefined;
}

/** A number, a text, a list of them, or a small tensor. */
export type OnnxAttribute = number | string | readonly OnnxNumber[] | readonly string[];

export interface OnnxNode {
  /** Of another domain than ONNX's own: `com.microsoft:Attention`. */
  readonly op: string;
  readonly name?: string | undefined;
  /** An empty name: an operand that is left out. */
  readonly in: readonly string[];
  readonly out: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>> | undefined;
}

/** Sizes by number, by name, or not known. */
export interface OnnxInput {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly (number | string)[];
}

export interface OnnxGraph {
  /** Version of ONNX's own operators. */
  readonly opset: number;
  readonly inputs: readonly OnnxInput[];
  readonly outputs: readonly string[];
  readonly tensors: readonly OnnxTensor[];
  readonly nodes: readonly OnnxNode[];
}

/** Integers and truth values. */
export const isWholeType = (type: OnnxType): boolean => !['f32', 'f16', 'f64', 'bf16'].includes(type);

/** A number as it is stored among small values. */
export function toNumber(value: OnnxNumber): number {
  if (value === 'inf') return Number.POSITIVE_INFINITY;
  if (value === '-inf') return Number.NEGATIVE_INFINITY;
  return value === 'nan' ? Number.NaN : value;
}

/** The other way. */
export function ofNumber(value: number): OnnxNumber {
  if (Number.isNaN(value)) return 'nan';
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  return value === Number.NEGATIVE_INFINITY ? '-inf' : value;
}
