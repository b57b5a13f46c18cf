/** docs/validation.md, circuits: the circuit laws against NeuroSim V1.4's sub-array runs, row by row. */

import { largest } from '../base/extremes.ts';
import { mean } from '../base/sum.ts';
import { PER_NANO, PER_PICO } from '../base/units.ts';
import { markdownTable } from '../report/markdown.ts';
import { evaluateCrossbar } from '../tech/circuit/evaluate.ts';
import { FLASH_ROWS, type FlashRow, simulatedFlash } from './flash-rows.ts';
import { NEUROSIM_ROWS, type NeurosimRow, neurosimDesign, simulatedRow } from './neurosim-rows.ts';

interface Column {
  readonly title: string;
  readonly of: (row: NeurosimRow) => number | undefined;
  readonly unit: number;
}

/** Figures of a whole sub-array, row by row. */
const FIGURES: readonly Column[] = [
  { title: 'area um2', of: r => r.area_m2.total, unit: 1e-12 },
  { title: 'plane pJ', of: r => r.energy_J.total, unit: 1e-12 },
  { title: 'sense ns', of: r => r.sense_s, unit: 1e-9 },
  { title: 'leakage nW', of: r => r.leakage_W, unit: 1e-9 },
];

/** The columns of the reference, whole and by part. */
const COLUMNS: readonly Column[] = [
  { title: 'area', of: r => r.area_m2.total, unit: 1 },
  { title: 'array', of: r => r.area_m2.array, unit: 1 },
  { title: 'ADCs', of: r => r.area_m2.adc, unit: 1 },
  { title: 'shift-and-add', of: r => r.area_m2.shiftAdd, unit: 1 },
  { title: 'rest', of: r => r.area_m2.other, unit: 1 },
  { title: 'energy', of: r => r.energy_J.total, unit: 1 },
  { title: 'conversion', of: r => r.energy_J.adc, unit: 1 },
  { title: 'shift-and-add', of: r => r.energy_J.shiftAdd, unit: 1 },
  { title: 'rest', of: r => r.energy_J.other, unit: 1 },
  { title: 'sensing time', of: r => r.sense_s, unit: 1 },
  { title: 'leakage', of: r => r.leakage_W, unit: 1 },
];

const USES = {
  laws: 'set the laws: FeFET and SRAM, 32 nm',
  nodes: 'set powers over nodes: FeFET and SRAM, 22 and 45 nm',
  cell: 'set the access and the switches of RRAM: 6 kohm, 32 nm',
  none: 'set nothing: RRAM of 100 kohm, and of 6 kohm at 22 nm',
} as const;
type Use = keyof typeof USES;

/** What a row was used for; those of use `none` are predictions. */
function useOf({ cell, node_m }: NeurosimRow): Use {
  const at32 = Math.abs(node_m - 32e-9) < 1e-10;
  if (!cell.startsWith('RRAM')) return at32 ? 'laws' : 'nodes';
  return cell === 'RRAM 6k/900k' && at32 ? 'cell' : 'none';
}

/** HP transistors, FeFET 64 x 64, 32 nm, 6 bits: the one figure of the other roadmap. */
const HP_PLANE_J = 12.8e-12;

