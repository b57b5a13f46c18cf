/** Results as CSV (RFC 4180, lines end with \n): a row per step, and one for each power that is drawn all the time. */
import type { LayerRow, Result } from './result.ts';

export type Cell = string | number | boolean | null;

const LAYER_COLUMNS = [
  'step',
  'stage',
  'encoder',
  'kind',
  'jobs',
  'start_s',
  'end_s',
  'energy_J',
  'crossbars',
  'tiles',
  'macs',
  'elements',
] as const satisfies readonly (keyof LayerRow)[];

/** What rows are taken from: a run has it. */
export interface RunRows {
  readonly layers: readonly LayerRow[];
  readonly result: Pick<Result, 'latency_s' | 'breakdown'>;
}

/**
 * One row per step, in program order, then leakage and extras, of kind `standing`: the energies add up to that of the
 * result. The encoder of what belongs to none is empty.
 */
export const layersCsv = ({ layers, result }: RunRows): string =>
  csv([
    LAYER_COLUMNS,
    ...[...layers, ...standing(result)].map(row => LAYER_COLUMNS.map(column => row[column])),
  ]);

/** Rows of a breakdown without a time of their own. */
const standing = ({ latency_s, breakdown }: RunRows['result']) =>
  breakdown.stage
    .filter(({ time_s }) => time_s === undefined)
    .map(({ name, energy_J }) => ({
      step: name,
      stage: name,
      encoder: null,
      kind: 'standing',
      jobs: 0,
      start_s: 0,
      end_s: latency_s,
      energy_J,
      crossbars: 0,
      tiles: 0,
      elements: 0,
      macs: 0,
    }));

/** Rows of cells as text; null is an empty cell. */
export const csv = (rows: readonly (readonly Cell[])[]): string =>
  rows.map(row => `${row.map(quoted).join(',')}\n`).join('');

function quoted(cell: Cell): string {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
