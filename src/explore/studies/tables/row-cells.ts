/** A row of a study as cells: the members of its line by their paths, flattened by dots, and where it comes from. */
import { TrexError } from '../../../base/errors.ts';
import type { Cell } from '../../../report/csv.ts';
import type { Row } from '../job.ts';
import { shownValue, type Value } from '../value.ts';

/** What the rows of a study have in common that the rows themselves do not say. */
export interface Origin {
  /** SHA-256 of the study's file. */
  readonly study: string | null;
  /** What the files behind a hash of inputs say of their sources, in words; null where it is not known. */
  sourcesOf(inputs: string): string | null;
}

/** What every table has, before and behind its points and figures. */
export const FIRST_COLUMNS = ['schemaVersion', 'id', 'seed'] as const;
export const LAST_COLUMNS = [
  'error.message',
  'error.exitCode',
  'provenance.version',
  'provenance.study',
  'provenance.inputs',
  'provenance.backend',
  'provenance.sources',
] as const;

/** Of the values that vary. */
export const POINT = 'point.';

/** The cells of a row by the names of their columns, in the order of the row. @throws TrexError for two values of one name */
export function rowCells(row: Row, { study, sourcesOf }: Origin): Map<string, Cell> {
  const { schemaVersion, id, point, seed, error, provenance, check: _, ...figures } = row;
  const cells = new Map<string, Cell>([
    ['schemaVersion', schemaVersion],
    ['id', id],
    ['seed', seed],
  ]);
  const put = (name: string, cell: Cell): void => {
    if (cells.has(name)) throw new TrexError(`row ${id}: has two values of ${name}`);
    cells.set(name, cell);
  };
  for (const [path, value] of Object.entries(point)) put(POINT + path, pointCell(value));
  for (const [name, value] of Object.entries(figures)) flatten(name, value, put);
  put('error.message', error?.message ?? null);
  put('error.exitCode', error?.exitCode ?? null);
  put('provenance.version', provenance.version);
  put('provenance.study', study);
  put('provenance.inputs', provenance.inputs);
  put('provenance.backend', provenance.backend ?? null);
  put('provenance.sources', sourcesOf(provenance.inputs));
  return cells;
}

/** A block of values is a text, as it would stand in a file. */
const pointCell = (value: Value): Cell =>
  value === null || typeof value !== 'object' ? value : shownValue(value);

/** Blocks whose members share the unit of a figure, which a column of a member says. */
const UNITS: Readonly<Record<string, string>> = {
  areaBreakdown: '_m2',
  breakdown: '_J',
  timeBreakdown: '_s',
};

/** Objects become columns of their members; a list is its JSON. */
function flatten(name: string, value: unknown, put: (name: string, cell: Cell) => void, unit = ''): void {
  if (typeof value === 'number') put(name + unit, value);
  else if (value === null || typeof value === 'string' || typeof value === 'boolean') put(name, value);
  else if (Array.isArray(value)) put(name, JSON.stringify(value));
  else if (typeof value === 'object')
    for (const [key, member] of Object.entries(value))
      flatten(`${name}.${key}`, member, put, UNITS[key] ?? unit);
}
