/** Lists of files, models and patterns for people. */
import type { ModelSummary, PatternRow } from '../workload/summary.ts';

/** Of a page. */
const WIDTH = 100;

export const filesText = (
  rows: readonly { readonly name: string; readonly description: string; readonly source: string }[],
): string =>
  rows.map(({ name, description, source }) => `  ${name}: ${description}\n      ${source}\n`).join('');

export const modelsText = (rows: readonly ModelSummary[]): string => columns(rows.map(modelCells));

export const patternsText = (rows: readonly PatternRow[]): string =>
  columns(rows.map(({ pattern, encoders }) => [pattern, `encoders ${encoders.join(', ')}`]));

function modelCells({ name, encoders, dim, heads, tokens, params, macs }: ModelSummary): string[] {
  return [
    name,
    `${encoders} encoders`,
    `dim ${dim}`,
    `${heads} heads`,
    `${tokens} tokens`,
    `${(params / 1e6).toFixed(2)} M params`,
    `${(macs.total / 1e9).toFixed(3)} G MACs`,
  ];
}

/** Left-aligned columns, cut at the width of a page. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (w, row) => row.map((cell, i) => Math.max(w[i] ?? 0, cell.length)),
    [],
  );
  return rows
    .map(
      row => `  ${row.map((cell, i) => cell.padEnd(widths[i])).join('  ')}`.trimEnd().slice(0, WIDTH) + '\n',
    )
    .join('');
}
