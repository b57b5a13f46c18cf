/** Plain text tables for terminals: columns padded by display width, numbers to the right, folded where they do not fit. */
import { largest } from '../base/extremes.ts';
import { displayWidth, wrap } from './text-width.ts';

export { displayWidth } from './text-width.ts';

/** Columns of a terminal that does not say how many it has. */
export const WIDTH = 80;
const GAP = '  ';
const NUMBER = /^[+-]?\d[\d., ]*(e[+-]?\d+)?$/i;
/** Text is wrapped down to this width before columns go below others. */
const LEAST_TEXT = 20;

type Align = 'left' | 'right';
type Row = readonly string[];

export interface TableOptions {
  /** Per column; a column without a word goes right when all its cells below the first row are numbers. */
  readonly align?: readonly (Align | undefined)[];
  /** Columns of the terminal. Default 80. */
  readonly width?: number;
  /** First columns, which stand before each block where the others do not fit side by side. Default 1. */
  readonly keys?: number;
}

interface Column {
  readonly align: Align;
  /** Of its widest cell. */
  readonly natural: number;
  /** Below this, words are cut. */
  readonly least: number;
  /** A column without a heading belongs to the one before. */
  readonly joined: boolean;
  readonly cells: Row;
}

/**
 * Lines of at most `width` columns, without a line end after the last; a row may have fewer cells than others,
 * and the cell of a row of one spans the table. Text is wrapped; where that is not enough, columns stand in blocks.
 */
export function table(rows: readonly Row[], options: TableOptions = {}): string {
  const { width = WIDTH, keys = 1 } = options;
  const cells = rows.map(row => row.map(printable));
  const count = Math.max(0, largest(cells.map(row => row.length)));
  const spans = cells.map(row => count > 1 && row.length === 1);
  const columns = Array.from({ length: count }, (_, i): Column => {
    const own = cells.map((row, r) => (spans[r] ? '' : (row[i] ?? '')));
    const natural = largest(own.map(displayWidth));
    const align = options.align?.[i] ?? (isNumeric(own) ? 'right' : 'left');
    const body = Math.max(0, largest(own.slice(1).map(displayWidth)));
    const apart = align === 'right' ? [] : own.slice(1).flatMap(cell => cell.split(' '));
    const words = largest([...wordsOf(own[0]), ...apart].map(displayWidth));
    const least = Math.min(natural, Math.max(words, align === 'right' ? body : Math.min(LEAST_TEXT, body)));
    return { align, natural, least, joined: i > 0 && own[0] === '', cells: own };
  });
  return blocksOf(columns, keys, width)
    .map((block, b) => {
      const widths = fitted(block, width);
      const lines = cells.flatMap((row, r) =>
        spans[r] ? (b === 0 ? wrap(row[0], width) : []) : rowLines(block, r, widths),
      );
      return lines.join('\n');
    })
    .join('\n\n');
}

/** Of a heading, which may be cut behind hyphens. */
const wordsOf = (heading: string): string[] => heading.split(/ |(?<=-)/);

/** The columns in as few blocks as fit, each behind the first ones. */
function blocksOf(columns: readonly Column[], keys: number, width: number): Column[][] {
  if (total(columns.map(column => column.least)) <= width) return [[...columns]];
  const [first, rest] = [columns.slice(0, keys), columns.slice(keys)];
  const groups: Column[][] = [];
  for (const [i, column] of rest.entries())
    if (i > 0 && column.joined) groups.at(-1)!.push(column);
    else groups.push([column]);
  const blocks: Column[][] = [];
  for (const group of groups) {
    const longer = [...(blocks.at(-1) ?? []), ...group];
    if (blocks.length > 0 && total(longer.map(column => column.least)) <= width)
      blocks[blocks.length - 1] = longer;
    else blocks.push([...first, ...group]);
  }
  return blocks.length === 0 ? [first] : blocks;
}

/** Widths of columns that stand side by side: the widest text gives way first, and words only where nothing else is left. */
function fitted(columns: readonly Column[], width: number): number[] {
  const widths = columns.map(column => column.natural);
  while (total(widths) > width) {
    const spare = widths.map((w, i) => (w > columns[i].least ? w : 0));
    const candidates = spare.some(w => w > 0) ? spare : widths;
    const widest = candidates.indexOf(largest(candidates));
    if (widths[widest] <= 1) break;
    widths[widest]--;
  }
  return widths;
}

const total = (widths: readonly number[]): number =>
  widths.reduce((sum, w) => sum + w, 0) + GAP.length * Math.max(0, widths.length - 1);

function rowLines(columns: readonly Column[], row: number, widths: readonly number[]): string[] {
  const parts = columns.map(({ cells }, i) =>
    displayWidth(cells[row]) <= widths[i] ? [cells[row]] : wrap(cells[row], widths[i]),
  );
  return Array.from({ length: Math.max(1, largest(parts.map(lines => lines.length))) }, (_, n) =>
    parts
      .map((lines, i) => pad(lines[n] ?? '', widths[i], columns[i].align))
      .join(GAP)
      .trimEnd(),
  );
}

function pad(text: string, width: number, align: Align): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'right' ? space + text : text + space;
}

function isNumeric(cells: Row): boolean {
  const below = cells.slice(1);
  return below.some(cell => cell !== '') && below.every(cell => cell === '' || NUMBER.test(cell));
}

/** Names come from files: control characters could steer the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const printable = (text: string): string => text.replace(/[\x00-\x1f\x7f-\x9f]/g, '?');
