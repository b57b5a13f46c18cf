/** Mean and 95 % confidence interval of a few draws: Student's t distribution (Abramowitz and Stegun, 26.5 and 26.7). */
import { log1p } from '../base/math.ts';
import { mean, sum } from '../base/sum.ts';

/** Of a two-sided interval of 95 %. */
const QUANTILE = 0.975;
/** Lanczos coefficients of ln Gamma, g = 7, nine terms: 15 digits. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Mean of some values and how well it is known, in their unit. */
export interface Spread {
  readonly mean: number;
  /** Half width of the 95 % interval of the mean; null for fewer than two values. */
  readonly interval95: number | null;
}

/** @throws Error for no values. */
export function spread(values: readonly number[]): Spread {
  const n = values.length;
  if (n === 0) throw new Error('a spread needs a value');
  const centre = mean(values);
  if (n === 1) return { mean: centre, interval95: null };
  const variance = sum(values, v => (v - centre) ** 2) / (n - 1);
  return { mean: centre, interval95: studentT(n - 1) * Math.sqrt(variance / n) };
}

/** The z that 97.5 % of the normal distribution lie below. */
const Z = 1.959963984540054;

/** A share of some trials, and between which shares it lies with 95 %. */
export interface ShareInterval {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/**
 * A share of independent trials with Wilson's 95 % interval (Wilson 1927), which holds for few trials and near 0 and 1.
 * @throws Error for no trials.
 */
export function wilson95(hits: number, trials: number): ShareInterval {
  if (trials < 1) throw new Error('a share needs a trial');
  const share = hits / trials;
  const z2 = Z * Z;
  const centre = (hits + z2 / 2) / (trials + z2);
  const half = (Z / (trials + z2)) * Math.sqrt((hits * (trials - hits)) / trials + z2 / 4);
  // Where all or none hit, an end is the share itself, but for its last digit.
  return {
    share,
    low: Math.max(0, Math.min(share, centre - half)),
    high: Math.min(1, Math.max(share, centre + half)),
  };
}

/** The t that 97.5 % of Student's distribution with `freedom` degrees lie below. */
export function studentT(freedom: number): number {
  // With x = f / (f + t^2), the part above t is I_x(f/2, 1/2) / 2; it falls as t grows.
  const above = (t: number): number => incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  let [low, high] = [0, 16];
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (above(middle) > 1 - QUANTILE) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** I_x(a, b), by the continued fraction on the side where it converges fast. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  const front = Math.exp(lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * log1p(-x));
  if (x > (a + 1) / (a + b + 2)) return 1 - (front * fraction(1 - x, b, a)) / b;
  return (front * fraction(x, a, b)) / a;
}

/** Lentz's method. */
function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < 300; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return h;
}

function lnGamma(z: number): number {
  let sum = LANCZOS[0];
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i] / (z - 1 + i);
  const t = z + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (z - 0.5) * Math.log(t) - t + Math.log(sum);
}
