/** The result of an accuracy run, as JSON keeps it, as a table for people, as CSV, and as the figure of a sweep. */
import { significant } from '../base/units.ts';
import type { AccuracyResult, Scores, SpreadRow } from './accuracy-result.ts';
import { type Cell, csv } from './csv.ts';
import { type ChartPoint, lineChart } from './svg-chart.ts';
import { table, WIDTH } from './table.ts';
import { wrap } from './text-width.ts';

/** Layers that the table shows. */
const WORST = 8;

/** In `width` columns, without a line end. */
export function accuracyTable(result: AccuracyResult, width = WIDTH): string {
  const { data, points, sweep, float32, int8 } = result;
  const [{ draws }] = points;
  const title = `${result.model} on ${data.name}: ${data.images} inputs of ${data.size}, ${data.classes} classes; ${result.tech}, ${draws.length} ${draws.length === 1 ? 'draw' : 'draws'}`;
  const columns = (['top1', 'top5', 'matthews', 'loss'] as const).filter(key => float32[key] !== null);
  const names = { top1: 'top-1', top5: 'top-5', matthews: 'Matthews', loss: 'loss' };
  const exact = (name: string, scores: Scores): string[] => [
    name,
    ...columns.map(key => spreadText({ mean: scores[key]!, interval95: null }, key)),
  ];
  const rows = [
    ['', ...columns.map(key => names[key])],
    exact('float32', float32),
    exact('int8', int8),
    ...points.map(point => [
      point.value === null ? 'analog' : `${sweep?.parameter} ${point.value}`,
      ...columns.map(key => spreadText(point[key]!, key)),
    ]),
  ];
  const assumed = table([['assumed', result.assumed]], { width });
  return [...wrap(title, width, 2), assumed, table(rows, { width }), ...layersText(result, width)].join('\n');
}

/** A row per network: the exact ones once, then each draw of each point. */
export function accuracyCsv({ sweep, float32, int8, points, data }: AccuracyResult): string {
  const row = (value: number | null, precision: string, draw: number | null, s: Scores): Cell[] => [
    ...[value === null ? null : (sweep?.parameter ?? null), value, precision, draw, data.images],
    ...[s.top1, s.top5, s.loss, s.matthews],
  ];
  const header = ['parameter', 'value', 'precision', 'draw', 'images', 'top1', 'top5', 'loss', 'matthews'];
  return csv([
    header,
    row(null, 'float32', null, float32),
    row(null, 'int8', null, int8),
    ...points.flatMap(({ value, draws }) => draws.map((scores, draw) => row(value, 'analog', draw, scores))),
  ]);
}

/** A row per matmul of the network. */
export const layerSnrCsv = ({ layers }: AccuracyResult): string =>
  csv([
    ['op', 'stage', 'snr_dB', 'top1_lost', 'top1_lost_interval95', 'loss_gained', 'loss_gained_interval95'],
    ...layers.map(({ op, stage, snr_dB, alone }): Cell[] => [
      ...[op, stage, snr_dB],
      ...[alone?.top1Lost.mean ?? null, alone?.top1Lost.interval95 ?? null],
      ...[alone?.lossGained.mean ?? null, alone?.lossGained.interval95 ?? null],
    ]),
  ]);

/** Top-1 against the swept parameter, with the exact networks as lines. */
export function accuracyFigure({ model, tech, data, sweep, points, float32, int8 }: AccuracyResult): string {
  const shown = points.map(({ value, top1 }): ChartPoint => {
    const half = top1.interval95 ?? 0;
    const [low, high] = [Math.max(0, top1.mean - half), Math.min(1, top1.mean + half)];
    return { x: value ?? 0, y: 100 * top1.mean, low: 100 * low, high: 100 * high };
  });
  const { length } = points[0].draws;
  return lineChart({
    title: `${model} on ${data.name}, ${data.images} inputs`,
    xLabel: sweep?.label ?? '',
    yLabel: 'Top-1 accuracy (%)',
    series: [{ name: length > 1 ? `${tech}, mean of ${length} draws, 95 %` : tech, points: shown }],
    lines: [
      { name: 'float32', y: 100 * float32.top1 },
      { name: 'int8', y: 100 * int8.top1 },
    ],
  });
}

export function spreadText({ mean, interval95 }: SpreadRow, key: keyof Scores): string {
  if (key === 'loss' || key === 'matthews') {
    const text = mean.toFixed(3);
    return interval95 === null ? text : `${text} +- ${interval95.toFixed(3)}`;
  }
  const text = `${(100 * mean).toFixed(2)} %`;
  return interval95 === null ? text : `${text} +- ${(100 * interval95).toFixed(2)}`;
}

/** The ops that hurt most: by what their noise alone costs, or by their signal to noise. */
function layersText({ layers, points, layerPoint, sweep }: AccuracyResult, width: number): string[] {
  const noisy = layers.filter(l => l.snr_dB !== null || l.alone !== null);
  if (layers.length === 0) return [];
  if (noisy.length === 0) return ['no layer has noise: crossbars and integers agree'];
  const { value } = points[layerPoint];
  const at = value === null ? '' : ` (${sweep?.parameter} ${value})`;
  const measured = noisy.filter(l => l.alone !== null);
  const bySnr = [...noisy].sort((a, b) => (a.snr_dB ?? Infinity) - (b.snr_dB ?? Infinity));
  const byLoss = [...measured].sort((a, b) => b.alone!.lossGained.mean - a.alone!.lossGained.mean);
  const shown = (measured.length > 0 ? byLoss : bySnr).slice(0, WORST);
  const rows = shown.map(({ op, snr_dB, alone }) => [
    op,
    snr_dB === null ? '-' : `${significant(snr_dB, 3)} dB`,
    ...(alone === null ? [] : [spreadText(alone.lossGained, 'loss'), spreadText(alone.top1Lost, 'top1')]),
  ]);
  const head = ['layer', 'SNR', ...(measured.length > 0 ? ['loss gained alone', 'top-1 lost alone'] : [])];
  const what = measured.length > 0 ? 'Layers whose noise alone hurts most' : 'Layers with the most noise';
  return ['', `${what}${at}:`, table([head, ...rows], { width })];
}
