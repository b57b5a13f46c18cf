/** Tables beside a file: a CSV that a block names becomes rows of that block, each value at its line and column. */
import { nearest, TrexError } from '../base/errors.ts';
import type { Dimension } from '../base/units.ts';
import { parseQuantity } from '../base/units.ts';
import { invalidFile, type Problem } from './problem.ts';
import type { FileHash, FileRef } from './source-files.ts';
import type { Source, Span } from './span.ts';
import { type Branch, type Leaf, mergeTrees, nodeAt, type Path, type Tree } from './tree.ts';
import type { FileTree } from './use.ts';
import { fileSource } from './yaml-source.ts';

interface TableKind {
  /** The block that names a `file`. */
  readonly block: Path;
  /** Its key for the rows. */
  readonly rows: string;
  readonly columns: Readonly<Record<string, { readonly dimension: Dimension; readonly optional?: true }>>;
}

const TABLES: readonly TableKind[] = [
  {
    block: ['noise', 'measured'],
    rows: 'points',
    columns: {
      target: { dimension: 'S' },
      mean: { dimension: 'S' },
      sigma: { dimension: 'S' },
      time: { dimension: 's', optional: true },
    },
  },
];

/** A number as other programs write it. */
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
/** `target (uS)`, `target [uS]` or `target_uS`. */
const HEADING = /^\s*([A-Za-z]+)\s*(?:[([_]\s*(.*?)\s*[)\]]?)?\s*$/;

/**
 * The tree with the rows of its tables, and the files that were read.
 * @throws TrexError: a table that is missing (4), or invalid with all its problems (3).
 */
export function readTables(read: FileTree, tree: Branch): { tree: Branch; files: FileHash[] } {
  const files: FileHash[] = [];
  let whole = tree;
  for (const kind of TABLES) {
    const file = nodeAt(tree, [...kind.block, 'file']);
    const rows = nodeAt(tree, [...kind.block, kind.rows]);
    if (file?.type !== 'leaf' || typeof file.value !== 'string') continue;
    if (rows !== undefined) {
      // Rows of the command line stand above a file.
      if (rows.span.source.kind === 'flag') continue;
      throw problem(file, kind, `expected a file or ${kind.rows}, got both`);
    }
    const ref = tableRef(read, file, kind);
    const { text, sha256 } = read.from.read(ref);
    files.push({ path: ref.name, sha256 });
    const list = parseTable(fileSource(ref.name, text), kind, file);
    const over = [...kind.block, kind.rows].reduceRight<Tree>(
      (node, key) => ({
        type: 'map',
        entries: new Map([[String(key), { key: file.span, node }]]),
        span: file.span,
      }),
      list,
    );
    whole = mergeTrees(whole, over) as Branch;
  }
  return { tree: whole, files };
}

const problem = (leaf: Leaf, { block }: TableKind, message: string): TrexError =>
  invalidFile([{ span: leaf.span, path: [...block, 'file'].join('.'), message }]);

/** Beside the file that names it; on the command line, in the working directory. */
function tableRef(read: FileTree, file: Leaf, kind: TableKind): FileRef {
  const name = String(file.value);
  if (!/\.csv$/i.test(name))
    throw problem(file, kind, `expected a CSV file such as ./states.csv, got ${name}`);
  const from = read.refs.find(ref => ref.name === file.span.source.name);
  try {
    return read.from.resolve('tech', name, from);
  } catch (error) {
    if (!(error instanceof TrexError)) throw error;
    throw new TrexError(problem(file, kind, error.message).message, error.exitCode);
  }
}

interface Column {
  readonly name: string;
  readonly unit: string;
  readonly span: Span;
}

/** @throws TrexError (invalid file) with all problems of the table. */
function parseTable(source: Source, kind: TableKind, file: Leaf): Tree {
  const origin = file.source ?? (file.span.source.kind === 'flag' ? file.span.source.name : undefined);
  const problems: Problem[] = [];
  const complain = (span: Span, message: string, path = ''): void => {
    problems.push({ span, path, message });
  };
  const [header, ...lines] = cellsOf(source);
  const whole: Span = { source, start: 0, end: 1 };
  if (header === undefined) complain(whole, `the table is empty: expected the columns ${namesOf(kind)}`);
  const columns = (header ?? []).map(cell => columnOf(cell, kind, complain));
  const named = columns.map(({ name }) => name);
  for (const [name, { optional }] of Object.entries(kind.columns))
    if (header !== undefined && !named.includes(name) && !optional)
      complain(header[0], `no column ${name}: expected ${namesOf(kind)}`);
  for (const [i, { name, span }] of columns.entries())
    if (named.indexOf(name) < i) complain(span, `a second column ${name}`);
  const items: Tree[] = [];
  for (const cells of lines) {
    if (cells.length !== columns.length)
      complain(cells[0], `expected ${columns.length} values, got ${cells.length}`);
    const entries = columns.slice(0, cells.length).map(({ name, unit, span: key }, i) => {
      const number = textOf(cells[i]);
      if (!NUMBER.test(number)) complain(cells[i], `expected a number, got ${JSON.stringify(number)}`, name);
      const value = `${number} ${unit}`;
      const node: Leaf = { type: 'leaf', value, text: value, span: cells[i], source: origin };
      return [name, { key, node }] as const;
    });
    const span = { ...cells[0], end: cells[cells.length - 1].end };
    items.push({ type: 'map', entries: new Map(entries), span });
  }
  if (problems.length > 0) throw invalidFile(problems);
  return { type: 'list', items, span: whole };
}

/** The name and the unit of a heading. */
function columnOf(
  span: Span,
  { columns }: TableKind,
  complain: (span: Span, message: string) => void,
): Column {
  const text = textOf(span);
  const [, name = '', unit = ''] = HEADING.exec(text) ?? [];
  const known = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (known === undefined) {
    const near = nearest(name, Object.keys(columns));
    const hint = near === undefined ? `known: ${Object.keys(columns).join(', ')}` : `did you mean ${near}?`;
    complain(span, `unknown column ${JSON.stringify(text)}: ${hint}`);
  } else if (unit === '' || parseQuantity(`1 ${unit}`, known.dimension) === undefined) {
    const example = known.dimension === 's' ? 's' : 'uS';
    complain(
      span,
      `expected a unit in ${known.dimension}, such as ${name} (${example}), got ${JSON.stringify(text)}`,
    );
  }
  return { name, unit, span };
}

const namesOf = ({ columns }: TableKind): string =>
  Object.entries(columns)
    .map(([name, { optional }]) => (optional ? `[${name}]` : name))
    .join(', ');

/** The cells of each line that is neither empty nor a comment, without the blanks around them. */
function cellsOf(source: Source): Span[][] {
  const rows: Span[][] = [];
  let start = source.text.startsWith('\uFEFF') ? 1 : 0;
  for (const line of source.text.slice(start).split('\n')) {
    const end = start + line.length;
    if (line.trim() !== '' && !line.trimStart().startsWith('#')) {
      let at = start;
      rows.push(
        line.split(',').map(cell => {
          const from = at + cell.length - cell.trimStart().length;
          const span = { source, start: from, end: Math.max(from, at + cell.trimEnd().length) };
          at += cell.length + 1;
          return span;
        }),
      );
    }
    start = end + 1;
  }
  return rows;
}

const textOf = ({ source, start, end }: Span): string => source.text.slice(start, end);
