/** Results as CSV (RFC 4180, lines end with \n): a row per step. */
import type { LayerRow } from './result.ts';

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
] as const satisfies readonly (keyof LayerRow)[];

/** One row per step, in program order; the encoder of a step outside the encoders is empty. */
export const layersCsv = (layers: readonly LayerRow[]): string =>
  csv([LAYER_COLUMNS, ...layers.map(row => LAYER_COLUMNS.map(column => row[column]))]);

/** Rows of cells as text; null is an empty cell. */
export const csv = (rows: readonly (readonly Cell[])[]): string =>
  rows.map(row => `${row.map(quoted).join(',')}\n`).join('');

function quoted(cell: Cell): string {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
