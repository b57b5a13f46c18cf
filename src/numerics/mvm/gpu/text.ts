/** Pieces of kernel text that compute in float32 what the reference computes with integers: no bit operators, no divisions. */

/** floor(expression / 2^bits): a product with a power of two is exact on every device, a quotient need not be. */
export const floorShift = (expression: string, bits: number): string =>
  `Math.floor((${expression}) * ${literal(2 ** -bits)})`;

/** A number as text that no compiler takes for an integer expression. */
export const literal = (value: number): string => {
  const text = Number.isInteger(value) ? value.toFixed(1) : value.toPrecision(17);
  return value < 0 ? `(${text})` : text;
};

/** Statements that hash `counter` with the seven keys from `keys[first]` on: leaves the 12-bit halves in `left`, `right`. */
export const hashText = (counter: string, keys: string, first: string): string => `
  left = ${floorShift(counter, 12)};
  right = ${counter} - left * 4096.0;
  for (let round = 0; round < 7; round++) {
    let t = left + ${keys}[${first} + round];
    t = t - ${floorShift('t', 12)} * 4096.0;
    let s = right + ${floorShift('t * (t + 1.0)', 6)};
    s = s - ${floorShift('s', 12)} * 4096.0;
    right = left;
    left = s;
  }`;

/** floor((sigma z + 2^(shift - 1)) / 2^shift). */
export const scaledText = (sigma: string, z: string, shift: number): string =>
  floorShift(`${sigma} * ${z} + ${literal(2 ** (shift - 1))}`, shift);
