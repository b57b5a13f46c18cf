/** The columns of a table and what they hold, found by a first look at all of its rows. */
import { TrexError } from '../../../base/errors.ts';
import type { Dimension } from '../../../base/units.ts';
import type { Cell } from '../../../report/csv.ts';
import { quantityOf, unitSuffix } from './quantity.ts';
import { FIRST_COLUMNS, LAST_COLUMNS, POINT } from './row-cells.ts';

/** More are no table: a list or a breakdown that should not have been flattened. */
const MOST_COLUMNS = 4096;

/** What a column holds; every number is a double. */
export type ColumnType = 'boolean' | 'number' | 'text';

/** What a column of every table holds, whether or not a row has it. */
const FIXED: Readonly<Record<string, ColumnType>> = {
  schemaVersion: 'number',
  id: 'text',
  seed: 'number',
  ...Object.fromEntries(LAST_COLUMNS.map(name => [name, 'text' as const])),
  'error.exitCode': 'number',
};

/** A column of a table of results. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** The cell that it is of; another name than its own for a number that stands beside a text with a unit. */
  readonly of: string;
  /** SI unit of a column that was made from texts with units. */
  readonly unit?: Dimension;
}

/** What has been seen of a column; `none` of a unit: not all are quantities of one dimension. */
interface Seen {
  readonly types: Set<ColumnType>;
  unit: Dimension | 'none' | undefined;
}

/** Takes rows one by one, and tells what their columns are. */
export class ColumnSurvey {
  readonly #seen = new Map<string, Seen>();

  /** @throws TrexError for more columns than a table may have */
  add(cells: ReadonlyMap<string, Cell>): void {
    for (const [name, cell] of cells) {
      let seen = this.#seen.get(name);
      if (seen === undefined) {
        this.#seen.set(name, (seen = { types: new Set(), unit: undefined }));
        if (this.#seen.size > MOST_COLUMNS)
          throw new TrexError(
            `more than ${MOST_COLUMNS} columns: metrics with so many members make no table`,
          );
      }
      if (cell === null) continue;
      seen.types.add(typeOf(cell));
      if (name.startsWith(POINT)) seen.unit = unitWith(seen.unit, cell);
    }
  }

  /** In order: what a row is, its point, its figures, where it comes from. @throws TrexError for two of one name */
  columns(): Column[] {
    const last: readonly string[] = LAST_COLUMNS;
    const own = [...this.#seen.keys()].filter(name => !Object.hasOwn(FIXED, name));
    const points = own.filter(name => name.startsWith(POINT));
    const figures = own.filter(name => !name.startsWith(POINT) && !this.#isBlock(name));
    const columns = [...FIRST_COLUMNS, ...points, ...figures, ...last].flatMap(name => this.#columnsOf(name));
    const names = new Set<string>();
    for (const { name } of columns) {
      if (names.has(name)) throw new TrexError(`two columns are called ${name}`);
      names.add(name);
    }
    return columns;
  }

  #columnsOf(name: string): Column[] {
    const seen = this.#seen.get(name);
    const [type = 'number', ...more] = seen?.types ?? [];
    const column: Column = { name, type: FIXED[name] ?? (more.length > 0 ? 'text' : type), of: name };
    const unit = seen?.unit;
    if (unit === undefined || unit === 'none') return [column];
    return [column, { name: `${name}_${unitSuffix(unit)}`, type: 'number', of: name, unit }];
  }

  /** Null in some rows and a block in others: its members tell both. */
  #isBlock(name: string): boolean {
    return (
      this.#seen.get(name)!.types.size === 0 &&
      [...this.#seen.keys()].some(other => other.startsWith(`${name}.`))
    );
  }
}

/** What stands in a column of a row. */
export function cellIn({ of, type, unit }: Column, cells: ReadonlyMap<string, Cell>): Cell {
  const cell = cells.get(of) ?? null;
  if (unit !== undefined) return typeof cell === 'string' ? (quantityOf(cell)?.si ?? null) : null;
  // Numbers among texts, such as 0.5 beside `layer`.
  return type === 'text' && cell !== null ? String(cell) : cell;
}

const typeOf = (cell: string | number | boolean): ColumnType =>
  typeof cell === 'string' ? 'text' : (typeof cell as 'number' | 'boolean');

function unitWith(unit: Seen['unit'], cell: string | number | boolean): Dimension | 'none' {
  const found = typeof cell === 'string' ? quantityOf(cell)?.dimension : undefined;
  return found === undefined || (unit !== undefined && unit !== found) ? 'none' : found;
}
