/** Lists of files, models and patterns for people, in `width` columns. */
import type { ModelSummary, PatternRow } from '../workload/summary.ts';
import { table, WIDTH } from './table.ts';
import { wrap } from './text-width.ts';

const INDENT = '  ';
const BELOW = 6;

export const filesText = (
  rows: readonly { readonly name: string; readonly description: string; readonly source: string }[],
  width = WIDTH,
): string =>
  rows
    .flatMap(({ name, description, source }) => [
      ...wrap(`${INDENT}${name}: ${description}`, width, BELOW),
      ...wrap(' '.repeat(BELOW) + source, width, BELOW),
    ])
    .map(line => `${line}\n`)
    .join('');

export const modelsText = (rows: readonly ModelSummary[], width = WIDTH): string =>
  columns(
    [['name', 'encoders', 'dim', 'heads', 'tokens', 'M params', 'G MACs'], ...rows.map(modelCells)],
    width,
  );

export const patternsText = (rows: readonly PatternRow[], width = WIDTH): string =>
  columns(
    rows.map(({ pattern, encoders }) => [pattern, `encoders ${encoders.join(', ')}`]),
    width,
  );

function modelCells({ name, encoders, dim, heads, tokens, params, macs }: ModelSummary): string[] {
  return [
    name,
    ...[encoders, dim, heads, tokens].map(String),
    (params / 1e6).toFixed(2),
    (macs.total / 1e9).toFixed(3),
  ];
}

const columns = (rows: readonly (readonly string[])[], width: number): string =>
  rows.length === 0
    ? ''
    : table(rows, { width: width - INDENT.length })
        .split('\n')
        .map(line => `${INDENT}${line}`.trimEnd() + '\n')
        .join('');
