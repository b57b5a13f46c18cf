/** Values with counts as mean, percentiles and histogram. */
import { largest, smallest } from '../../base/extremes.ts';
import { type Counted, percentilesOf } from '../../report/percentiles.ts';
import type { Distribution, HistogramBin } from '../../report/profile-result.ts';

const BINS = 10;

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
