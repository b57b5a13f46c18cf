/** The folder of an optimisation or a search: outcomes, measurements and a checkpoint that a killed run goes on from, and the results. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { EXIT, TrexError } from '../../base/errors.ts';
import { checkOf, openedBytes, sealedBytes } from '../../base/sealed.ts';
import { statOf } from '../../run/node/read-file.ts';
import { openStateLog, type StateSpec } from '../../run/node/state-log.ts';
import { checkResumable, writeWhole } from '../../run/node/write-file.ts';
import type { Checkpoint } from '../evaluator.ts';
import { outcomeSchema } from '../outcome-schema.ts';
import type { Outcome, ProgressStore } from '../store.ts';

const PROGRESS = 'progress.ndjson';
const CHECKPOINT = 'checkpoint.bin';
/** The model file, and the weights of the network without reuse and of the chosen one. */
export const NETWORK = 'network.yaml';
export const WEIGHTS = { base: 'base.safetensors', final: 'weights.safetensors' } as const;

/** A full disk, a failed evaluator, Ctrl-C. */
const RESUMABLE: readonly number[] = [EXIT.failed, EXIT.interrupted];

export interface FolderStore extends ProgressStore {
  /** A file of the folder, whole or not at all. */
  write(name: string, content: string | Uint8Array): void;
  /** Undefined if it is not there yet. */
  read(name: string): Uint8Array | undefined;
  /** Lets other processes in. */
  close(): void;
}

const entrySchema = z.union([
  z.strictObject({
    outcome: outcomeSchema,
    stage: z.enum(['base', 'partial', 'final']),
    /** Checksum of the file of weights that belongs to it; null: none. */
    weights: z.string().nullable(),
  }),
  z.strictObject({ measured: z.unknown() }),
]);
type Entry = z.infer<typeof entrySchema>;
type Trained = Extract<Entry, { outcome: Outcome }>;

/** Before anything is computed: whether `dir` can take the files. @throws TrexError */
export function checkStore(dir: string): void {
  checkResumable(dir, PROGRESS, 'a training or a search');
}

export type StoreOptions = Pick<
  StateSpec<Entry>,
  'dir' | 'command' | 'begin' | 'force' | 'results' | 'onDamage'
>;

/**
 * Opens the progress in `dir`, or begins it; `force` forgets an earlier one, with its `results`.
 * @throws TrexError as `openStateLog`
 */
export async function openStore({ results, onDamage, ...spec }: StoreOptions): Promise<FolderStore> {
  const { dir } = spec;
  const trained = new Map<string, Trained>();
  const measured = new Map<string, unknown>();
  const log = await openStateLog<Entry>({
    ...spec,
    name: PROGRESS,
    results: [...results, CHECKPOINT],
    schema: entrySchema,
    onEntry(key, entry) {
      if ('measured' in entry) measured.set(key, entry.measured);
      else keep(trained, key, entry);
    },
    onDamage,
  });
  for (const [id, wrong] of withoutWeights(dir, trained)) {
    trained.delete(id);
    onDamage(`${wrong}; ${id} is trained again`);
  }
  const append = (key: string, entry: Entry): void => {
    log.append(key, entry);
    log.flush();
  };
  const outcomes = new Map([...trained].map(([id, { outcome }]) => [id, outcome]));
  return {
    outcomes,
    measured,
    measure(id, value) {
      measured.set(id, value);
      append(id, { measured: value });
    },
    finish(id, stage, outcome, weights) {
      const kept = stage === 'partial' ? null : weights;
      if (kept !== null) writeWhole(join(dir, weightsOf(stage)), kept);
      outcomes.set(id, outcome);
      append(id, { outcome, stage, weights: kept === null ? null : checkOf(kept) });
      rmSync(join(dir, CHECKPOINT), { force: true });
    },
    checkpoint: id => checkpointAt(join(dir, CHECKPOINT), id, onDamage),
    write: (name, content) => writeWhole(join(dir, name), content),
    read: name => (statOf(join(dir, name)) === undefined ? undefined : plainBytes(join(dir, name))),
    close: log.close,
  };
}

const weightsOf = (stage: 'base' | 'final' | 'partial'): string =>
  stage === 'base' ? WEIGHTS.base : WEIGHTS.final;

/** A later outcome with weights has overwritten those of an earlier one. */
function keep(trained: Map<string, Trained>, id: string, entry: Trained): void {
  if (entry.weights !== null)
    for (const [other, { stage, weights }] of trained)
      if (stage === entry.stage && weights !== null) trained.delete(other);
  trained.set(id, entry);
}

/** Jobs whose weights are not those that they left. */
function withoutWeights(dir: string, trained: ReadonlyMap<string, Trained>): [string, string][] {
  return [...trained].flatMap(([id, { stage, weights }]): [string, string][] => {
    if (weights === null) return [];
    const path = join(dir, weightsOf(stage));
    if (statOf(path) === undefined) return [[id, `${path}: is not there any more`]];
    const is = checkOf(plainBytes(path));
    return is === weights ? [] : [[id, `${path}: has checksum ${is}, expected ${weights}: it was changed`]];
  });
}

/** The state of one job, behind a line with its name. */
function checkpointAt(path: string, id: string, onDamage: (message: string) => void): Checkpoint {
  const head = new TextEncoder().encode(`${id}\n`);
  return {
    load() {
      if (statOf(path) === undefined) return undefined;
      const opened = openedBytes(plainBytes(path));
      if ('wrong' in opened) {
        onDamage(`${path}: ${opened.wrong}; the training that it is of begins anew`);
        return undefined;
      }
      const bytes = opened.content;
      return head.every((byte, i) => bytes[i] === byte) ? bytes.slice(head.length) : undefined;
    },
    save(state) {
      const bytes = new Uint8Array(head.length + state.length);
      bytes.set(head);
      bytes.set(state, head.length);
      writeWhole(path, sealedBytes(bytes));
    },
  };
}

const plainBytes = (path: string): Uint8Array => new Uint8Array(readFileSync(path));

/** A run that stops has lost nothing but the epoch that it was in; wrong options would stop it again. */
export function withResumeHint(error: unknown, dir: string): unknown {
  if (!(error instanceof TrexError) || !RESUMABLE.includes(error.exitCode)) return error;
  const message = error.exitCode === EXIT.interrupted ? 'interrupted' : error.message;
  return new TrexError(`${message}; the same command goes on from ${dir}`, error.exitCode);
}
