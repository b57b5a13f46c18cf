/** The folder of an optimisation or a search: outcomes, measurements and a checkpoint that a killed run goes on from, and the results. */

import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, TrexError } from '../../base/errors.ts';
import { jsonText } from '../../base/json-text.ts';
import { statOf } from '../../run/node/read-file.ts';
import { checkResumable, writeWhole } from '../../run/node/write-file.ts';
import type { Checkpoint } from '../evaluator.ts';
import type { Outcome, ProgressStore } from '../store.ts';

const PROGRESS = 'progress.json';
const CHECKPOINT = 'checkpoint.bin';
/** The model file, and the weights of the network without reuse and of the chosen one. */
export const NETWORK = 'network.yaml';
export const WEIGHTS = { base: 'base.safetensors', final: 'weights.safetensors' } as const;

/** A full disk, a failed evaluator, Ctrl-C. */
const RESUMABLE: readonly number[] = [EXIT.failed, EXIT.interrupted];

/** All that the outcomes depend on; a run goes on only from its own. */
export type StoreHeader = Readonly<Record<string, unknown>>;

export interface FolderStore extends ProgressStore {
  /** A file of the folder, whole or not at all. */
  write(name: string, content: string | Uint8Array): void;
  /** Undefined if it is not there yet. */
  read(name: string): Uint8Array | undefined;
}

interface Progress {
  readonly begin: StoreHeader;
  readonly outcomes: Readonly<Record<string, Outcome>>;
  readonly measured?: Readonly<Record<string, unknown>>;
}

/** Before anything is computed: whether `dir` can take the files. @throws TrexError */
export function checkStore(dir: string): void {
  checkResumable(dir, PROGRESS, 'such a run');
}

/**
 * Opens the progress in `dir`, or begins it; `force` forgets an earlier one, with its `results`.
 * @throws TrexError: a folder of something else, progress of other options, a full or read-only disk.
 */
export function openStore(
  dir: string,
  begin: StoreHeader,
  force: boolean,
  results: readonly string[],
): FolderStore {
  checkStore(dir);
  try {
    mkdirSync(dir, { recursive: true });
  } catch (error) {
    throw new TrexError(`${dir}: cannot be written: ${(error as Error).message}`);
  }
  const path = join(dir, PROGRESS);
  if (force) for (const name of [...results, CHECKPOINT]) rmSync(join(dir, name), { force: true });
  const known = force || statOf(path) === undefined ? { outcomes: {} } : readProgress(path, begin);
  const outcomes = new Map(Object.entries(known.outcomes));
  const measured = new Map(Object.entries(known.measured ?? {}));
  const save = (): void => {
    const progress: Progress = {
      begin,
      outcomes: Object.fromEntries(outcomes),
      ...(measured.size > 0 && { measured: Object.fromEntries(measured) }),
    };
    writeWhole(path, jsonText(progress));
  };
  save();
  return {
    outcomes,
    measured,
    measure(id, value) {
      measured.set(id, value);
      save();
    },
    finish(id, stage, outcome, weights) {
      if (weights !== null && stage !== 'partial') writeWhole(join(dir, WEIGHTS[stage]), weights);
      outcomes.set(id, outcome);
      save();
      rmSync(join(dir, CHECKPOINT), { force: true });
    },
    checkpoint: id => checkpointAt(join(dir, CHECKPOINT), id),
    write: (name, content) => writeWhole(join(dir, name), content),
    read: name => (statOf(join(dir, name)) === undefined ? undefined : plainBytes(join(dir, name))),
  };
}

function readProgress(path: string, begin: StoreHeader): Omit<Progress, 'begin'> {
  let progress: Partial<Progress>;
  try {
    progress = JSON.parse(readFileSync(path, 'utf8')) as Partial<Progress>;
  } catch (error) {
    throw damaged(path, (error as Error).message);
  }
  if (typeof progress?.begin !== 'object' || typeof progress.outcomes !== 'object')
    throw damaged(path, 'it has no "begin" and "outcomes"');
  const [was, is] = [progress.begin, begin].map(value => JSON.parse(JSON.stringify(value)) as StoreHeader);
  const other = Object.keys({ ...was, ...is }).find(
    key => JSON.stringify(was[key]) !== JSON.stringify(is[key]),
  );
  if (other !== undefined)
    throw new TrexError(
      `${path}: its ${other} is ${short(was[other])}, now ${short(is[other])}: not the same run; --force begins anew`,
    );
  return { outcomes: progress.outcomes, ...(progress.measured && { measured: progress.measured }) };
}

/** The state of one job, behind a line with its name. */
function checkpointAt(path: string, id: string): Checkpoint {
  const head = new TextEncoder().encode(`${id}\n`);
  return {
    load() {
      if (statOf(path) === undefined) return undefined;
      const bytes = plainBytes(path);
      return head.every((byte, i) => bytes[i] === byte) ? bytes.slice(head.length) : undefined;
    },
    save(state) {
      const bytes = new Uint8Array(head.length + state.length);
      bytes.set(head);
      bytes.set(state, head.length);
      writeWhole(path, bytes);
    },
  };
}

const plainBytes = (path: string): Uint8Array => new Uint8Array(readFileSync(path));

const damaged = (path: string, why: string): TrexError =>
  new TrexError(`${path}: not the progress of such a run: ${why}`, EXIT.invalidFile);

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
};

/** A run that stops has lost nothing but the epoch that it was in; wrong options would stop it again. */
export function withResumeHint(error: unknown, dir: string): unknown {
  if (!(error instanceof TrexError) || !RESUMABLE.includes(error.exitCode)) return error;
  const message = error.exitCode === EXIT.interrupted ? 'interrupted' : error.message;
  return new TrexError(`${message}; the same options go on from ${dir}`, error.exitCode);
}
