/** A comparison as text for people (figures side by side, then why they differ) and as CSV, a row per subject. */

import { formatQuantity, MJ_MS_MM2, significant } from '../base/units.ts';
import { spreadText } from './accuracy-table.ts';
import type { Attribution, ComparedFigures, Comparison, Difference, DifferenceRow } from './comparison.ts';
import { type Cell, csv } from './csv.ts';
import { formatSpan } from './summary.ts';
import { table, WIDTH } from './table.ts';
import { wrap } from './text-width.ts';

const DIGITS = 4;
/** Components that the text names; the rest is one figure. */
const NAMED = 4;
/** Differing values that the text lists. */
const LISTED = 10;
const LONGEST_VALUE = 40;
/** Net difference over the sum of all, below which parts have no share. */
const LEAST_NET = 0.05;
const number = (value: number): string => significant(value, DIGITS);

/** How a figure is called, how it is shown, and what stands where there is none. */
type Column = readonly [keyof ComparedFigures, string, (value: number) => string, string?];

/** The columns in the order of the table. */
const FIGURES: readonly Column[] = [
  ['latency_s', 'latency', v => formatQuantity(v, 's', DIGITS)],
  ['throughput_Hz', 'throughput', number],
  ['energy_J', 'energy', v => formatQuantity(v, 'J', DIGITS)],
  ['area_m2', 'area', v => formatQuantity(v, 'm2', DIGITS)],
  ['edp_Js', 'EDP', v => formatQuantity(v, 'J s', DIGITS)],
  ['edap_Jsm2', 'EDAP, mJ ms mm2', v => number(v * MJ_MS_MM2)],
  ['tops', 'TOPS', number],
  ['topsPerWatt', 'TOPS/W', number],
  ['topsPerMm2', 'TOPS/mm2', number],
  ['leakage_W', 'leakage', v => formatQuantity(v, 'W', DIGITS), 'not counted'],
  ['writeEnergy_J', 'writes, K^T and V', v => formatQuantity(v, 'J', DIGITS)],
  ['lifetime_s', 'lifetime', formatSpan],
  ['tiles', 'tiles', String],
  ['crossbars', 'crossbars', String],
];

/** In `width` columns, without a line end. */
export function compareTable(comparison: Comparison, width = WIDTH): string {
  const { subjects, model, opCount, input } = comparison;
  const head = ['', ...subjects.flatMap((s, i) => (i === 0 ? [s.name] : [s.name, '']))];
  const rows = FIGURES.map(([key, name, show, none = '']) => [
    key === 'throughput_Hz' ? `${input}s/s` : name,
    ...subjects.flatMap((s, i) => {
      const [ratio, value] = [s.ratios[key], s.figures[key]];
      const text = value === null ? (key === 'lifetime_s' ? s.lifetime : none) : show(value);
      return i === 0 ? [text] : [text, ratio === null ? '' : `${significant(ratio, 3)}x`];
    }),
  ]);
  const align = head.map(() => 'left' as const);
  const parts = [
    lines(
      `${model} on ${subjects.length} chips; operations: ${opCount}; ratios to ${subjects[0].name}`,
      width,
    ),
    table([head, ...rows, ...snrRows(comparison), ...accuracyRows(comparison)], { align, width }),
    ...assumedLines(comparison, width),
    fairness(comparison, width),
    ...comparison.why.map(why => whyText(why, subjects[0].name, width)),
    ...expectedText(comparison, width),
    ...differingText(comparison, width),
  ];
  return parts.join('\n\n');
}

/** SI figures under their names in the JSON, then each ratio to the first subject. */
export function compareCsv({ subjects }: Comparison): string {
  const keys = FIGURES.map(([key]) => key);
  const isMeasured = subjects.some(({ accuracy }) => accuracy !== undefined);
  const measured = isMeasured ? ['top1', 'top1_interval95'] : [];
  const header = ['name', 'arch', 'tech', ...keys, ...keys.map(key => `${key}_ratio`), ...measured];
  const rows = subjects.map(({ name, arch, tech, figures, ratios, accuracy }): Cell[] => [
    ...[name, arch, tech],
    ...keys.map(key => figures[key]),
    ...keys.map(key => ratios[key]),
    ...(isMeasured
      ? [accuracy?.points[0].top1.mean ?? null, accuracy?.points[0].top1.interval95 ?? null]
      : []),
  ]);
  return csv([header, ...rows]);
}

const lines = (text: string, width: number): string => wrap(text, width, 2).join('\n');

function snrRows({ subjects }: Comparison): string[][] {
  if (subjects.every(s => s.snr === undefined)) return [];
  const decibel = (value: number | null | undefined): string =>
    value === undefined ? '-' : value === null ? 'exact' : `${significant(value, 3)} dB`;
  return (['static_dB', 'dynamic_dB'] as const).map(key => [
    key === 'static_dB' ? 'SNR, known weights' : 'SNR, K^T and V',
    ...subjects.flatMap((s, i) => (i === 0 ? [decibel(s.snr?.[key])] : [decibel(s.snr?.[key]), ''])),
  ]);
}

