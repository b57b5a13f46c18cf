/** What an optimisation or a search keeps, so that it can go on where it was cut off. */
import * as z from 'zod';
import type { Checkpoint, Stage } from './evaluator.ts';

/** What is known of a job that has ended. */
export type Outcome = TrainedOutcome | { readonly failed: string };

/** A training that ended: loss in nats, accuracy where it was measured. */
export interface TrainedOutcome {
  readonly loss: number;
  readonly accuracy: number | null;
  readonly lossHistory: readonly number[];
  readonly warnings: readonly string[];
}

export const failedOf = (outcome: Outcome): string | null => ('failed' in outcome ? outcome.failed : null);

/** Trainings. */
export interface OutcomeStore {
  /** Of jobs that have ended, by id. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Weights first, then the outcome: a job with an outcome has its weights. */
  finish(id: string, stage: Stage, outcome: Outcome, weights: Uint8Array | null): void;
  /** Where the state of a job is kept while it is at work. */
  checkpoint(id: string): Checkpoint;
}

/** Plain data by name, as JSON gives them back. */
export interface Measurements {
  readonly measured: ReadonlyMap<string, unknown>;
  /** Keeps a measurement under its name. */
  measure(id: string, value: unknown): void;
}

export interface ProgressStore extends OutcomeStore, Measurements {}

/** What is known by that name, if it is as `schema` has it. */
const knownOf = <T>({ measured }: Measurements, id: string, schema: z.ZodType<T>): T | undefined =>
  schema.safeParse(measured.get(id)).data;

/** What is known by that name, or what `compute` gives. */
export async function memoized<T>(
  store: Measurements,
  id: string,
  schema: z.ZodType<T>,
  compute: () => Promise<T> | T,
): Promise<T> {
  const known = knownOf(store, id, schema);
  if (known !== undefined) return known;
  const value = await compute();
  store.measure(id, value);
  return value;
}

/** A map that grows, kept piece by piece. */
export interface KeptMap<T> {
  readonly values: Map<string, T>;
  /** Keeps what has come since the last time. */
  save(): void;
}

/** The map of that name, with the values that are known. */
export function keptMap<T>(store: Measurements, name: string, schema: z.ZodType<T>): KeptMap<T> {
  const pieces = z.array(z.tuple([z.string(), schema]));
  const values = new Map<string, T>();
  let piece = 0;
  const idOf = (n: number): string => `${name} ${n}`;
  for (let known = knownOf(store, idOf(0), pieces); known !== undefined; ) {
    for (const [key, value] of known) values.set(key, value);
    known = knownOf(store, idOf(++piece), pieces);
  }
  let kept = values.size;
  return {
    values,
    save() {
      if (values.size === kept) return;
      store.measure(idOf(piece++), [...values].slice(kept));
      kept = values.size;
    },
  };
}

/** Keeps nothing beyond the call, and no weights. */
export function memoryStore(): ProgressStore {
  const outcomes = new Map<string, Outcome>();
  const measured = new Map<string, unknown>();
  return {
    outcomes,
    measured,
    finish: (id, _, outcome) => outcomes.set(id, outcome),
    checkpoint: () => ({ load: () => undefined, save: () => {} }),
    measure: (id, value) => measured.set(id, value),
  };
}
