/** Files of lines that grow at their end: what is written is whole lines, and what is read is whole lines. */
import { createReadStream, ftruncateSync, readSync, writeSync } from 'node:fs';
import { TrexError } from '../../base/errors.ts';
import { attemptWrite } from './write-file.ts';

/** Lines are written in batches of about so many characters, where nobody flushes earlier. */
const BATCH = 65536;
export const LINE_END = 10;

export interface LineAppender {
  /** Where the next line begins. */
  readonly end: number;
  /** `line` with its end. */
  append(line: string): void;
  /** @throws TrexError for a full disk; then the file ends where it did. */
  flush(): void;
}

/** Appends lines behind the offset `begin` of an open file. */
export function appender(path: string, file: number, begin: number): LineAppender {
  let end = begin;
  let batch = '';
  const flush = (): void => {
    if (batch === '') return;
    const bytes = Buffer.from(batch);
    batch = '';
    let written = 0;
    try {
      written = attemptWrite(path, () => writeSync(file, bytes, 0, bytes.length, end));
      if (written < bytes.length) throw new TrexError(`${path}: cannot be written: the disk is full`);
    } catch (error) {
      cut(file, end);
      throw error;
    }
    end += written;
  };
  return {
    get end() {
      return end + Buffer.byteLength(batch);
    },
    append(line: string): void {
      batch += line;
      if (batch.length >= BATCH) flush();
    },
    flush,
  };
}

/** A torn line goes; where even that is refused the next run cuts it off. */
function cut(file: number, end: number): void {
  try {
    ftruncateSync(file, end);
  } catch {}
}

/** A file that stays open and is read up to `end`, whatever is written behind it or takes its name. */
export interface Held {
  readonly file: number;
  readonly end: number;
}

/** A stream would close the file. */
function* chunksOf({ file, end }: Held): Generator<Buffer> {
  for (let at = 0; at < end; ) {
    const chunk = Buffer.allocUnsafe(Math.min(BATCH, end - at));
    const read = readSync(file, chunk, 0, chunk.length, at);
    if (read === 0) return;
    at += read;
    yield chunk.subarray(0, read);
  }
}

/** Lines without their end, with the offset behind each; a torn one at the end is not among them. */
export async function* wholeLines(
  path: string,
  held?: Held,
): AsyncGenerator<{ line: Uint8Array; after: number }> {
  let rest = Buffer.alloc(0);
  let after = 0;
  for await (const chunk of held === undefined ? createReadStream(path) : chunksOf(held)) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    let from = 0;
    for (let to = rest.indexOf(LINE_END); to >= 0; to = rest.indexOf(LINE_END, from)) {
      const line = rest.subarray(from, to);
      from = to + 1;
      after += line.length + 1;
      yield { line, after };
    }
    rest = rest.subarray(from);
  }
}
