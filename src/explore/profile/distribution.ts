/** Values with counts as mean, percentiles and histogram. */
import { largest, smallest } from '../../base/extremes.ts';
import { sum } from '../../base/sum.ts';
import type { Distribution, HistogramBin, Percentiles } from '../../report/profile-result.ts';

/** A value that `count` inputs have. */
export interface Counted {
  readonly value: number;
  readonly count: number;
}

const BINS = 10;

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

export function distributionOf(values: readonly Counted[]): Distribution {
  const all = values.map(({ value }) => value);
  const [min, max] = [smallest(all), largest(all)];
  return { ...percentilesOf(values), min, max, histogram: histogramOf(values, min, max) };
}

/** Ten bins of equal width; one where all values are equal. */
function histogramOf(values: readonly Counted[], min: number, max: number): HistogramBin[] {
  const bins = min === max ? 1 : BINS;
  const counts = Array.from({ length: bins }, () => 0);
  for (const { value, count } of values)
    counts[max === min ? 0 : Math.min(bins - 1, Math.floor(((value - min) / (max - min)) * bins))] += count;
  const edge = (i: number): number => (i === bins ? max : min + ((max - min) / bins) * i);
  return counts.map((count, i) => ({ from: edge(i), to: edge(i + 1), count }));
}
