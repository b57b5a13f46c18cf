/** The trace of a run as a gzip file, compressed while the run goes on: memory stays bounded by the pauses of the run. */
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { TrexError } from '../../base/errors.ts';
import { type Trace, type Traced, traceEvents } from '../../report/trace.ts';
import { atExit } from '../../run/node/at-exit.ts';

const CHUNK = 2 ** 16;
const NAME = 'trace.json.gz';

export interface TraceFile {
  /** Starts to write what `traced` does. */
  attach(traced: Traced): void;
  /** Waits until the disk has caught up. @throws TrexError when it cannot be written. */
  drain(): Promise<void>;
  /** Completes the file; its path, from which the caller moves it. @throws TrexError when it cannot be written. */
  close(): Promise<string>;
  /** Removes what was written, moved files excepted. */
  discard(): Promise<void>;
}

/** A trace in a temporary folder below `parent`. @throws TrexError when none can be made there. */
export function openTrace(parent: string = tmpdir()): TraceFile {
  const folder = makeFolder(parent);
  const path = join(folder, NAME);
  const gzip = createGzip();
  let failure: Error | undefined;
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const stay = atExit(remove);
  const written = pipeline(gzip, createWriteStream(`${path}.tmp`)).catch((error: Error) => {
    failure = error;
  });
  let trace: Trace | undefined;
  let chunk = '';

  const flush = (): void => {
    if (chunk !== '' && failure === undefined) gzip.write(chunk);
    chunk = '';
  };
  const write = (text: string): void => {
    chunk += text;
    if (chunk.length >= CHUNK) flush();
  };
  return {
    attach(traced: Traced): void {
      trace = traceEvents(traced, write);
    },
    async drain(): Promise<void> {
      if (gzip.writableNeedDrain) await Promise.race([once(gzip, 'drain').catch(() => {}), written]);
      if (failure !== undefined) fail(failure);
    },
    async close(): Promise<string> {
      trace?.close();
      flush();
      gzip.end();
      await written;
      if (failure !== undefined) fail(failure);
      await rename(`${path}.tmp`, path).catch(fail);
      return path;
    },
    async discard(): Promise<void> {
      gzip.destroy();
      await written;
      await rm(folder, { recursive: true, force: true });
      stay();
    },
  };
}

function makeFolder(parent: string): string {
  try {
    return mkdtempSync(join(parent, 'trex-trace-'));
  } catch (error) {
    return fail(error as Error);
  }
}

function fail(error: Error): never {
  throw new TrexError(`the trace cannot be written: ${error.message}`);
}
