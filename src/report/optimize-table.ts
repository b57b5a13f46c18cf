/** What `trex optimize` prints for people, and the table of patterns as CSV. */
import { formatQuantity, MJ_MS_MM2, significant } from '../base/units.ts';
import { csv } from './csv.ts';
import type {
  OptimizeResult,
  OptimizeRow,
  PatternRow,
  PublishedAccuracy,
  RowAccuracy,
} from './optimize-result.ts';
import { table, WIDTH } from './table.ts';
import { wrap } from './text-width.ts';

/** Patterns that the table shows. */
const SHOWN = 12;

/** In `width` columns, without a line end. */
export function optimizeTable(result: OptimizeResult, width = WIDTH): string {
  const { row, baseline, patterns, model, arch, tech, method } = result;
  const title = `${model} on ${arch}, ${tech}: ${row.reuse.count} reuse encoders, ${method}`;
  return [
    ...wrap(title, width, 2),
    '',
    patternTable(patterns, row, width),
    '',
    rowTable(baseline, row, width),
    ...accuracyLines(row, baseline).flatMap(line => wrap(line, width, 2)),
  ].join('\n');
}

/** One line per pattern, the chosen one marked. */
function patternTable(patterns: readonly PatternRow[], row: OptimizeRow, width: number): string {
  const trained = patterns.some(p => p.loss !== null || p.failed !== null);
  const lines = patterns
    .slice(0, SHOWN)
    .map(p => [
      p.pattern === row.reuse.pattern ? '>' : '',
      p.pattern,
      p.encoders.join(' '),
      formatQuantity(p.latency_s, 's'),
      ...(trained ? [p.failed ?? significant(p.loss ?? Number.NaN, 4)] : []),
    ]);
  const header = ['', 'pattern', 'encoders', 'D', ...(trained ? ['loss'] : [])];
  const more = patterns.length - SHOWN;
  return table([header, ...lines], { width, keys: 2 }) + (more > 0 ? `\n   and ${more} more` : '');
}

/** As the columns of Table IV: E, D, A, EDAP (mJ ms mm2), TOPS/W, TOPS/mm2, with the factor to the network without reuse. */
function rowTable(baseline: OptimizeRow, row: OptimizeRow, width: number): string {
  const cells = (r: OptimizeRow): string[] => [
    ...[String(r.reuse.count), formatQuantity(r.energy_J, 'J'), formatQuantity(r.latency_s, 's')],
    ...[formatQuantity(r.area_m2, 'm2'), significant(r.edap_Jsm2 * MJ_MS_MM2, 5)],
    ...[significant(r.topsPerWatt, 4), significant(r.topsPerMm2, 3)],
  ];
  const factor = (a: number, b: number): string => `${significant(a / b, 3)}x`;
  const factors = [
    '',
    factor(baseline.energy_J, row.energy_J),
    factor(baseline.latency_s, row.latency_s),
    factor(baseline.area_m2, row.area_m2),
    factor(baseline.edap_Jsm2, row.edap_Jsm2),
    factor(row.topsPerWatt, baseline.topsPerWatt),
    factor(row.topsPerMm2, baseline.topsPerMm2),
  ];
  const header = ['', 'reuse', 'E', 'D', 'A', 'EDAP', 'TOPS/W', 'TOPS/mm2'];
  const lines = [['baseline', ...cells(baseline)]];
  if (row.reuse.count > 0) lines.push(['chosen', ...cells(row)], ['better by', ...factors]);
  return table([header, ...lines], {
    align: ['left', ...header.slice(1).map(() => 'right' as const)],
    width,
  });
}

/** What was measured, and what the paper prints: for this number of reuse encoders, or else for none. */
function accuracyLines({ accuracy }: OptimizeRow, baseline: OptimizeRow): string[] {
  const lines: string[] = [];
  if (accuracy !== null && accuracy.ideal !== null) {
    const { ideal, nonIdeal } = accuracy;
    lines.push(`${nameOf(accuracy)}  ideal ${share(accuracy, ideal)}${noisy(accuracy, nonIdeal)}`);
  }
  const printed = accuracy?.published ?? null;
  const ofNone = baseline.accuracy?.published ?? null;
  if (printed !== null) lines.push(publishedLine('published top-1', printed));
  else if (ofNone !== null) lines.push(publishedLine('published top-1 without reuse', ofNone));
  return lines.length === 0 ? [] : ['', ...lines];
}

function publishedLine(name: string, { ideal, nonIdeal, source }: PublishedAccuracy): string {
  const both = `ideal ${percent(ideal)}, non-ideal ${percent(nonIdeal)}`;
  return `${name}  ${both} (${source.replace('published: ', '')}; not measured here)`;
}

const percent = (value: number): string => `${significant(value * 100, 4)} %`;

const nameOf = ({ score }: RowAccuracy): string => (score === 'top1' ? 'top-1' : 'Matthews');

const share = ({ score }: RowAccuracy, value: number): string =>
  score === 'top1' ? percent(value) : value.toFixed(3);

function noisy(accuracy: RowAccuracy, spread: RowAccuracy['nonIdeal']): string {
  if (spread === null) return '';
  const half = spread.interval95 === null ? '' : ` +- ${share(accuracy, spread.interval95)}`;
  return `, non-ideal ${share(accuracy, spread.mean)}${half} (${spread.draws} draws)`;
}

/** A row per pattern, best first; encoders joined by spaces. */
export const patternsCsv = (patterns: readonly PatternRow[]): string =>
  csv([
    [
      'pattern',
      'kind',
      'encoders',
      'latency_s',
      'energy_J',
      'area_m2',
      'meets',
      'loss',
      'accuracy',
      'failed',
    ],
    ...patterns.map(p => [
      ...[p.pattern, p.kind, p.encoders.join(' '), p.latency_s, p.energy_J, p.area_m2, p.meets],
      ...[p.loss, p.accuracy, p.failed],
    ]),
  ]);
