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
    [
      [
        'name',
        'family',
        'tokens',
        'M params',
        'M MACs',
        'static',
        'dynamic',
        'depthwise',
        'grouped',
        'sizes from',
        'source',
      ],
      ...rows.map(modelCells),
    ],
    width,
  );

export const patternsText = (rows: readonly PatternRow[], width = WIDTH): string =>
  columns(
    rows.map(({ pattern, encoders }) => [pattern, `encoders ${encoders.join(', ')}`]),
    width,
  );

/** MACs of all are in millions; `static` holds stem and head as well, so that the classes add up to the total. */
function modelCells({ name, family, tokens, params, macs, source, certainty }: ModelSummary): string[] {
  const { total, static: inside, stem, head, dynamic, depthwise, grouped } = macs;
  return [
    name,
    family,
    String(tokens),
    (params / 1e6).toFixed(2),
    ...[total, inside + stem + head, dynamic, depthwise, grouped].map(count => (count / 1e6).toFixed(1)),
    certainty ?? '',
    source,
  ];
}

const columns = (rows: readonly (readonly string[])[], width: number): string =>
  rows.length === 0
    ? ''
    : table(rows, { width: width - INDENT.length })
        .split('\n')
        .map(line => `${INDENT}${line}`.trimEnd() + '\n')
        .join('');
