/** Networks on one chip, for people, as CSV and as bars: best EDAP first, published accuracy beside it. */
import { formatQuantity, MJ_MS_MM2, MM2_PER_M2, significant } from '../base/units.ts';
import { type BarPanel, barChart } from './bar-chart.ts';
import { csv } from './csv.ts';
import type { SystemFigures, SystemRow, SystemsTable } from './system-row.ts';
import { table, WIDTH } from './table.ts';
import { wrap } from './text-width.ts';

const DIGITS = 4;
/** In the table, so that a row fits 80 columns. */
const FEW = 3;
const PERCENT = 100;
/** Of what a note goes on with below. */
const NOTE_INDENT = 11;

const percent = ({ published }: SystemRow): string =>
  published === null ? '' : (published.top1 * PERCENT).toFixed(1);

/** By EDAP; networks that the chip refuses come last, by name. */
export const ranked = (rows: readonly SystemRow[]): SystemRow[] =>
  rows.toSorted(
    (a, b) =>
      (a.figures?.edap_Jsm2 ?? Infinity) - (b.figures?.edap_Jsm2 ?? Infinity) || (a.name < b.name ? -1 : 1),
  );

/** In `width` columns, without a line end. */
export function systemsText(systems: SystemsTable, width = WIDTH): string {
  const { arch, tech, globalBuffer } = systems;
  const { capacity_B, written_B } = globalBuffer;
  const rows = ranked(systems.rows);
  const larger = `, its global buffer enlarged from ${formatQuantity(written_B, 'B')} to ${formatQuantity(capacity_B, 'B')} for the largest of them`;
  const head = ['network', 'M params', 'G MACs', 'latency', 'energy', 'mm2', 'EDAP', 'top-1'];
  const cells = rows.map(row => [
    row.name,
    (row.params / 1e6).toFixed(2),
    (row.macs.total / 1e9).toFixed(3),
    ...(row.figures === null ? ['refused', '', '', ''] : figureCells(row.figures)),
    percent(row),
  ]);
  const refused = rows.flatMap(({ name, refused: why }) => (why === null ? [] : [`${name}: ${why}`]));
  return [
    `${rows.length} networks on ${arch}, ${tech}${capacity_B > written_B ? larger : ''}`,
    'EDAP in mJ ms mm2; top-1 in % as published by their authors, not measured here',
    '',
    table([head, ...cells], { width }),
    ...refused.map(line => `refused  ${line}`),
    ...rows.flatMap(({ name, published }) =>
      published?.latency === undefined
        ? []
        : wrap(`published  ${name}: ${published.latency} (${published.by})`, width, NOTE_INDENT),
    ),
  ].join('\n');
}

const figureCells = ({ latency_s, energy_J, area_m2, edap_Jsm2 }: SystemFigures): string[] => [
  formatQuantity(latency_s, 's', FEW),
  formatQuantity(energy_J, 'J', FEW),
  significant(area_m2 * MM2_PER_M2, FEW),
  significant(edap_Jsm2 * MJ_MS_MM2, FEW),
];

const COLUMNS = [
  ...['network', 'family', 'params', 'macs', 'macs_static', 'macs_dynamic', 'macs_depthwise', 'macs_grouped'],
  ...['latency_s', 'energy_J', 'area_m2', 'edap_Jsm2', 'tiles', 'published_top1', 'published_by', 'refused'],
];

/** A row per network, SI units. */
export const systemsCsv = ({ rows }: SystemsTable): string =>
  csv([
    COLUMNS,
    ...ranked(rows).map(({ name, family, params, macs, figures, published, refused }) => [
      ...[name, family, params, macs.total, macs.static, macs.dynamic, macs.depthwise, macs.grouped],
      ...[figures?.latency_s, figures?.energy_J, figures?.area_m2, figures?.edap_Jsm2, figures?.tiles].map(
        v => v ?? null,
      ),
      ...[published?.top1 ?? null, published?.by ?? null, refused],
    ]),
  ]);

/** Latency, energy, area, EDAP and published accuracy, a bar for each network. @throws RangeError where none ran */
export function systemsFigure(systems: SystemsTable): string {
  const rows = ranked(systems.rows).flatMap(row =>
    row.figures === null ? [] : [{ ...row, figures: row.figures }],
  );
  const panel = (
    title: string,
    of: (figures: SystemFigures) => number,
    label: (value: number) => string,
  ): BarPanel => ({
    title,
    bars: rows.map(({ name, figures }) => {
      const value = of(figures);
      return { name, label: label(value), parts: [{ name: title, value }] };
    }),
  });
  const published = rows.flatMap(({ name, published: p }) =>
    p === null
      ? []
      : [{ name, label: `${(p.top1 * PERCENT).toFixed(1)} %`, parts: [{ name: 'top-1', value: p.top1 }] }],
  );
  return barChart(`${rows.length} networks on ${systems.arch}, ${systems.tech}`, [
    panel(
      'Latency',
      f => f.latency_s,
      v => formatQuantity(v, 's', DIGITS),
    ),
    panel(
      'Energy of an image or sequence',
      f => f.energy_J,
      v => formatQuantity(v, 'J', DIGITS),
    ),
    panel(
      'Area',
      f => f.area_m2,
      v => `${significant(v * MM2_PER_M2, DIGITS)} mm2`,
    ),
    panel(
      'EDAP, mJ ms mm2',
      f => f.edap_Jsm2,
      v => significant(v * MJ_MS_MM2, DIGITS),
    ),
    ...(published.length === 0 ? [] : [{ title: 'Top-1 accuracy as published', bars: published }]),
  ]);
}
