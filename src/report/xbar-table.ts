/** The rows of `trex xbar` as a table for people, as CSV, and as lines of JSON: SI units with the unit in the name. */
import { formatQuantity, PER_FEMTO, PER_NANO, PER_PICO, significant, UM2_PER_M2 } from '../base/units.ts';
import { type Cell, csv } from './csv.ts';
import { table, WIDTH } from './table.ts';
import type { TrialMean, XbarRow } from './xbar-row.ts';

const DIGITS = 4;

/** Components that may appear in the breakdowns; each is a column of the CSV. */
export interface XbarParts {
  readonly components: readonly string[];
  readonly steps: readonly string[];
}

/** Columns where the rows of one technology differ in them. */
const SWEPT: readonly (readonly [name: string, of: (row: XbarRow) => string])[] = [
  ['encoding', row => row.encoding],
  ['w x in', row => `${row.weightBits}x${row.inputBits}`],
  ['V', row => significant(row.vdd_V, 3)],
  ['K', row => significant(row.temperature_K, 4)],
];

/** A table of some rows in `width` columns; `marked` are on the Pareto front. Without a line end. */
export function xbarTable(rows: readonly XbarRow[], marked: ReadonlySet<XbarRow>, width = WIDTH): string {
  const measured = rows.some(row => row.error !== null);
  const techs = new Set(rows.map(row => row.tech)).size;
  const swept = SWEPT.filter(([, of]) => new Set(rows.map(row => `${row.tech} ${of(row)}`)).size > techs);
  const point = ['', 'tech', 'node', 'size', 'b/cell', ...swept.map(([name]) => name)];
  const head = [
    ...point,
    ...['ADC', 'area um2', 'read pJ', 'most energy', 'read ns'],
    ...['write', 'leak nW', 'TOPS/W', 'TOPS/mm2', 'weights/mm2', 'lossless', 'fJ/step'],
    ...(measured ? ['RMSE', 'SNR dB', 'bits'] : []),
  ];
  const cells = rows.map(row => [
    marked.has(row) ? '*' : '',
    row.tech,
    formatQuantity(row.node_m, 'm', 2),
    `${row.rows}x${row.cols}`,
    String(row.cellBits),
    ...swept.map(([, of]) => of(row)),
    `${row.adc.kind} ${row.adc.bits}b 1:${row.adc.columns}`,
    number(row.area_m2 * UM2_PER_M2),
    number(row.read.energy_J * PER_PICO),
    mostEnergy(row),
    number(row.read.time_s * PER_NANO),
    `${formatQuantity(row.write.energy_J, 'J', 3)}, ${formatQuantity(row.write.time_s, 's', 3)}`,
    number(row.leakage_W * PER_NANO),
    number(row.topsPerWatt),
    number(row.topsPerMm2),
    number(row.weightsPerMm2),
    `${row.losslessAdcBits} b`,
    row.energyPerStep_J === null ? '-' : number(row.energyPerStep_J * PER_FEMTO),
    ...(measured ? errorCells(row) : []),
  ]);
  const left = new Set(['', 'tech', 'size', 'ADC', 'most energy', 'write']);
  const align = head.map(name => (left.has(name) ? ('left' as const) : ('right' as const)));
  // Points of a technology differ in encodings at most.
  const assumed = new Set(
    rows.flatMap(row => (row.error === null ? [] : [`${row.tech}: ${row.error.assumed}`])),
  );
  const lines = [...assumed].map(text => table([['assumed', text]], { width }));
  const keys = point.length;
  return [table([head, ...cells], { align, width, keys }), ...lines].join('\n');
}

export function xbarCsvHeader({ components, steps }: XbarParts): string {
  return csv([
    [
      ...[
        'tech',
        'node_m',
        'rows',
        'cols',
        'cellBits',
        'weightBits',
        'inputBits',
        'encoding',
        'vdd_V',
        'temperature_K',
        'adc.kind',
        'adc.bits',
        'adc.columns',
        'area_m2',
      ],
      ...['read.energy_J', 'read.time_s', 'write.energy_J', 'write.time_s', 'leakage_W', 'topsPerWatt'],
      ...['topsPerMm2', 'weightsPerMm2', 'losslessAdcBits', 'energyPerStep_J', 'error.trials'],
      ...['rmse', 'snr_dB', 'effectiveBits'].flatMap(name => [`error.${name}`, `error.${name}.interval95`]),
      ...components.map(name => `area_m2.${name}`),
      ...components.map(name => `read.energy_J.${name}`),
      ...steps.map(name => `read.time_s.${name}`),
    ],
  ]);
}

export function xbarCsvLine(row: XbarRow, { components, steps }: XbarParts): string {
  const { adc, read, write, error } = row;
  const spread = (value: TrialMean | null | undefined): Cell[] => [
    value?.mean ?? null,
    value?.interval95 ?? null,
  ];
  return csv([
    [
      ...[
        row.tech,
        row.node_m,
        row.rows,
        row.cols,
        row.cellBits,
        row.weightBits,
        row.inputBits,
        row.encoding,
        row.vdd_V,
        row.temperature_K,
        adc.kind,
        adc.bits,
        adc.columns,
        row.area_m2,
      ],
      ...[read.energy_J, read.time_s, write.energy_J, write.time_s, row.leakage_W, row.topsPerWatt],
      ...[row.topsPerMm2, row.weightsPerMm2, row.losslessAdcBits, row.energyPerStep_J, error?.trials ?? null],
      ...[...spread(error?.rmse), ...spread(error?.snr_dB), ...spread(error?.effectiveBits)],
      ...components.map(name => row.areaBreakdown[name] ?? 0),
      ...components.map(name => read.breakdown[name] ?? 0),
      ...steps.map(name => read.timeBreakdown[name] ?? 0),
    ],
  ]);
}

/** "adc 59 %": the component that takes most of a read. */
function mostEnergy({ read }: XbarRow): string {
  const parts = Object.entries(read.breakdown).sort((a, b) => b[1] - a[1]);
  if (parts.length === 0) return '';
  const [[name, energy_J]] = parts;
  return `${name} ${significant((100 * energy_J) / read.energy_J, 2)} %`;
}

function errorCells({ error }: XbarRow): string[] {
  if (error === null) return ['', '', ''];
  const { rmse, snr_dB, effectiveBits } = error;
  return [
    spreadText(rmse),
    snr_dB === null ? 'exact' : spreadText(snr_dB),
    effectiveBits === null ? 'exact' : spreadText(effectiveBits),
  ];
}

const spreadText = ({ mean, interval95 }: TrialMean): string =>
  significant(mean, 3) + (interval95 === null ? '' : ` +- ${significant(interval95, 2)}`);

const number = (value: number): string => significant(value, DIGITS);
