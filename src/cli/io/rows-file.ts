/** The folder of a microbenchmark: rows.ndjson grows row by row, and a later run with the same options goes on behind its last good line. */
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { rowSchema } from '../../explore/xbar/row-schema.ts';
import type { RowStore, RowsHead } from '../../explore/xbar/xbar.ts';
import type { XbarRow } from '../../report/xbar-row.ts';
import { atExit } from '../../run/node/at-exit.ts';
import { openStateLog, storedValues } from '../../run/node/state-log.ts';
import { attemptWrite } from '../../run/node/write-file.ts';

const NAME = 'rows.ndjson';
/** What a finished run writes beside it. */
export const RESULTS = { csv: 'results.csv', figure: 'xbar.svg' } as const;

export interface RowsOptions {
  readonly head: RowsHead;
  /** Forgets earlier rows. */
  readonly force: boolean;
  /** Gets each row that is there. */
  onRow(row: XbarRow): Promise<void>;
  onDamage(message: string): void;
}

/** Opens the rows in `dir`, or begins them. @throws TrexError as `openStateLog` */
export async function openRows(
  dir: string,
  { head, force, onRow, onDamage }: RowsOptions,
): Promise<RowStore> {
  let rows = 0;
  const log = await openStateLog({
    dir,
    name: NAME,
    command: 'trex xbar',
    begin: { ...head },
    force,
    results: Object.values(RESULTS),
    schema: rowSchema,
    ordered: true,
    onEntry: async (_, row) => {
      rows++;
      await onRow(row);
    },
    onDamage,
  });
  return { append: row => log.append(`${rows++}`, row), flush: log.flush, close: log.close };
}

/** Writes `texts` as `path`, whole or not at all, without ever holding all of it. @throws TrexError */
export async function writeStreamed(path: string, texts: AsyncIterable<string>): Promise<void> {
  const staging = `${path}.${process.pid}.tmp`;
  const file = attemptWrite(path, () => openSync(staging, 'w'));
  const remove = (): void => rmSync(staging, { force: true });
  const stay = atExit(remove);
  try {
    for await (const text of texts) attemptWrite(path, () => writeSync(file, text));
    attemptWrite(path, () => renameSync(staging, path));
  } finally {
    closeSync(file);
    remove();
    stay();
  }
}

/** The rows of a folder, one by one. */
export const storedRows = (dir: string): AsyncGenerator<XbarRow> => storedValues(join(dir, NAME), rowSchema);
