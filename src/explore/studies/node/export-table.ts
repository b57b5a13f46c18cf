/** The rows of a study as one table. They are read twice, once for the columns and once for the cells, and none is kept. */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXIT, missingError, TrexError } from '../../../base/errors.ts';
import { VERSION } from '../../../base/version.ts';
import type { Cell } from '../../../report/csv.ts';
import { wholeLines } from '../../../run/node/line-file.ts';
import { statOf } from '../../../run/node/read-file.ts';
import { checkTarget } from '../../../run/node/write-file.ts';
import { ROW_SCHEMA_VERSION, type Row } from '../job.ts';
import { type Column, ColumnSurvey, cellIn } from '../tables/columns.ts';
import { type Origin, rowCells } from '../tables/row-cells.ts';
import { IdIndex } from './id-index.ts';
import { RESULTS, readLine, STUDY } from './results-file.ts';
import { readRecord, type StudyRecord } from './study-record.ts';
import { openTable, type TableFormat } from './table-writers.ts';

/** Of the columns; raised when one of an old name comes to mean something else. */
const TABLE_SCHEMA_VERSION = 1;
/** Rows in memory, and in a row group of Parquet. */
const BATCH = 10_000;

/** Which rows become which file. */
export interface ExportOptions {
  /** The folder of a study, or the file of its rows. */
  readonly results: string;
  readonly out: string;
  readonly format: TableFormat;
  /** Only these rows. */
  readonly ids?: ReadonlySet<string> | undefined;
  /** Called now and then; may throw to stop: then no file is left. */
  pause?(done: number, total: number): Promise<void>;
}

/** What was written. */
export interface Exported {
  readonly rows: number;
  /** Among them. */
  readonly failed: number;
  readonly columns: readonly Column[];
}

/**
 * Writes the rows that are there now as a table; a sweep may go on beside it.
 * @example
 * const { rows, columns } = await exportTable({ results: 'sweep1', out: 'sweep1.parquet', format: 'parquet' });
 * @throws TrexError: no results (4), a damaged row (3), rows of another schema (1), a target that cannot be written (1).
 */
export async function exportTable({ results, out, format, ids, pause }: ExportOptions): Promise<Exported> {
  const path = statOf(results)?.isDirectory() === true ? join(results, RESULTS) : results;
  if (statOf(path)?.isFile() !== true) throw missingError(`${path}: no such file: no results of trex sweep`);
  checkTarget(out);
  const folder = dirname(path);
  const record = statOf(join(folder, STUDY)) === undefined ? undefined : readRecord(folder);
  const file = openSync(path, 'r');
  try {
    const source: Source = { path, held: { file, end: fstatSync(file).size }, origin: originOf(record), ids };
    const found = await survey(source);
    const columns = found.columns.columns();
    const table = await openTable(format, {
      path: out,
      columns,
      metadata: metadataOf(found, columns, record),
    });
    try {
      let rows: Cell[][] = [];
      let done = 0;
      const write = async (): Promise<void> => {
        table.write(rows);
        done += rows.length;
        rows = [];
        await pause?.(done, found.index.size);
      };
      for await (const { offset, row } of rowsOf(source)) {
        // A point that was tried again has a later row.
        if (found.index.get(row.id)!.offset !== offset) continue;
        const cells = rowCells(row, source.origin);
        rows.push(columns.map(column => cellIn(column, cells)));
        if (rows.length === BATCH) await write();
      }
      if (rows.length > 0) await write();
      table.finish();
    } catch (error) {
      table.drop();
      throw error;
    }
    return { rows: found.index.size, failed: found.failed.size, columns };
  } finally {
    closeSync(file);
  }
}

interface Source {
  readonly path: string;
  readonly held: { readonly file: number; readonly end: number };
  readonly origin: Origin;
  readonly ids: ReadonlySet<string> | undefined;
}

interface Survey {
  readonly columns: ColumnSurvey;
  /** Where the last row of each point stands. */
  readonly index: IdIndex;
  readonly failed: ReadonlySet<string>;
  readonly versions: ReadonlySet<string>;
  readonly backends: ReadonlySet<string>;
}

async function survey(source: Source): Promise<Survey> {
  const columns = new ColumnSurvey();
  const index = new IdIndex();
  const [failed, versions, backends] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for await (const { offset, length, row } of rowsOf(source)) {
    columns.add(rowCells(row, source.origin));
    index.set(row.id, offset, length);
    if (row.error === undefined) failed.delete(row.id);
    else failed.add(row.id);
    versions.add(row.provenance.version);
    if (row.provenance.backend !== undefined) backends.add(row.provenance.backend);
  }
  if (index.size === 0) throw new TrexError(`${source.path}: has no row yet`);
  return { columns, index, failed, versions, backends };
}

/** @throws TrexError for a line that is damaged (3), or of another schema (1) */
async function* rowsOf({
  path,
  held,
  ids,
}: Source): AsyncGenerator<{ readonly offset: number; readonly length: number; readonly row: Row }> {
  let [number, offset] = [0, 0];
  for await (const { line, after } of wholeLines(path, held)) {
    number++;
    const { content, wrong } = readLine(line);
    if (content === undefined)
      throw new TrexError(
        `${path}:${number}: ${wrong}; sweep it again, its point is done anew`,
        EXIT.invalidFile,
      );
    if (content.schemaVersion !== ROW_SCHEMA_VERSION)
      throw new TrexError(
        `${path}:${number}: is a row of schema ${content.schemaVersion}, of trex ${content.provenance.version}; this is trex ${VERSION}, whose rows have schema ${ROW_SCHEMA_VERSION}: export it there`,
      );
    if (ids === undefined || ids.has(content.id))
      yield { offset, length: after - offset, row: content as unknown as Row };
    offset = after;
  }
}

function originOf(record: StudyRecord | undefined): Origin {
  if (record === undefined) return { study: null, sourcesOf: () => null };
  const { files, inputs } = record;
  const sourceOf = new Map(files.map(({ path, source }) => [path, source]));
  const texts = new Map(
    Object.entries(inputs).map(([hash, paths]) => {
      const sources = paths.flatMap(path => {
        const source = sourceOf.get(path);
        return source === undefined ? [] : [`${path}: ${source}`];
      });
      return [hash, sources.length === 0 ? null : sources.join('; ')];
    }),
  );
  return { study: files[0].sha256, sourcesOf: hash => texts.get(hash) ?? null };
}

function metadataOf(
  { versions, backends }: Survey,
  columns: readonly Column[],
  record: StudyRecord | undefined,
): Record<string, string> {
  const units = columns.flatMap(({ name, unit }) => (unit === undefined ? [] : [[name, unit]]));
  return {
    'trex.tableSchema': String(TABLE_SCHEMA_VERSION),
    'trex.rowSchema': String(ROW_SCHEMA_VERSION),
    'trex.versions': JSON.stringify([...versions]),
    'trex.backends': JSON.stringify([...backends]),
    'trex.units': JSON.stringify(Object.fromEntries(units)),
    ...(record !== undefined && {
      'trex.name': record.name,
      'trex.study': JSON.stringify(record.study),
      'trex.files': JSON.stringify(record.files),
    }),
  };
}
