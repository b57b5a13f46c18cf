/** The folder of an accuracy run: a progress file that grows job by job, and the results when all is done. */
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { JobRecord } from '../../accuracy/jobs.ts';
import { headerLine, type ProgressHeader, parseProgress, recordLine } from '../../accuracy/progress-text.ts';
import { TrexError } from '../../base/errors.ts';
import { statOf } from '../../run/node/read-file.ts';
import { attemptWrite, writeWhole } from '../../run/node/write-file.ts';

const NAME = 'progress.ndjson';
/** What a finished run writes beside it. */
const RESULTS = ['result.json', 'accuracy.csv', 'layers.csv', 'accuracy.svg'];

export interface ProgressFile {
  /** Jobs of an earlier run with the same options and inputs. */
  readonly records: Map<string, JobRecord>;
  append(record: JobRecord): void;
  /** Writes the results, each whole or not at all. */
  finish(files: Readonly<Record<string, string>>): void;
  close(): void;
}

/** Before anything is computed: whether `dir` can take the files. @throws TrexError */
export function checkFolder(dir: string): void {
  if (statOf(dir) === undefined) return;
  if (!statOf(dir)?.isDirectory()) throw new TrexError(`${dir}: a file of that name is in the way`);
  const names = readdirSync(dir);
  if (names.length > 0 && !names.includes(NAME))
    throw new TrexError(`${dir}: is not empty and has no ${NAME}: not the folder of an accuracy run`);
}

/**
 * Opens the progress in `dir`, or begins it; `force` forgets an earlier one.
 * @throws TrexError: a folder of something else, progress of other inputs, a read-only disk.
 */
export function openProgress(dir: string, begin: ProgressHeader, force: boolean): ProgressFile {
  checkFolder(dir);
  const path = join(dir, NAME);
  const isNew = force || statOf(path) === undefined;
  const text = isNew ? '' : readFileSync(path, 'utf8');
  const { records, whole } = parseProgress(text, begin, path);
  const file = attemptWrite(path, () => {
    mkdirSync(dir, { recursive: true });
    if (force) for (const name of RESULTS) rmSync(join(dir, name), { force: true });
    const opened = openSync(path, isNew ? 'w' : 'r+');
    ftruncateSync(opened, Buffer.byteLength(text.slice(0, whole)));
    return opened;
  });
  let end = Buffer.byteLength(text.slice(0, whole));
  const append = (line: string): void => {
    const written = attemptWrite(path, () => writeSync(file, line, end));
    // A torn line at the end is cut off by the next run.
    if (written < Buffer.byteLength(line))
      throw new TrexError(`${path}: cannot be written: the disk is full`);
    end += written;
  };
  if (whole === 0) append(headerLine(begin));
  return {
    records: new Map(records),
    append: record => append(recordLine(record)),
    finish(files) {
      for (const [name, content] of Object.entries(files)) writeWhole(join(dir, name), content);
    },
    close: () => closeSync(file),
  };
}
