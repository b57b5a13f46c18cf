/**
 * The folder of a study: `results.ndjson`, a row a line behind its checksum, and `study.json`, what the rows are of. While
 * points come the rows stand in the order in which they came; at the end they are put into the order of the points.
 */
import { closeSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { EXIT, TrexError } from '../../../base/errors.ts';
import { jsonText } from '../../../base/json-text.ts';
import { openedLine } from '../../../base/sealed.ts';
import { VERSION } from '../../../base/version.ts';
import { atExit } from '../../../run/node/at-exit.ts';
import { appender, type LineAppender, wholeLines } from '../../../run/node/line-file.ts';
import type { FolderLock } from '../../../run/node/lock.ts';
import { openAtEnd, ownFolder } from '../../../run/node/own-folder.ts';
import { statOf } from '../../../run/node/read-file.ts';
import { attemptWrite, writeWhole } from '../../../run/node/write-file.ts';
import { ROW_SCHEMA_VERSION, type Row, type SealedRow } from '../job.ts';
import { IdIndex } from './id-index.ts';

/** The name of the file of rows in the folder of a study. */
export const RESULTS = 'results.ndjson';
export const STUDY = 'study.json';
const COMMAND = 'trex sweep';
const COPY_BYTES = 1 << 20;

/** What of a line must be there to know whose row it is. */
const lineSchema = z.looseObject({
  schemaVersion: z.number(),
  id: z.string().regex(/^h[0-9a-f]{32}$/),
  error: z.looseObject({ message: z.string() }).optional(),
  provenance: z.looseObject({ version: z.string() }),
});

export interface ResultsOptions {
  /** Forgets what is there. */
  readonly rerun: boolean;
  /** Forgets the rows of points that failed. */
  readonly retryFailed: boolean;
  /** Hears of lines that are damaged and whose points are done again. */
  onDamage(message: string): void;
  /** Hears of each row that is there; the last one of an id holds. */
  onKnown?(row: Row): void;
}

export interface Results {
  readonly dir: string;
  /** Nothing was there, not even a damaged line. */
  readonly isNew: boolean;
  /** Rows of points, each once. */
  readonly size: number;
  /** Those among them that have an error. */
  readonly failed: number;
  has(id: string): boolean;
  /** Whether its row has an error. */
  hasFailed(id: string): boolean;
  /** Writes rows, whole. @throws TrexError for a full disk; what was there stays. */
  append(rows: readonly SealedRow[]): void;
  /** Writes `study.json`. */
  describe(record: object): void;
  /** Puts the rows into this order, whole or not at all; each id must be there, others are left out. */
  finish(ids: AsyncIterable<string> | Iterable<string>): Promise<void>;
  /** Lets other processes in. */
  close(): void;
}

/**
 * Opens the results in `dir`, or begins them.
 * @throws TrexError: a folder of something else, another process at work there, a read-only disk, rows of another version (1).
 */
export async function openResults(dir: string, options: ResultsOptions): Promise<Results> {
  const forget = options.rerun ? [RESULTS, STUDY] : [];
  const lock = await ownFolder({ dir, file: RESULTS, command: COMMAND, forget });
  try {
    return await opened(dir, lock, options);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function opened(dir: string, lock: FolderLock, options: ResultsOptions): Promise<Results> {
  const path = join(dir, RESULTS);
  const index = new IdIndex();
  const failures = new Set<string>();
  const end = statOf(path) === undefined ? 0 : await takeUp(path, index, failures, options);
  let file = openAtEnd(path, end);
  let lines: LineAppender = appender(path, file, end);
  let isClosed = false;
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    stay();
    closeSync(file);
    lock.release();
  };
  const stay = atExit(close);
  return {
    dir,
    isNew: end === 0,
    get size() {
      return index.size;
    },
    get failed() {
      return failures.size;
    },
    has: id => index.get(id) !== undefined,
    hasFailed: id => failures.has(id),
    append(rows) {
      let offset = lines.end;
      lines.append(rows.map(row => row.line).join(''));
      lines.flush();
      for (const { id, line, error } of rows) {
        const length = Buffer.byteLength(line);
        index.set(id, offset, length);
        offset += length;
        if (error === undefined) failures.delete(id);
        else failures.add(id);
      }
    },
    describe: record => writeWhole(join(dir, STUDY), jsonText(record)),
    async finish(ids) {
      const ordered = await rewritten({ path, file, end: lines.end }, index, ids);
      if (ordered === undefined) return;
      closeSync(file);
      file = attemptWrite(path, () => openSync(path, 'r+'));
      lines = appender(path, file, ordered);
    },
    close,
  };
}

/**
 * Reads the rows that are there; where the file goes on. Damaged lines stay until the rows are put in order.
 * @throws TrexError for rows of another version, and for a file of somebody else (1)
 */
async function takeUp(
  path: string,
  index: IdIndex,
  failures: Set<string>,
  { retryFailed, onDamage, onKnown }: ResultsOptions,
): Promise<number> {
  let [number, end, sound] = [0, 0, 0];
  // Without a word of ours it is somebody else's, who would miss it.
  const isOurs = statOf(join(dirname(path), STUDY)) !== undefined;
  for await (const { line, after } of wholeLines(path)) {
    number++;
    const at = end;
    end = after;
    const { content, wrong } = readLine(line);
    if (content !== undefined) sound++;
    else {
      if (!isOurs && sound === 0) throw notOurs(`${path}:${number}: ${wrong}`);
      onDamage(`${path}:${number}: ${wrong}; its point is done again`);
      continue;
    }
    const { schemaVersion, id, error, provenance } = content;
    if (provenance.version !== VERSION || schemaVersion !== ROW_SCHEMA_VERSION)
      throw new TrexError(
        `${path}:${number}: is a row of trex ${provenance.version}, this is ${VERSION}: take another folder, or --rerun to begin anew`,
      );
    if (error !== undefined && retryFailed) continue;
    index.set(id, at, after - at);
    onKnown?.(content as unknown as Row);
    if (error === undefined) failures.delete(id);
    else failures.add(id);
  }
  if (!isOurs && number === 0 && statOf(path)!.size > 0) throw notOurs(`${path}: has no whole row`);
  return end;
}

const notOurs = (why: string): TrexError =>
  new TrexError(`${why}, and no ${STUDY} is beside it: take another folder, or --rerun to delete it`);

interface OpenFile {
  readonly path: string;
  readonly file: number;
  readonly end: number;
}

/** Writes the rows in order beside the file and takes its place; the new end, undefined where nothing had to be moved. */
async function rewritten(
  { path, file, end }: OpenFile,
  index: IdIndex,
  ids: AsyncIterable<string> | Iterable<string>,
): Promise<number | undefined> {
  const staging = `${path}.${process.pid}.tmp`;
  let out: number | undefined;
  /** Bytes from `from` on that follow each other in the old file and are still to be copied. */
  let [from, to, written] = [0, 0, 0];
  const copy = (): void => {
    out ??= attemptWrite(staging, () => openSync(staging, 'w'));
    written += copyBytes({ path, file, end: to }, from, out);
  };
  try {
    for await (const id of ids) {
      const at = index.get(id);
      if (at === undefined) throw new TrexError(`${path}: has no row of point ${id}`, EXIT.invalidFile);
      if (at.offset !== to) {
        if (to > from) copy();
        from = at.offset;
      }
      to = at.offset + at.length;
    }
    if (out === undefined && from === 0 && to === end) return undefined;
    if (to > from) copy();
    out ??= attemptWrite(staging, () => openSync(staging, 'w'));
    const done = out;
    attemptWrite(path, () => closeSync(done));
    out = undefined;
    attemptWrite(path, () => renameSync(staging, path));
    return written;
  } catch (error) {
    if (out !== undefined) closeSync(out);
    rmSync(staging, { force: true });
    throw error;
  }
}

function copyBytes({ path, file, end }: OpenFile, begin: number, out: number): number {
  const buffer = Buffer.allocUnsafe(Math.min(COPY_BYTES, end - begin));
  for (let from = begin; from < end; ) {
    const read = readSync(file, buffer, 0, Math.min(buffer.length, end - from), from);
    const written = attemptWrite(path, () => writeSync(out, buffer, 0, read));
    if (written < read || read === 0) throw new TrexError(`${path}: cannot be written: the disk is full`);
    from += read;
  }
  return end - begin;
}

/** The rows of a folder, one by one, without a lock. @throws TrexError (invalid file) for a damaged line */
export async function* storedRows(dir: string): AsyncGenerator<SealedRow> {
  const path = join(dir, RESULTS);
  let number = 0;
  for await (const { line } of wholeLines(path)) {
    number++;
    const { content, wrong } = readLine(line);
    if (content === undefined)
      throw new TrexError(
        `${path}:${number}: ${wrong}; sweep it again, its point is done anew`,
        EXIT.invalidFile,
      );
    const { id, error } = content;
    const text = `${Buffer.from(line).toString('utf8')}\n`;
    yield { id, line: text, ...(error !== undefined && { error: error.message }) };
  }
}

/** What a line says of itself, or what is wrong with it. */
export function readLine(line: Uint8Array): { content?: z.output<typeof lineSchema>; wrong?: string } {
  const opened = openedLine(line);
  if ('wrong' in opened) return { wrong: opened.wrong };
  const read = lineSchema.safeParse(opened.content);
  return read.success ? { content: read.data } : { wrong: 'is no row of a study' };
}
