/** The number types of the safetensors format, and how each becomes float32 (huggingface/safetensors README, "Format"). */
import { bfloat16ToFloat32, float16ToFloat32 } from './half.ts';

export interface Dtype {
  /** Bytes of one element. */
  readonly bytes: number;
  /** Little-endian elements, aligned, to float32: nearest value; integers above 2^24 lose digits. */
  toFloat32(buffer: ArrayBuffer): Float32Array;
}

/** BOOL holds a byte per value, 0 or 1. */
export const dtypes: Readonly<Record<string, Dtype>> = {
  F64: { bytes: 8, toFloat32: b => Float32Array.from(new Float64Array(b)) },
  F32: { bytes: 4, toFloat32: b => new Float32Array(b) },
  F16: { bytes: 2, toFloat32: b => float16ToFloat32(new Uint16Array(b)) },
  BF16: { bytes: 2, toFloat32: b => bfloat16ToFloat32(new Uint16Array(b)) },
  I64: { bytes: 8, toFloat32: b => fromBigInts(new BigInt64Array(b)) },
  I32: { bytes: 4, toFloat32: b => Float32Array.from(new Int32Array(b)) },
  I16: { bytes: 2, toFloat32: b => Float32Array.from(new Int16Array(b)) },
  I8: { bytes: 1, toFloat32: b => Float32Array.from(new Int8Array(b)) },
  U64: { bytes: 8, toFloat32: b => fromBigInts(new BigUint64Array(b)) },
  U32: { bytes: 4, toFloat32: b => Float32Array.from(new Uint32Array(b)) },
  U16: { bytes: 2, toFloat32: b => Float32Array.from(new Uint16Array(b)) },
  U8: { bytes: 1, toFloat32: b => Float32Array.from(new Uint8Array(b)) },
  BOOL: { bytes: 1, toFloat32: b => Float32Array.from(new Uint8Array(b)) },
};

function fromBigInts(values: BigInt64Array | BigUint64Array): Float32Array {
  const out = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = Number(values[i]);
  return out;
}