/** The section on sub-arrays. */
export function neurosimReport(): string {
  const uses = Object.keys(USES) as Use[];
  const at = (nm: number) => (row: NeurosimRow) => Math.round(row.node_m * PER_NANO) === nm;
  const groups = [
    { name: 'all', rows: NEUROSIM_ROWS },
    ...uses.map(use => ({ name: USES[use], rows: NEUROSIM_ROWS.filter(row => useOf(row) === use) })),
    ...[22, 32, 45].map(nm => ({ name: `are of ${nm} nm`, rows: NEUROSIM_ROWS.filter(at(nm)) })),
    ...(['sar', 'flash'] as const).map(kind => ({
      name: `have a ${kind === 'sar' ? 'SAR' : kind} converter`,
      rows: NEUROSIM_ROWS.filter(row => row.adc === `neurosim-${kind}`),
    })),
  ];
  const hp = evaluateCrossbar({ ...neurosimDesign(NEUROSIM_ROWS[2]), roadmap: 'HP' }).readEnergy_J.total;
  return [
    '## Circuit laws against NeuroSim V1.4',
    'One sub-array, 8 columns an ADC, half of the rows active, LSTP. Energy is that of one input bit plane over all columns, sensing time',
    'that of one column group. No law is fitted to a row: constants are shared by all cells, sizes and converters, and what differs between',
    'nodes is the same for all of them (`src/tech/circuit`). Relative errors, mean / worst in %:',
    '',
    markdownTable(
      ['rows that', 'n', ...COLUMNS.map(c => c.title)],
      groups.map(({ name, rows }) => [name, String(rows.length), ...COLUMNS.map(c => meanAndWorst(c, rows))]),
    ),
    '',
    'The five columns after `area` and the four after `energy` are its parts. Shift-and-add has one area for all cells, sized between the',
    '4 slices of FeFET (+14 %) and the 8 of SRAM (-11 %), because an area that follows the slices would fall when a cell holds more bits.',
    "Flash ADCs: the table of sense amplifiers is the reference's own; the twelve runs set three constants (gates of an amplifier, two of the",
    'encoder). Set by the six runs of 64 rows alone they are the same within 2 %, and the six of 128 rows are met as below.',
    'Areas and leakage of the rows that set nothing repeat those of FeFET; their energies and times are the predictions. None is at 65 nm,',
    'at another size, or with another number of columns an ADC: there the laws have no check of their own but the trends below.',
    `HP transistors, FeFET 64 x 64, 32 nm: ${pj(hp)} pJ a plane, NeuroSim ${pj(HP_PLANE_J)} pJ; its constants are those of the transistors.`,
    '',
    flashText(),
    '',
    '<details><summary>All rows: NeuroSim / ours</summary>',
    '',
    markdownTable(
      ['cell', 'nm', 'size', 'ADC', ...FIGURES.map(f => f.title), 'sets'],
      NEUROSIM_ROWS.map(rowCells),
    ),
    '',
    '</details>',
  ].join('\n');
}

/** Sense amplifiers by NeuroSim's formulas, at nodes and cells where there is no run. */
function flashText(): string {
  const nodes = [22, 32, 45, 65];
  const off = (of: (row: FlashRow) => number, rows: readonly FlashRow[]): string => {
    const errors = rows.map(row => Math.abs(of(simulatedFlash(row)) / of(row) - 1) * 100);
    return `${mean(errors).toFixed(1)} / ${largest(errors).toFixed(1)}`;
  };
  const cells = nodes.map(nm => {
    const rows = FLASH_ROWS.filter(row => Math.round(row.node_m * PER_NANO) === nm);
    return [`${nm} nm`, String(rows.length), off(r => r.sense_s, rows), off(r => r.mirrors_J, rows)];
  });
  return [
    "Sense amplifiers of 4, 6 and 8 bits at 64 and 256 rows of the four cells, by NeuroSim's formulas; mean / worst in %:",
    '',
    markdownTable(['node', 'n', 'time', 'energy of the currents'], cells),
  ].join('\n');
}

const pj = (energy_J: number): string => (energy_J * PER_PICO).toFixed(1);

function rowCells(row: NeurosimRow): string[] {
  const ours = simulatedRow(row);
  const figures = FIGURES.map(({ of, unit }) => {
    const theirs = of(row);
    if (theirs === undefined) return '-';
    const mine = of(ours) as number;
    const percent = (mine / theirs - 1) * 100;
    return `${(theirs / unit).toPrecision(4)} / ${(mine / unit).toPrecision(4)} (${signed(percent)} %)`;
  });
  const size = `${row.size}x${row.size}`;
  const adc = `${row.adc.replace('neurosim-', '')} ${row.bits}`;
  return [row.cell, (row.node_m * PER_NANO).toFixed(0), size, adc, ...figures, useOf(row)];
}

const signed = (percent: number): string => `${percent < 0 ? '' : '+'}${percent.toFixed(1)}`;

/** "1.9 / 4.0" of the rows that have the figure. */
function meanAndWorst({ of }: Column, rows: readonly NeurosimRow[]): string {
  const errors = rows.flatMap(row => {
    const theirs = of(row);
    return theirs === undefined ? [] : [Math.abs((of(simulatedRow(row)) as number) / theirs - 1) * 100];
  });
  if (errors.length === 0) return '-';
  return `${mean(errors).toFixed(1)} / ${largest(errors).toFixed(1)}`;
}
