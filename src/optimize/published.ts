/**
 * Accuracies that TReX prints (arXiv 2408.12742) for ImageNet-1k, ideal and with the noise of FeFET crossbars: Table IV
 * for DeiT-S; of LV-ViT-S the ideal one without reuse only, as its rows with reuse were not at hand.
 */
import type { PublishedAccuracy } from '../report/optimize-result.ts';

interface PublishedPoint {
  readonly model: string;
  /** Reuse encoders; not printed, but the only number that gives the row's delay. */
  readonly reuse: number;
  /** Top-1 as a share; printed in per cent with one digit. */
  readonly ideal: number;
  readonly nonIdeal: number | null;
  readonly row: string;
}

const PRINTED: readonly PublishedPoint[] = [
  { model: 'deit-s', reuse: 0, ideal: 0.796, nonIdeal: 0.792, row: 'Table IV, DeiT-S' },
  { model: 'deit-s', reuse: 3, ideal: 0.793, nonIdeal: 0.79, row: 'Table IV, TReX-D-9' },
  { model: 'deit-s', reuse: 5, ideal: 0.784, nonIdeal: 0.781, row: 'Table IV, TReX-D-7' },
  { model: 'deit-s', reuse: 7, ideal: 0.777, nonIdeal: 0.773, row: 'Table IV, TReX-D-6' },
  { model: 'deit-s', reuse: 9, ideal: 0.75, nonIdeal: 0.745, row: 'Table IV, TReX-D-4' },
  { model: 'lv-vit-s', reuse: 0, ideal: 0.833, nonIdeal: null, row: 'LV-ViT-S' },
];

/** What the paper prints for a network of `trex list models` with so many reuse encoders; null if it prints nothing. */
export function publishedAccuracy(model: string, reuse: number): PublishedAccuracy | null {
  const point = PRINTED.find(p => p.model === model && p.reuse === reuse);
  if (point === undefined) return null;
  const { ideal, nonIdeal, row } = point;
  return { ideal, nonIdeal, source: `published: arXiv 2408.12742, ${row}` };
}
