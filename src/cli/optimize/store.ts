/** The folder of an optimisation: outcomes and a checkpoint that a killed run goes on from, and the results. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, TrexError } from '../../errors.ts';
import type { Checkpoint } from '../../optimize/evaluator.ts';
import type { Outcome, SearchStore } from '../../optimize/search.ts';
import { statOf } from '../accuracy/read-file.ts';
import { writeWhole } from '../accuracy/write-file.ts';

const PROGRESS = 'progress.json';
const CHECKPOINT = 'checkpoint.bin';
/** Weights of the network without reuse, and of the chosen one. */
export const WEIGHTS = { base: 'base.safetensors', final: 'weights.safetensors' } as const;
export const NETWORK = 'network.yaml';
const RESULTS = ['result.json', 'patterns.csv', NETWORK, WEIGHTS.base, WEIGHTS.final];

/** All that the outcomes depend on; a run goes on only from its own. */
export type Begin = Readonly<Record<string, unknown>>;

export interface OptimizeStore extends SearchStore {
  /** A file of the folder, whole or not at all. */
  write(name: string, content: string | Uint8Array): void;
  /** Undefined if it is not there yet. */
  read(name: string): Uint8Array | undefined;
}

interface Progress {
  readonly begin: Begin;
  readonly outcomes: Readonly<Record<string, Outcome>>;
}

/** Before anything is computed: whether `dir` can take the files. @throws TrexError */
export function checkStore(dir: string): void {
  const stats = statOf(dir);
  if (stats === undefined) return;
  if (!stats.isDirectory()) throw new TrexError(`${dir}: a file of that name is in the way`);
  const names = readdirSync(dir);
  if (names.length > 0 && !names.includes(PROGRESS))
    throw new TrexError(`${dir}: is not empty and has no ${PROGRESS}: not the folder of an optimisation`);
}

/**
 * Opens the progress in `dir`, or begins it; `force` forgets an earlier one.
 * @throws TrexError: a folder of something else, progress of other words, a full or read-only disk.
 */
export function openStore(dir: string, begin: Begin, force: boolean): OptimizeStore {
  checkStore(dir);
  try {
    mkdirSync(dir, { recursive: true });
  } catch (error) {
    throw new TrexError(`${dir}: cannot be written: ${(error as Error).message}`);
  }
  const path = join(dir, PROGRESS);
  if (force) for (const name of [...RESULTS, CHECKPOINT]) rmSync(join(dir, name), { force: true });
  const outcomes = new Map(force || statOf(path) === undefined ? [] : readProgress(path, begin));
  const save = (): void => {
    const progress: Progress = { begin, outcomes: Object.fromEntries(outcomes) };
    writeWhole(path, `${JSON.stringify(progress, null, 2)}\n`);
  };
  save();
  return {
    outcomes,
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

function readProgress(path: string, begin: Begin): [string, Outcome][] {
  let progress: Partial<Progress>;
  try {
    progress = JSON.parse(readFileSync(path, 'utf8')) as Partial<Progress>;
  } catch (error) {
    throw damaged(path, (error as Error).message);
  }
  if (typeof progress?.begin !== 'object' || typeof progress.outcomes !== 'object')
    throw damaged(path, 'it has no "begin" and "outcomes"');
  const [was, is] = [progress.begin, begin].map(value => JSON.parse(JSON.stringify(value)) as Begin);
  const other = Object.keys({ ...was, ...is }).find(
    key => JSON.stringify(was[key]) !== JSON.stringify(is[key]),
  );
  if (other !== undefined)
    throw new TrexError(
      `${path}: its ${other} is ${short(was[other])}, now ${short(is[other])}: not the same run; --force begins anew`,
    );
  return Object.entries(progress.outcomes);
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
  new TrexError(`${path}: not the progress of an optimisation: ${why}`, EXIT.invalidFile);

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
};
