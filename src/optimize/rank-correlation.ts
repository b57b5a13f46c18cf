/** Spearman's rank correlation, with mean ranks for equal values. */

/** -1 .. 1; NaN for fewer than two pairs or where one side does not vary. @throws RangeError for unequal lengths. */
export function spearman(x: readonly number[], y: readonly number[]): number {
  if (x.length !== y.length) throw new RangeError(`${x.length} values against ${y.length}`);
  const [a, b] = [ranks(x), ranks(y)];
  const mean = (x.length + 1) / 2;
  let [cross, xx, yy] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    cross += (a[i] - mean) * (b[i] - mean);
    xx += (a[i] - mean) ** 2;
    yy += (b[i] - mean) ** 2;
  }
  return cross / Math.sqrt(xx * yy);
}

/** 1 for the smallest; equal values share the mean of their places. */
function ranks(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return values.map(v => (sorted.indexOf(v) + sorted.lastIndexOf(v)) / 2 + 1);
}
