/** The folder of a microbenchmark: rows.ndjson grows row by row, and a later run with the same options goes on behind its last whole line. */

import {
  closeSync,
  createReadStream,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { EXIT, TrexError } from '../../base/errors.ts';
import type { RowStore, RowsHead } from '../../explore/xbar/xbar.ts';
import type { XbarRow } from '../../report/xbar-row.ts';
import { statOf } from '../../run/node/read-file.ts';
import { attemptWrite, checkResumable } from '../../run/node/write-file.ts';

const NAME = 'rows.ndjson';
/** What a finished run writes beside it. */
export const RESULTS = { csv: 'results.csv', figure: 'xbar.svg' } as const;
/** Rows are written in batches of about so many characters. */
const BATCH = 65536;

/**
 * Opens the rows in `dir`, or begins them; `force` forgets earlier ones; `onRow` gets each row that is there.
 * @throws TrexError: a folder of something else, rows of other options or files, a read-only disk.
 */
export async function openRows(
  dir: string,
  head: RowsHead,
  force: boolean,
  onRow: (row: XbarRow) => Promise<void>,
): Promise<RowStore> {
  checkResumable(dir, NAME, 'trex xbar');
  const path = join(dir, NAME);
  const isNew = force || statOf(path) === undefined;
  const first = `${JSON.stringify(head)}\n`;
  let end = 0;
  if (!isNew) {
    for await (const { text, after } of wholeLines(path)) {
      if (end === 0 && text !== first.trimEnd())
        throw new TrexError(
          `${path}: holds the rows of other options or files; --force begins anew`,
          EXIT.usage,
        );
      if (end > 0) {
        const row = parseRow(text);
        if (row === undefined) break;
        await onRow(row);
      }
      end = after;
    }
  }
  const file = attemptWrite(path, () => {
    mkdirSync(dir, { recursive: true });
    if (isNew) for (const name of Object.values(RESULTS)) rmSync(join(dir, name), { force: true });
    const opened = openSync(path, isNew ? 'w' : 'r+');
    ftruncateSync(opened, end);
    return opened;
  });
  let batch = end === 0 ? first : '';
  const flush = (): void => {
    if (batch === '') return;
    const bytes = Buffer.from(batch);
    const written = attemptWrite(path, () => writeSync(file, bytes, 0, bytes.length, end));
    if (written < bytes.length) throw new TrexError(`${path}: cannot be written: the disk is full`);
    end += written;
    batch = '';
  };
  return {
    append(row) {
      batch += `${JSON.stringify(row)}\n`;
      if (batch.length >= BATCH) flush();
    },
    flush,
    close: () => closeSync(file),
  };
}

/** Writes `texts` as `path`, whole or not at all, without ever holding all of it. @throws TrexError */
export async function writeStreamed(path: string, texts: AsyncIterable<string>): Promise<void> {
  const staging = `${path}.${process.pid}.tmp`;
  const file = attemptWrite(path, () => openSync(staging, 'w'));
  try {
    for await (const text of texts) attemptWrite(path, () => writeSync(file, text));
    attemptWrite(path, () => renameSync(staging, path));
  } finally {
    closeSync(file);
    rmSync(staging, { force: true });
  }
}

/** The rows of a folder, one by one. */
export async function* storedRows(dir: string): AsyncGenerator<XbarRow> {
  let isFirst = true;
  for await (const { text } of wholeLines(join(dir, NAME))) {
    const row = isFirst ? undefined : parseRow(text);
    isFirst = false;
    if (row !== undefined) yield row;
  }
}

/** Lines with the offset behind each; a torn one at the end is not among them. */
async function* wholeLines(path: string): AsyncGenerator<{ text: string; after: number }> {
  const size = statOf(path)?.size ?? 0;
  let after = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    after += Buffer.byteLength(text) + 1;
    if (after <= size) yield { text, after };
  }
}

function parseRow(text: string): XbarRow | undefined {
  try {
    return JSON.parse(text) as XbarRow;
  } catch {
    return undefined;
  }
}
