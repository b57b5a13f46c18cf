/** Results as CSV (RFC 4180, lines end with \n): a row per step, or one row with the figures of a run. */
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
] as const satisfies readonly (keyof LayerRow)[];

/** One row per step, in program order; the encoder of a step outside the encoders is empty. */
export const layersCsv = (layers: readonly LayerRow[]): string =>
  csv([LAYER_COLUMNS, ...layers.map(row => LAYER_COLUMNS.map(column => row[column]))]);

/** A header and one row: every scalar of the result under its dotted path, such as `utilization.adc`; SI numbers. */
export function resultCsv(result: Result): string {
  const { run: _words, ...figures } = result;
  const cells = [...scalars('', figures)];
  return csv([cells.map(([path]) => path), cells.map(([, value]) => value)]);
}

/** Rows of cells as text; null is an empty cell. */
export const csv = (rows: readonly (readonly Cell[])[]): string =>
  rows.map(row => `${row.map(quoted).join(',')}\n`).join('');

/** Lists (breakdowns, files, warnings) have no place in a row and are left out. */
function* scalars(prefix: string, value: object): Generator<[string, Cell]> {
  for (const [key, item] of Object.entries(value) as [string, unknown][]) {
    if (Array.isArray(item) || item === undefined) continue;
    if (typeof item === 'object' && item !== null) yield* scalars(`${prefix}${key}.`, item);
    else yield [prefix + key, item as Cell];
  }
}

function quoted(cell: Cell): string {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
