/** The largest and the smallest of any number of values: a spread into Math.max puts each on the stack, which ends at some 100 000. */

/** -Infinity for none; NaN where one is. */
export function largest(values: Iterable<number>): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) most = Math.max(most, value);
  return most;
}

/** Infinity for none; NaN where one is. */
export function smallest(values: Iterable<number>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const value of values) least = Math.min(least, value);
  return least;
}
