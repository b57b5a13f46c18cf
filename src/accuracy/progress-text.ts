/** The text of a progress file: what a run was begun with, then one line per finished job (newline-delimited JSON). */
import { EXIT, TrexError } from '../base/errors.ts';
import type { JobRecord } from './jobs.ts';

/** What a result depends on; a file with other begins is another run's. */
export interface ProgressHeader {
  readonly schemaVersion: 1;
  readonly version: string;
  readonly run: Readonly<Record<string, unknown>>;
  readonly backend: Readonly<Record<string, unknown>>;
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
  readonly data: string;
}

/** What a progress file holds. */
export interface ProgressText {
  readonly records: ReadonlyMap<string, JobRecord>;
  /** Characters up to the end of the last whole line: what follows was cut off while it was written. */
  readonly whole: number;
}

/** The first line of a progress file. */
export const headerLine = (begin: ProgressHeader): string => `${JSON.stringify(begin)}\n`;
/** The line of a job that has ended. */
export const recordLine = (record: JobRecord): string => `${JSON.stringify(record)}\n`;

/**
 * The jobs that are done. @throws TrexError: no progress file or damaged (3), or begun with other inputs, with the
 * first that differs (1).
 */
export function parseProgress(text: string, begin: ProgressHeader, file: string): ProgressText {
  const whole = text.lastIndexOf('\n') + 1;
  const [first, ...lines] = text.slice(0, whole).split('\n').slice(0, -1);
  // The first line itself was cut off: nothing is done.
  if (first === undefined) return { records: new Map(), whole: 0 };
  const before = parseLine(first, file, 1) as Partial<ProgressHeader>;
  if (before.schemaVersion !== 1 || before.files === undefined)
    throw new TrexError(`${file}: no progress file of trex accuracy`, EXIT.invalidFile);
  const change = changed(before, begin);
  if (change !== undefined)
    throw new TrexError(`${file}: was begun with other inputs: ${change}; --force starts anew`);
  const records = new Map<string, JobRecord>();
  for (const [i, line] of lines.entries()) {
    const record = parseLine(line, file, i + 2) as Partial<JobRecord>;
    if (typeof record.key !== 'string' || record.tally === undefined)
      throw new TrexError(`${file}:${i + 2}: not a finished job`, EXIT.invalidFile);
    records.set(record.key, record as JobRecord);
  }
  return { records, whole };
}

/** What differs between two begins, for people. */
function changed(before: Partial<ProgressHeader>, now: ProgressHeader): string | undefined {
  if (before.version !== now.version) return `version ${before.version} of trex, now ${now.version}`;
  for (const key of ['run', 'backend'] as const)
    for (const name of new Set([...Object.keys(now[key]), ...Object.keys(before[key] ?? {})])) {
      const [was, is] = [before[key]?.[name], now[key][name]].map(v => JSON.stringify(v));
      if (was !== is) return `${key === 'run' ? name : `backend ${name}`} was ${was}, now ${is}`;
    }
  for (const { path, sha256 } of now.files)
    if (before.files?.find(f => f.path === path)?.sha256 !== sha256) return `${path} has changed`;
  if (JSON.stringify(before.files) !== JSON.stringify(now.files)) return 'other files';
  return before.data === now.data ? undefined : 'the data have changed';
}

function parseLine(line: string, file: string, number: number): object {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Refused below.
  }
  throw new TrexError(`${file}:${number}: not a line of a progress file`, EXIT.invalidFile);
}
