/** Accuracies that TReX prints (arXiv 2408.12742, Table IV): DeiT-S on ImageNet-1k, ideal and with the noise of FeFET crossbars. */
import type { PublishedAccuracy } from '../report/optimize-result.ts';

interface PublishedPoint {
  readonly model: string;
  /** Reuse encoders; not printed, but the only number that gives the row's delay. */
  readonly reuse: number;
  /** Top-1 as a share; printed in per cent with one digit. */
  readonly ideal: number;
  readonly nonIdeal: number;
  readonly row: string;
}

const TABLE_IV: readonly PublishedPoint[] = [
  { model: 'deit-s', reuse: 0, ideal: 0.796, nonIdeal: 0.792, row: 'DeiT-S' },
  { model: 'deit-s', reuse: 3, ideal: 0.793, nonIdeal: 0.79, row: 'TReX-D-9' },
  { model: 'deit-s', reuse: 5, ideal: 0.784, nonIdeal: 0.781, row: 'TReX-D-7' },
  { model: 'deit-s', reuse: 7, ideal: 0.777, nonIdeal: 0.773, row: 'TReX-D-6' },
  { model: 'deit-s', reuse: 9, ideal: 0.75, nonIdeal: 0.745, row: 'TReX-D-4' },
];

/** What the paper prints for a network of `trex list models` with so many reuse encoders; null if it prints nothing. */
export function publishedAccuracy(model: string, reuse: number): PublishedAccuracy | null {
  const point = TABLE_IV.find(p => p.model === model && p.reuse === reuse);
  if (point === undefined) return null;
  const { ideal, nonIdeal, row } = point;
  return { ideal, nonIdeal, source: `published: arXiv 2408.12742, Table IV, ${row}` };
}
