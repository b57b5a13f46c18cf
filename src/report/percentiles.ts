/** Mean and percentiles of values with counts. */
import { sum } from '../base/sum.ts';

/** Of a value over inputs. Percentiles are the nearest rank: the least value that so many of the inputs do not exceed. */
export interface Percentiles {
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** A value that `count` inputs have. */
export interface Counted {
  readonly value: number;
  readonly count: number;
}

/** The least of the values that at least the share `percent` / 100 of all does not exceed (nearest rank). Values must rise. */
function percentile(sorted: readonly Counted[], percent: number): number {
  const total = sum(sorted, ({ count }) => count);
  let seen = 0;
  for (const { value, count } of sorted) {
    seen += count;
    // In whole numbers: a share such as 0.95 is none in binary.
    if (seen * 100 >= percent * total) return value;
  }
  return Number.NaN;
}

export function percentilesOf(values: readonly Counted[]): Percentiles {
  const sorted = values.toSorted((a, b) => a.value - b.value);
  const [first] = sorted;
  const total = sum(values, ({ count }) => count);
  // About the least, so that the mean of equal values is that value.
  const mean = first.value + sum(sorted, ({ value, count }) => (value - first.value) * count) / total;
  const at = (percent: number): number => percentile(sorted, percent);
  return { mean, p50: at(50), p95: at(95), p99: at(99) };
}
