/** float32 to IEEE 754 binary16, to the nearest, ties to even. */
const words = new DataView(new ArrayBuffer(4));

export function halfBits(value) {
  words.setFloat32(0, value);
  const bits = words.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 127;
  if (exponent > 15) throw new Error(`${value} is too large for half a word`);
  if (exponent < -25) return sign;
  // The hidden bit stands in front of the fraction; below 2^-14 the numbers are subnormal.
  const whole = (bits & 0x7fffff) | 0x800000;
  const shift = exponent < -14 ? 13 + (-14 - exponent) : 13;
  const kept = whole >>> shift;
  const rest = whole & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  const rounded = kept + (rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0);
  const base = exponent < -14 ? 0 : (exponent + 14) << 10;
  if (base + rounded >= 0x7c00) throw new Error(`${value} is too large for half a word`);
  return sign | (base + rounded);
}
