/** Numbers as the sum of two doubles, about 106 bits: what `pow` is computed in. Dekker, Numer. Math. 18 (1971), 224. */

/** Its value is `high` + `low`, and `low` is less than a unit of the last place of `high`. */
export interface TwoDoubles {
  readonly high: number;
  readonly low: number;
}

/** 2^27 + 1 cuts a double into two halves whose products are exact. */
const SPLITTER = 2 ** 27 + 1;

export const exactly = (high: number): TwoDoubles => ({ high, low: 0 });

/** a + b without an error, if |a| >= |b|. */
function quickSum(a: number, b: number): TwoDoubles {
  const high = a + b;
  return { high, low: b - (high - a) };
}

export function add(a: TwoDoubles, b: TwoDoubles): TwoDoubles {
  const high = a.high + b.high;
  const other = high - a.high;
  const error = a.high - (high - other) + (b.high - other);
  return quickSum(high, error + a.low + b.low);
}

export function times(a: TwoDoubles, b: TwoDoubles): TwoDoubles {
  const product = a.high * b.high;
  const [ca, cb] = [SPLITTER * a.high, SPLITTER * b.high];
  const [ah, bh] = [ca - (ca - a.high), cb - (cb - b.high)];
  const [al, bl] = [a.high - ah, b.high - bh];
  const error = ah * bh - product + ah * bl + al * bh + al * bl;
  return quickSum(product, error + a.high * b.low + a.low * b.high);
}

export function over(a: TwoDoubles, b: TwoDoubles): TwoDoubles {
  const first = a.high / b.high;
  const rest = add(a, times(exactly(-first), b));
  const second = rest.high / b.high;
  const last = add(rest, times(exactly(-second), b)).high / b.high;
  return add(quickSum(first, second), exactly(last));
}
