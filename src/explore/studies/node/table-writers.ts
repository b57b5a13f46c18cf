/** Tables as files, a batch of rows at a time: under a temporary name until they are whole. */
import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import type { SchemaElement } from 'hyparquet-writer';
import { type Cell, csv } from '../../../report/csv.ts';
import { appender } from '../../../run/node/line-file.ts';
import { attemptWrite } from '../../../run/node/write-file.ts';
import type { Column, ColumnType } from '../tables/columns.ts';

export interface TableWriter {
  /** Rows of as many cells as there are columns. @throws TrexError for a full disk */
  write(rows: readonly (readonly Cell[])[]): void;
  /** The file under its name. */
  finish(): void;
  /** As if nothing had been written. */
  drop(): void;
}

export interface TableSpec {
  readonly path: string;
  readonly columns: readonly Column[];
  /** What a reader of the file should know, by name; a CSV has no place for it. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** By the end of a file's name. */
export type TableFormat = 'csv' | 'parquet';
/** The formats of tables. */
export const TABLE_FORMATS: readonly TableFormat[] = ['csv', 'parquet'];

export const openTable = async (format: TableFormat, spec: TableSpec): Promise<TableWriter> =>
  format === 'csv' ? csvTable(spec) : await parquetTable(spec);

const stagingOf = (path: string): string => `${path}.${process.pid}.tmp`;

/** RFC 4180 with a head of names; an empty cell is null, NaN is NaN. */
function csvTable({ path, columns }: TableSpec): TableWriter {
  const staging = stagingOf(path);
  const file = attemptWrite(path, () => openSync(staging, 'w'));
  const lines = appender(path, file, 0);
  lines.append(csv([columns.map(({ name }) => name)]));
  return {
    write(rows) {
      lines.append(csv(rows));
      lines.flush();
    },
    finish() {
      lines.flush();
      closeSync(file);
      attemptWrite(path, () => renameSync(staging, path));
    },
    drop() {
      closeSync(file);
      rmSync(staging, { force: true });
    },
  };
}

const ELEMENTS: Readonly<Record<ColumnType, Omit<SchemaElement, 'name'>>> = {
  boolean: { type: 'BOOLEAN', repetition_type: 'OPTIONAL' },
  number: { type: 'DOUBLE', repetition_type: 'OPTIONAL' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
};

/** A row group a batch. */
async function parquetTable({ path, columns, metadata }: TableSpec): Promise<TableWriter> {
  const { fileWriter, ParquetWriter } = await import('hyparquet-writer');
  const staging = stagingOf(path);
  const writer = attemptWrite(
    path,
    () =>
      new ParquetWriter({
        writer: fileWriter(staging),
        schema: [
          { name: 'root', num_children: columns.length },
          ...columns.map(({ name, type }): SchemaElement => ({ name, ...ELEMENTS[type] })),
        ],
        kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
        createdBy: 'trex-sim',
      }),
  );
  return {
    write(rows) {
      const columnData = columns.map(({ name }, i) => ({
        name,
        data: rows.map(row => row[i]),
        // Indexes of pages would stay in memory until the end.
        offsetIndex: false,
      }));
      attemptWrite(path, () => void writer.write({ columnData, rowGroupSize: rows.length }));
    },
    finish() {
      attemptWrite(path, () => {
        void writer.finish();
        renameSync(staging, path);
      });
    },
    drop: () => rmSync(staging, { force: true }),
  };
}
