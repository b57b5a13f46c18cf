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

/** Figures of all, then where each is from and how sure that is. */
export const modelsText = (rows: readonly ModelSummary[], width = WIDTH): string =>
  [
    `${INDENT}In millions; MACs are static (with stem, head), dynamic, depthwise, grouped\n\n`,
    foldedTogether(rows, width)
      .map(some => columns([MODEL_COLUMNS, ...some.map(modelCells)], width))
      .join('\n'),
    `\n`,
    sourcesText(rows, width),
  ].join('');

/** Where columns do not fit side by side, so many models at a time, that what belongs together stays in sight. */
const FOLDED = 20;

function foldedTogether(rows: readonly ModelSummary[], width: number): (readonly ModelSummary[])[] {
  const whole = columns([MODEL_COLUMNS, ...rows.map(modelCells)], width);
  const fits = whole.split('\n').length <= rows.length + 2;
  if (fits) return [rows];
  const parts = Math.ceil(rows.length / FOLDED);
  return Array.from({ length: parts }, (_, i) => rows.slice(i * FOLDED, (i + 1) * FOLDED));
}

const sourcesText = (rows: readonly ModelSummary[], width: number): string =>
  filesText(
    rows.map(({ name, certainty, source }) => ({
      name,
      description: certainty === null ? 'sizes as the file says' : CERTAINTY[certainty],
      source,
    })),
    width,
  );

const CERTAINTY = {
  code: "sizes from the authors' code, or equal to its counts",
  paper: 'sizes from the text of the paper',
  assumed: 'some sizes are assumed',
} as const satisfies Record<NonNullable<ModelSummary['certainty']>, string>;

const MODEL_COLUMNS = ['name', 'family', 'params', 'MACs', 'static', 'dynamic', 'depthw', 'group'];

export const patternsText = (rows: readonly PatternRow[], width = WIDTH): string =>
  columns(
    rows.map(({ pattern, encoders }) => [pattern, `encoders ${encoders.join(', ')}`]),
    width,
  );

/** MACs in millions; `static` holds stem and head as well, so that the classes add up to the total. */
function modelCells({ name, family, params, macs }: ModelSummary): string[] {
  const { total, static: inside, stem, head, dynamic, depthwise, grouped } = macs;
  const counts = [total, inside + stem + head, dynamic, depthwise, grouped];
  return [
    name,
    family,
    (params / 1e6).toFixed(2),
    ...counts.map(count => (count / 1e6).toFixed(count < 1e8 ? 1 : 0)),
  ];
}

const columns = (rows: readonly (readonly string[])[], width: number): string =>
  rows.length === 0
    ? ''
    : table(rows, { width: width - INDENT.length })
        .split('\n')
        .map(line => `${INDENT}${line}`.trimEnd() + '\n')
        .join('');
