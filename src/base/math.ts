/**
 * Functions whose last bit is another one from engine to engine: V8 changed `**` between Node 22 and 24, sin and cos before
 * that, and every browser has its own. Here they are sums, products, quotients and roots, which IEEE 754 rounds in one way:
 * the double nearest to the true value, but for one in about 10^9. The linter refuses the others (scripts/no-host-math.grit);
 * Math.exp, Math.log and Math.tanh stay, for speed: test/base/math.test.ts holds them to the bit on every Node that CI runs.
 */
import { add, exactly, over, type TwoDoubles, times } from './two-doubles.ts';

const ONE = exactly(1);
const LN2: TwoDoubles = { high: Math.LN2, low: 2.3190468138462996e-17 };
const LN10: TwoDoubles = { high: Math.LN10, low: -2.1707562233822494e-16 };
const HALF_PI: TwoDoubles = { high: Math.PI / 2, low: 6.123233995736766e-17 };

const terms = (count: number, term: (n: number) => TwoDoubles): readonly TwoDoubles[] =>
  Array.from({ length: count }, (_, n) => term(n));

/** Each ends below 2^-106 of its sum. */
const ATANH = terms(24, n => over(exactly(2), exactly(2 * n + 1)));
const EXP = factorials(27);
const SIN = EXP.filter((_, n) => n % 2 === 1).map((term, n) => times(term, exactly(n % 2 === 0 ? 1 : -1)));
const COS = EXP.filter((_, n) => n % 2 === 0).map((term, n) => times(term, exactly(n % 2 === 0 ? 1 : -1)));

/** 1 / n! */
function factorials(count: number): readonly TwoDoubles[] {
  const out = [ONE];
  for (let n = 1; n < count; n++) out.push(over(out[n - 1], exactly(n)));
  return out;
}

const series = (terms: readonly TwoDoubles[], x: TwoDoubles): TwoDoubles =>
  terms.reduceRight((sum, term) => add(times(sum, x), term));

const scaled = ({ high, low }: TwoDoubles, by: number): TwoDoubles => ({ high: high * by, low: low * by });

/** log(x), x > 0: the exponent apart, and 2 atanh((m - 1) / (m + 1)) of a mantissa about 1. */
function logOf(x: TwoDoubles): TwoDoubles {
  let [exponent, m] = x.high < 2 ** -1000 ? [-100, scaled(x, 2 ** 100)] : [0, x];
  for (let step = 512; step >= 1; step /= 2) {
    if (m.high >= 2 ** step) [exponent, m] = [exponent + step, scaled(m, 2 ** -step)];
    if (m.high < 2 ** (1 - step)) [exponent, m] = [exponent - step, scaled(m, 2 ** step)];
  }
  if (m.high > Math.SQRT2) [exponent, m] = [exponent + 1, scaled(m, 0.5)];
  const t = over(add(m, exactly(-1)), add(m, ONE));
  return add(times(exactly(exponent), LN2), times(t, series(ATANH, times(t, t))));
}

/** e^x = 2^n e^rest for |x| <= 745. */
function expOf(x: TwoDoubles): { readonly rest: TwoDoubles; readonly n: number } {
  const n = Math.round(x.high / LN2.high);
  return { rest: series(EXP, add(x, times(exactly(-n), LN2))), n };
}

/** A power of whole numbers, as long as it is one that a double holds exactly. */
function wholePower(x: number, y: number): number | undefined {
  if (!(y >= 0 && y <= 53 && Number.isInteger(y))) return undefined;
  let product = 1;
  for (let n = 0; n < y; n++) product *= x;
  return Number.isSafeInteger(product) ? product : undefined;
}

/** x^y; NaN for x below 0, unless both are whole. */
export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (y === 1) return x;
  if (y === 2) return x * x;
  const whole = Number.isInteger(x) ? wholePower(x, y) : undefined;
  if (whole !== undefined) return whole;
  if (!(x >= 0) || Number.isNaN(y)) return Number.NaN;
  if (x === 0) return y > 0 ? 0 : Infinity;
  if (x === Infinity || Math.abs(y) === Infinity) return x > 1 === y > 0 ? Infinity : 0;
  if (y === 0.5) return Math.sqrt(x);
  const exponent = times(exactly(y), logOf(exactly(x)));
  if (exponent.high > 710 || Number.isNaN(exponent.high)) return x > 1 === y > 0 ? Infinity : 0;
  if (exponent.high < -746) return 0;
  const { rest, n } = expOf(exponent);
  const half = Math.trunc(n / 2);
  return rest.high * 2 ** half * 2 ** (n - half);
}

/** log(x) in another base; as Math.log at 0, below 0 and at infinity. */
const logarithm = (x: number, base: TwoDoubles): number =>
  x > 0 && x < Infinity ? over(logOf(exactly(x)), base).high : Math.log(x);

export const log10 = (x: number): number => logarithm(x, LN10);

export const log2 = (x: number): number => logarithm(x, LN2);

/** e^x - 1 without loss about 0, for x up to 700. */
export function expm1(x: number): number {
  if (Math.abs(x) < 2 ** -54) return x;
  if (x < -40) return -1;
  const { rest, n } = expOf(exactly(x));
  return add(scaled(rest, 2 ** n), exactly(-1)).high;
}

/** log(1 + x) without loss about 0. */
export function log1p(x: number): number {
  if (Math.abs(x) < 2 ** -54) return x;
  return x > -1 && x < Infinity ? logOf(add(ONE, exactly(x))).high : Math.log(1 + x);
}

/** Sine and cosine of an angle in radians, up to about 10^6: quarters of a turn apart, and their series on the rest. */
function quarters(x: number): { readonly quarter: number; readonly rest: TwoDoubles } {
  const n = Math.round(x / HALF_PI.high);
  return { quarter: ((n % 4) + 4) % 4, rest: add(exactly(x), times(exactly(-n), HALF_PI)) };
}

function ofQuarter(quarter: number, rest: TwoDoubles): number {
  const square = times(rest, rest);
  const value = quarter % 2 === 0 ? times(rest, series(SIN, square)) : series(COS, square);
  return quarter < 2 ? value.high : -value.high;
}

export function sin(x: number): number {
  const { quarter, rest } = quarters(x);
  return ofQuarter(quarter, rest);
}

export function cos(x: number): number {
  const { quarter, rest } = quarters(x);
  return ofQuarter((quarter + 1) % 4, rest);
}

/** A ratio of powers in decibels, and back. */
export const toDecibels = (ratio: number): number => 10 * log10(ratio);
export const fromDecibels = (dB: number): number => pow(10, dB / 10);