/** Of trained weights: mean over chips with its interval, and the points lost to the first. */
function accuracyRows({ subjects }: Comparison): string[][] {
  const first = subjects[0].accuracy?.points[0].top1.mean;
  if (first === undefined) return [];
  const cells = subjects.flatMap(({ accuracy }, i) => {
    const top1 = accuracy?.points[0].top1;
    const text = top1 === undefined ? '-' : spreadText(top1, 'top1');
    const points = top1 === undefined ? 0 : 100 * (top1.mean - first);
    return i === 0 ? [text] : [text, `${points >= 0 ? '+' : ''}${points.toFixed(2)}`];
  });
  return [['top-1, points', ...cells]];
}

/** What the signal to noise of each rests on. */
function assumedLines({ subjects }: Comparison, width: number): string[] {
  const rows = subjects.flatMap(({ name, snr }) =>
    snr === undefined ? [] : [['assumed', name, snr.assumed]],
  );
  return rows.length === 0 ? [] : [table(rows, { align: ['left', 'left', 'left'], width })];
}

function fairness({ iso }: Comparison, width: number): string {
  const rows = iso.map(({ name, equal, text }) => [equal ? 'equal' : 'differs, allowed', name, text]);
  return table(rows, { align: ['left', 'left', 'left'], width });
}

function whyText(why: Attribution, first: string, width: number): string {
  const { energy, latency, area } = why;
  const factor = ({ first: a, other: b }: Difference): number => b / a;
  const edap = factor(energy) * factor(latency) * factor(area);
  const times = (value: number): string => `${significant(value, 3)}x`;
  const product = `energy ${times(factor(energy))} * latency ${times(factor(latency))} * area ${times(factor(area))}`;
  const rows = [
    ...differenceRows('energy', energy, 'J'),
    ...differenceRows('latency', latency, 's'),
    ...differenceRows('area', area, 'm2'),
  ];
  const head = ['', '', first, why.name, 'difference', 'share'];
  const align = ['left', 'left', 'right', 'right', 'right', 'right'] as const;
  const title = `why ${why.name} is not ${first}: EDAP ${times(edap)} = ${product}`;
  return [
    lines(title, width),
    ...causesText(why, width),
    table([head, ...rows], { align, width, keys: 2 }),
  ].join('\n');
}

/** What the user has set, before what followed from it. */
function causesText({ causes }: Attribution, width: number): string[] {
  if (causes.length === 0) return [];
  const rows = causes.map(({ what, first, other, ratio }, i) => [
    i === 0 ? 'settings' : '',
    what,
    first,
    ratio === null ? other : `${other} (${significant(ratio, 3)}x)`,
  ]);
  return [table(rows, { align: ['left', 'left', 'left', 'left'], width })];
}

/** The components that move most, what the others add up to, and the whole. */
function differenceRows(
  name: string,
  { first, other, difference, rows }: Difference,
  unit: string,
): string[][] {
  const show = (value: number): string => formatQuantity(value, unit, 3);
  const moved = rows.filter(row => row.difference !== 0);
  // Shares of what nearly cancels say nothing.
  const apart = Math.abs(difference) >= LEAST_NET * moved.reduce((s, row) => s + Math.abs(row.difference), 0);
  const cells = (d: Omit<DifferenceRow, 'name'>): string[] => [
    show(d.first),
    show(d.other),
    signed(d.difference, unit),
    d.share === null || !apart ? '' : `${(100 * d.share).toFixed(1)} %`,
  ];
  const named = moved.slice(0, NAMED).map((row, i) => [i === 0 ? name : '', row.name, ...cells(row)]);
  const rest = moved.slice(NAMED);
  const sum = (of: (row: DifferenceRow) => number): number => rest.reduce((s, row) => s + of(row), 0);
  const others = {
    first: sum(row => row.first),
    other: sum(row => row.other),
    difference: sum(row => row.difference),
    share: difference === 0 ? null : sum(row => row.share ?? 0),
  };
  const more = rest.length === 0 ? [] : [['', `${rest.length} more`, ...cells(others)]];
  const head = named.length === 0 ? name : '';
  const whole = { first, other, difference, share: null };
  return [...named, ...more, [head, named.length === 0 ? 'equal' : 'all', ...cells(whole)]];
}

const signed = (value: number, unit: string): string =>
  `${value > 0 ? '+' : value < 0 ? '-' : ''}${formatQuantity(Math.abs(value), unit, 3)}`;

function expectedText({ expected }: Comparison, width: number): string[] {
  if (expected.length === 0) return [];
  const rows = expected.map(({ what, paper, ours, agrees }) => [
    what,
    paper,
    ours,
    agrees === null ? '' : agrees ? 'agrees' : 'differs',
  ]);
  const title = 'TReX (arXiv 2408.12742, Fig. 15) says, and this run gives';
  return [`${title}\n${table(rows, { align: ['left', 'left', 'left', 'left'], width })}`];
}

function differingText({ differing, subjects }: Comparison, width: number): string[] {
  if (differing.length === 0) return ['no value of the files differs'];
  const rows = differing.slice(0, LISTED).map(({ path, values }) => [
    path,
    ...values.map(value => {
      if (value === null) return '-';
      const text =
        value.text.length > LONGEST_VALUE ? `${value.text.slice(0, LONGEST_VALUE)}...` : value.text;
      return `${text} (${value.place})`;
    }),
  ]);
  const head = ['values that differ', ...subjects.map(s => s.name)];
  const more = differing.length - rows.length;
  const text = table([head, ...rows], { align: head.map(() => 'left' as const), width });
  return [more > 0 ? `${text}\n... and ${more} more: --json lists them all` : text];
}
