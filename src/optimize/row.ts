/** Rows of the optimiser's table: one run of the chosen network, and of the network without reuse. */
import type { ArchConfig } from '../arch/config.ts';
import type { OptimizeRow, OptimizeTarget, RowAccuracy } from '../report/optimize-result.ts';
import type { Result } from '../report/result.ts';
import type { ModelConfig } from '../workload/model.ts';
import { publishedAccuracy } from './published.ts';

/** What was measured of a network; null without data. */
export type Measured = Omit<RowAccuracy, 'published'> | null;

/** The figures of one run; what is published goes by the network and the chip themselves. */
export function optimizeRow(
  of: { readonly model: ModelConfig; readonly arch: ArchConfig },
  { reuse, latency_s, energy_J, area_m2, edap_Jsm2, topsPerWatt, topsPerMm2 }: Result,
  target: OptimizeTarget | null,
  measured: Measured,
): OptimizeRow {
  const { count, encoders, pattern } = reuse;
  const figures = { latency_s, energy_J, area_m2, edap_Jsm2, topsPerWatt, topsPerMm2 };
  const published = publishedAccuracy(of, count);
  const accuracy =
    measured === null && published === null
      ? null
      : { ...(measured ?? { score: 'top1' as const, ideal: null, nonIdeal: null }), published };
  return { reuse: { count, encoders, pattern }, target, ...figures, accuracy };
}
