/**
 * Sobol's sequence in Gray-code order (Antonov, Saleev, USSR Comput. Math. Math. Phys. 19, 1979) with the direction numbers
 * of S. Joe and F. Y. Kuo, SIAM J. Sci. Comput. 30, 2635 (2008), file new-joe-kuo-6.21201.
 */

/** Degree and coefficients of a primitive polynomial, and the first direction numbers; of dimensions 2, 3, ... */
const TABLE: readonly (readonly [degree: number, coefficients: number, first: readonly number[]])[] = [
  [1, 0, [1]],
  [2, 1, [1, 3]],
  [3, 1, [1, 3, 1]],
  [3, 2, [1, 1, 1]],
  [4, 1, [1, 1, 3, 3]],
  [4, 4, [1, 3, 5, 13]],
  [5, 2, [1, 1, 5, 5, 17]],
  [5, 4, [1, 1, 5, 5, 5]],
  [5, 7, [1, 1, 7, 11, 19]],
  [5, 11, [1, 1, 5, 1, 1]],
  [5, 13, [1, 1, 1, 3, 11]],
  [5, 14, [1, 3, 5, 5, 31]],
  [6, 1, [1, 3, 3, 9, 7, 49]],
  [6, 13, [1, 1, 1, 15, 21, 21]],
  [6, 16, [1, 3, 1, 13, 27, 49]],
  [6, 19, [1, 1, 1, 15, 7, 5]],
  [6, 22, [1, 3, 1, 15, 13, 25]],
  [6, 25, [1, 1, 5, 5, 19, 61]],
  [7, 1, [1, 3, 7, 11, 23, 15, 103]],
  [7, 4, [1, 3, 7, 13, 13, 15, 69]],
];

export const MOST_DIMENSIONS = TABLE.length + 1;
const BITS = 32;
const RANGE = 2 ** BITS;
/** Points of the sequence: of further ones the 32 bits are those of the first. */
export const MOST_INDICES = RANGE;

/** Direction numbers of each dimension that was asked for, as unsigned 32-bit integers. */
const known: Uint32Array[] = [];

function directions(dimension: number): Uint32Array {
  known[dimension] ??= newDirections(dimension);
  return known[dimension];
}

function newDirections(dimension: number): Uint32Array {
  const v = new Uint32Array(BITS);
  if (dimension === 0) {
    for (let i = 0; i < BITS; i++) v[i] = 1 << (BITS - 1 - i);
    return v;
  }
  const [degree, coefficients, first] = TABLE[dimension - 1];
  for (let i = 0; i < degree; i++) v[i] = first[i] << (BITS - 1 - i);
  for (let i = degree; i < BITS; i++) {
    v[i] = v[i - degree] ^ (v[i - degree] >>> degree);
    for (let k = 1; k < degree; k++) if ((coefficients >> (degree - 1 - k)) & 1) v[i] ^= v[i - k];
  }
  return v;
}

/** Coordinate `dimension` (from 0) of point `index` (from 0): at least 0, below 1. */
export function sobolCoordinate(index: number, dimension: number): number {
  const v = directions(dimension);
  let gray = index ^ (index >>> 1);
  let x = 0;
  for (let bit = 0; gray !== 0; bit++, gray >>>= 1) if (gray & 1) x ^= v[bit];
  return (x >>> 0) / RANGE;
}
