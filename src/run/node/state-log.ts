/**
 * A log that a later run goes on from: what the run was begun with, then one entry per finished piece of work, each line
 * behind its checksum (`base/sealed.ts`). A line that is damaged is done again; one that was cut off while it was written,
 * too. One process at a time has it.
 */
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { problemIn } from '../../arch/issues.ts';
import { EXIT, TrexError } from '../../base/errors.ts';
import { openedLine, sealedLine } from '../../base/sealed.ts';
import { atExit } from './at-exit.ts';
import { firstDifference } from './difference.ts';
import { appender, LINE_END, wholeLines } from './line-file.ts';
import { openAtEnd, ownFolder } from './own-folder.ts';
import { statOf } from './read-file.ts';
import { writeWhole } from './write-file.ts';

export interface StateSpec<T> {
  readonly dir: string;
  /** Of the file in it. */
  readonly name: string;
  /** Who writes it: `trex xbar`. */
  readonly command: string;
  /** All that the entries depend on; a run goes on only from its own. */
  readonly begin: Readonly<Record<string, unknown>>;
  /** Forgets an earlier run, with the files `results` of the folder. */
  readonly force: boolean;
  readonly results: readonly string[];
  /** Of the value of an entry. */
  readonly schema: z.ZodType<T>;
  /** Keys are 0, 1, 2 ...: behind a line that is missing nothing is taken. Else they name pieces of work in any order. */
  readonly ordered?: boolean;
  /** Called with each good entry, in the order of the file; of one key the last holds. */
  onEntry(key: string, value: T): void | Promise<void>;
  /** Hears, in a line for people, of what is damaged and done again. */
  onDamage(message: string): void;
}

export interface StateLog<T> {
  append(key: string, value: T): void;
  /** Writes what is not on the disk yet. @throws TrexError for a full disk. */
  flush(): void;
  /** Flushes, and lets other processes in. */
  close(): void;
}

/**
 * Opens the log in `dir`, or begins it.
 * @throws TrexError: a folder of something else, or another process at work there (1), a log of other options or inputs (1),
 * one without checksums or with a damaged beginning (3), a read-only disk (1).
 */
export async function openStateLog<T>(spec: StateSpec<T>): Promise<StateLog<T>> {
  const { dir, name, command, begin, force, results } = spec;
  const lock = await ownFolder({ dir, file: name, command, forget: force ? [name, ...results] : [] });
  try {
    const path = join(dir, name);
    const end = statOf(path) === undefined ? 0 : await takeUp(path, spec);
    const file = openAtEnd(path, end);
    const log = appender(path, file, end);
    if (end === 0) log.append(sealedLine({ command, begin }));
    log.flush();
    const close = (): void => {
      stay();
      try {
        log.flush();
      } finally {
        closeSync(file);
        lock.release();
      }
    };
    const stay = atExit(close);
    return {
      append: (key, value) => log.append(sealedLine({ key, value })),
      flush: log.flush,
      close,
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Hands over the good entries; where the file goes on, 0 for a new beginning. A damaged one is written anew without the bad lines. */
async function takeUp<T>(path: string, spec: StateSpec<T>): Promise<number> {
  const good: Uint8Array[] = [];
  let [number, end, damaged, entries] = [0, 0, false, 0];
  for await (const { line, after } of wholeLines(path)) {
    number++;
    const wrong = number === 1 ? checkBegin(line, path, spec) : await takeEntry(line, `${entries}`, spec);
    if (wrong === undefined) {
      if (number > 1) entries++;
      end = after;
      if (spec.ordered !== true) good.push(line, Uint8Array.of(LINE_END));
      continue;
    }
    damaged = true;
    const what = spec.ordered === true ? 'what stood there and behind it' : 'what stood there';
    spec.onDamage(`${path}:${number}: ${wrong}; ${what} is done again`);
    if (spec.ordered === true) break;
  }
  if (!damaged || spec.ordered === true) return end;
  const whole = Buffer.concat(good);
  writeWhole(path, whole);
  return whole.length;
}

/** @throws TrexError for the log of another run, or a damaged beginning: nothing of what follows can be trusted to be this run's. */
function checkBegin<T>(line: Uint8Array, path: string, { begin, command }: StateSpec<T>): undefined {
  const refuse = (why: string, code: typeof EXIT.failed | typeof EXIT.invalidFile): never => {
    throw new TrexError(`${path}:1: ${why}; --force begins anew`, code);
  };
  const opened = openedLine(line);
  if ('wrong' in opened) return refuse(opened.wrong, EXIT.invalidFile);
  const { content } = opened;
  const { command: of } = content;
  if (typeof of !== 'string')
    return refuse('is no beginning of a log: it names no command', EXIT.invalidFile);
  if (of !== command) return refuse(`is a log of ${of}, not of ${command}`, EXIT.failed);
  const other = firstDifference(content.begin, begin);
  return other === undefined ? undefined : refuse(`${other}: not the same run`, EXIT.failed);
}

/** What is wrong with an entry; undefined if it was taken. */
async function takeEntry<T>(line: Uint8Array, next: string, spec: StateSpec<T>): Promise<string | undefined> {
  const opened = openedLine(line);
  if ('wrong' in opened) return opened.wrong;
  const schema = z.strictObject({ key: z.string(), value: spec.schema });
  const entry = schema.safeParse(opened.content);
  if (!entry.success) return problemIn(opened.content, entry.error.issues, schema);
  const { key, value } = entry.data;
  if (spec.ordered === true && key !== next) return `is entry ${key}, expected ${next}`;
  await spec.onEntry(key, value);
  return undefined;
}

/** The values of a log, one by one, without a lock; up to the first that is not as `schema` has it. */
export async function* storedValues<T>(path: string, schema: z.ZodType<T>): AsyncGenerator<T> {
  let isFirst = true;
  for await (const { line } of wholeLines(path)) {
    const opened = openedLine(line);
    if ('wrong' in opened) return;
    const value = isFirst ? undefined : schema.safeParse(opened.content.value);
    isFirst = false;
    if (value?.success === false) return;
    if (value !== undefined) yield value.data;
  }
}
