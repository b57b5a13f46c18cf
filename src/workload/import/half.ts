/** Half-precision numbers as float32, bit for bit: IEEE 754 binary16, and bfloat16 (the upper half of a float32). */

/** float32 of each of the 65536 binary16 patterns; made on first use. */
let table: Float32Array | undefined;

/** binary16 patterns to float32; exact, NaN stays NaN. */
export function float16ToFloat32(bits: Uint16Array): Float32Array {
  table ??= Float32Array.from({ length: 65536 }, (_, i) => decodeFloat16(i));
  const values = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) values[i] = table[bits[i]];
  return values;
}

/** bfloat16 patterns to float32; exact, NaN payloads kept. */
export function bfloat16ToFloat32(bits: Uint16Array): Float32Array {
  const words = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) words[i] = bits[i] << 16;
  return new Float32Array(words.buffer);
}

/** 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits; exponent 0 has no hidden one. */
function decodeFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
