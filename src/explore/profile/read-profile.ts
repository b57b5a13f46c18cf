/** A profile: what each input makes a network do, a line an input or a group of like ones; CSV, or JSON lines. */
import * as z from 'zod';
import { EXIT, nearest, TrexError } from '../../base/errors.ts';

/** A row, and how many inputs are like it. */
export interface ProfileLine {
  /** Counted from 1. */
  readonly line: number;
  /** By encoder; empty: as the network's file says. */
  readonly patches: ReadonlyMap<number, number>;
  /** Encoders without attention, rising, run by run: an input that an earlier effort has not decided runs again. */
  readonly passes: readonly (readonly number[])[];
  readonly count: number;
}

export interface Profile {
  /** As it was given. */
  readonly path: string;
  readonly rows: readonly ProfileLine[];
  /** Encoders at which rows say how many patches go on, rising; the same in all. */
  readonly places: readonly number[];
}

const PATCHES = 'patches.';
const KNOWN = ['patches.<encoder>', 'skip', 'count'];

const encoder = z.int('expected encoders, 0-based').nonnegative('expected encoders, 0-based');
const rowSchema = z.strictObject({
  patches: z
    .record(
      z.string().regex(/^(0|[1-9]\d*)$/, 'expected the number of an encoder, 0-based'),
      z.int('expected a whole number of patches').positive('expected at least one patch'),
    )
    .default({}),
  skip: z
    .union([z.array(encoder), z.array(z.array(encoder)).min(1)], {
      error: 'expected encoders, 0-based: [1, 5], or a list for each run: [[1, 5], [1]]',
    })
    .default([]),
  count: z.int('expected a whole number of inputs').positive('expected at least one input').default(1),
});

/** @throws TrexError (invalid file) with the line of what is wrong. */
export function readProfile(path: string, text: string): Profile {
  const fail = (line: number, message: string): never => {
    throw new TrexError(`${path}:${line}  ${message}`, EXIT.invalidFile);
  };
  const whole = text
    .replace(/^\uFEFF/, '')
    .replace(/\r?\n$/, '')
    .split(/\r?\n/);
  const isBlank = (content: string): boolean => content.trim() === '';
  if (whole.every(isBlank)) fail(1, 'expected a row for each input, the file is empty');
  const isJson = whole
    .find(content => !isBlank(content))!
    .trimStart()
    .startsWith('{');
  const lines = whole
    .map((content, i) => ({ content, line: i + 1 }))
    .filter(({ content }) => !(isJson && isBlank(content)));
  const raw = isJson ? jsonRows(lines, fail) : csvRows(lines, fail);
  if (raw.length === 0) fail(lines[0].line, 'expected rows below the header, there is none');
  const rows = raw.map(({ line, value }): ProfileLine => {
    const checked = rowSchema.safeParse(value);
    if (!checked.success) {
      const [{ path: at, message }] = checked.error.issues;
      return fail(line, `${at.length === 0 ? '' : `${at.join('.')}: `}${message}`);
    }
    const { patches, skip, count } = checked.data;
    const entries = Object.entries(patches).map(([at, left]) => [Number(at), left] as const);
    const passes = isPasses(skip) ? skip : [skip];
    for (const pass of passes) {
      const twice = pass.find((at, i) => pass.indexOf(at) !== i);
      if (twice !== undefined) fail(line, `skip: encoder ${twice} is named twice`);
    }
    return {
      line,
      patches: new Map(entries.sort(([a], [b]) => a - b)),
      passes: passes.map(pass => pass.toSorted((a, b) => a - b)),
      count,
    };
  });
  const places = [...rows[0].patches.keys()];
  for (const { line, patches } of rows)
    if ([...patches.keys()].join() !== places.join())
      fail(
        line,
        `patches of encoders ${listed([...patches.keys()])}, but of ${listed(places)} in line ${rows[0].line}`,
      );
  return { path, rows, places };
}

const isPasses = (skip: number[] | number[][]): skip is number[][] => Array.isArray(skip[0]);

const listed = (encoders: readonly number[]): string =>
  encoders.length === 0 ? 'none' : encoders.join(', ');

interface Line {
  readonly line: number;
  readonly content: string;
}

interface RawRow {
  readonly line: number;
  readonly value: unknown;
}

type Fail = (line: number, message: string) => never;

function jsonRows(lines: readonly Line[], fail: Fail): RawRow[] {
  return lines.map(({ line, content }) => {
    try {
      return { line, value: JSON.parse(content) };
    } catch (error) {
      return fail(line, `not JSON: ${(error as Error).message}`);
    }
  });
}

/** Columns `patches.N`, `skip` with blanks between the encoders and slashes between runs, and `count`. */
function csvRows([header, ...lines]: readonly Line[], fail: Fail): RawRow[] {
  const columns = header.content.split(',').map(cell => cell.trim());
  columns.forEach((column, i) => {
    if (columns.indexOf(column) !== i) fail(header.line, `column '${column}' is there twice`);
    if (column === 'skip' || column === 'count') return;
    if (/^patches\.(0|[1-9]\d*)$/.test(column)) return;
    const near = nearest(column.replace(/\d+$/, '<encoder>'), KNOWN);
    const hint = near === undefined ? `known: ${KNOWN.join(', ')}` : `did you mean ${near}?`;
    fail(header.line, `unknown column '${column}': ${hint}`);
  });
  return lines.map(({ line, content }) => {
    // In a table of one column it could be an input of which there is nothing to say.
    if (content.trim() === '')
      fail(line, 'expected a row, got an empty line; an input that skips nothing is ,1 below skip,count');
    const cells = content.split(',').map(cell => cell.trim());
    if (cells.length !== columns.length)
      fail(line, `expected ${columns.length} cells as the header has, got ${cells.length}`);
    const number = (i: number): number => {
      if (!/^\d+$/.test(cells[i])) fail(line, `${columns[i]}: expected a whole number, got '${cells[i]}'`);
      return Number(cells[i]);
    };
    const patches: Record<string, number> = {};
    const value: Record<string, unknown> = { patches };
    columns.forEach((column, i) => {
      if (column === 'count') value.count = number(i);
      else if (column === 'skip')
        value.skip = cells[i].split('/').map(pass => encodersOf(pass.trim(), line, fail));
      else patches[column.slice(PATCHES.length)] = number(i);
    });
    return { line, value };
  });
}

function encodersOf(cell: string, line: number, fail: Fail): number[] {
  if (cell === '') return [];
  return cell.split(/\s+/).map(word => {
    if (!/^\d+$/.test(word)) fail(line, `skip: expected encoders with blanks between them, got '${cell}'`);
    return Number(word);
  });
}
