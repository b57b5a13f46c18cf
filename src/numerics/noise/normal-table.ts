/** Normal numbers in fixed point: the sum of two entries of a table of 4096 normal quantiles, indexed by random bits. */
import seedrandom from 'seedrandom';

const ENTRIES = 4096;
/** Entries behind the end repeat the first ones, so that a window of up to 32 columns needs no wrap. */
export const WINDOW = 32;
/** Standard deviation of `Z_TABLE`'s sums: 2^9 units. */
export const Z_BITS = 9;
/** Seed of the order of the entries: of 1..400 the one with the least correlation between neighbours up to a window apart. */
const ORDER_SEED = 183;

/**
 * A table whose sums of two independent entries are normal with standard deviation `sigma` (integers, mean 0, range
 * +-5.2 sigma, kurtosis 3.00). [4096 + 32]. The entries stand in a fixed random order: neighbours are independent, so a
 * window of 16 or 32 entries is a strip of noise for neighbouring columns.
 */
export function normalTable(sigma: number): Int32Array {
  const table = new Int32Array(ENTRIES + WINDOW);
  const scale = sigma * UNIT_SCALE;
  for (let i = 0; i < ENTRIES; i++) table[i] = roundAway(scale * QUANTILES[ORDER[i]]);
  for (let i = 0; i < WINDOW; i++) table[ENTRIES + i] = table[i];
  return table;
}

/** The largest entry of a table, and so its largest magnitude. */
export function largestEntry(table: Int32Array): number {
  let largest = 0;
  for (const entry of table) largest = Math.max(largest, entry);
  return largest;
}

/** Rounds halves away from zero, so that the table stays symmetric and its mean exactly zero. */
const roundAway = (x: number): number => (x < 0 ? -Math.round(-x) : Math.round(x));

/** The normal quantile at probability p (Wichura 1988, algorithm AS 241, PPND16: relative error 1e-16). */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(A, r)) / polynomial(B, r);
  }
  const tail = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const near = tail <= 5;
  const r = tail - (near ? 1.6 : 5);
  const value = near ? polynomial(C, r) / polynomial(D, r) : polynomial(E, r) / polynomial(F, r);
  return q < 0 ? -value : value;
}

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((sum, c) => sum * x + c, 0);

// Coefficients of AS 241, constant term first.
const A = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const B = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852546,
];
const C = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
];
const D = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
];
const E = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
];
const F = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
];

/** Midpoint quantiles, exactly antisymmetric. */
const QUANTILES = Float64Array.from({ length: ENTRIES }, (_, i) =>
  i < ENTRIES / 2 ? normalQuantile((i + 0.5) / ENTRIES) : -normalQuantile((ENTRIES - 1 - i + 0.5) / ENTRIES),
);

/** Makes the variance of a sum of two entries 1: midpoints cut the tails. */
const UNIT_SCALE = 1 / Math.sqrt((2 * QUANTILES.reduce((sum, q) => sum + q * q, 0)) / ENTRIES);

/** A fixed permutation of the entries. */
function tableOrder(seed: number): Int32Array {
  const random = seedrandom.alea(`normal-table/${seed}`);
  const order = Int32Array.from({ length: ENTRIES }, (_, i) => i);
  for (let i = ENTRIES - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
const ORDER = tableOrder(ORDER_SEED);

/** Sums of two entries are standard normal times 2^9. */
export const Z_TABLE = normalTable(2 ** Z_BITS);
