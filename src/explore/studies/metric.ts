/** A metric: what is measured of a point. One file of `metrics/` each. */
import * as z from 'zod';
import type { Files } from '../../arch/source-files.ts';
import { count } from '../../base/fields.ts';
import { MOST_IMAGES } from '../../base/limits.ts';
import type { DataFiles } from '../../data/data-files.ts';
import type { MvmBackend } from '../../numerics/mvm/backend.ts';
import { GENERATION_OPTIONS } from '../../report/generation.ts';
import { ARRIVAL_GRAMMAR, isArrival } from '../../run/arrivals.ts';
import { isReuseText, REUSE_GRAMMAR } from '../../workload/reuse.ts';
import type { Value, Values } from './value.ts';

/** Words of a study that are no path of a file: those of `trex run`. */
export const WORDS = [
  ...(['arch', 'tech', 'model', 'reuse', 'tokens', 'images', 'arrival'] as const),
  ...GENERATION_OPTIONS,
] as const;
export type Word = (typeof WORDS)[number];

/** What paths begin with that reach into a file. */
export const FILE_ROOTS = ['arch', 'tech', 'digital', 'model'] as const;
export type FileRoot = (typeof FILE_ROOTS)[number];

/** A point as a metric sees it. */
export interface MetricInput {
  readonly words: { readonly [word in Word]?: Value };
  /** `path=value` on top of the files, as of `--set`. */
  readonly set: readonly string[];
  /** Of the metric itself: `xbar.rows` is `rows`. */
  readonly options: Values;
  readonly seed: number;
}

/** What the host brings to measure points. */
export interface MetricHost {
  readonly files: Files;
  /** Weights and data. */
  readonly disk?: DataFiles | undefined;
  /** Opens the back end of crossbars: the same one for many points. */
  readonly backend?: (() => Promise<MvmBackend>) | undefined;
  /** Called now and then; may throw to stop. */
  readonly pause?: (() => Promise<void>) | undefined;
  /** Of what points have in common, such as parsed files; kept as long as the host likes. */
  readonly cache: Map<string, unknown>;
}

/** An option of a metric. */
export interface MetricOption {
  readonly schema: z.ZodType;
  /** Names a file or a folder on the disk. */
  readonly isPath?: boolean;
}

const name = { schema: z.string({ error: 'expected a name' }) };
const LEAST = 'expected a whole number of at least 1';
const arrival = `expected ${ARRIVAL_GRAMMAR}`;
const reuse = `expected ${REUSE_GRAMMAR}`;

const whole = { schema: z.int({ error: LEAST }).min(1, { error: LEAST }).nullable() };

/** What the words may be, as far as they say so without a file. */
export const WORD_OPTIONS: Readonly<Record<Word, MetricOption>> = {
  arch: name,
  tech: name,
  model: name,
  reuse: { schema: z.string({ error: reuse }).refine(isReuseText, { error: reuse }) },
  tokens: whole,
  images: { schema: count(1, MOST_IMAGES).nullable() },
  arrival: { schema: z.string({ error: arrival }).refine(isArrival, { error: arrival }) },
  prefill: whole,
  decode: whole,
  batch: whole,
};

export interface Metric {
  readonly name: string;
  /** Its figures stand at the top of a row, not under its name. */
  readonly isTop?: boolean;
  readonly describe: string;
  /** The words that it takes, and those that it cannot do without. */
  readonly words: readonly Word[];
  readonly needs: readonly Word[];
  /** The files that it reads. */
  readonly roots: readonly FileRoot[];
  /** Its options as `trex <metric>` names them, without the name of the metric. */
  readonly options: Readonly<Record<string, MetricOption>>;
  /** What it cannot do without and these options do not say; undefined where nothing is missing. */
  lacks?(options: readonly string[]): string | undefined;
  /** A closed form: many points a block. */
  isCheap(options: readonly string[]): boolean;
  /** What it gives, for whoever reads rows. */
  readonly output: z.ZodType;
  /** Reads the files of a point, and does no more. @throws TrexError */
  read(input: MetricInput, files: Files): void;
  /** Its figures, plain data. @throws TrexError for a point that cannot be. */
  measure(input: MetricInput, host: MetricHost): Promise<Readonly<Record<string, unknown>>>;
}

const MOST_CACHED = 64;

/** What `make` gave for that key, or gives now; the oldest of more than `most` goes. @throws whatever `make` does */
export function cached<T>(cache: Map<string, unknown>, key: string, make: () => T, most = MOST_CACHED): T {
  if (cache.has(key)) return cache.get(key) as T;
  const made = make();
  if (cache.size >= most) cache.delete(cache.keys().next().value!);
  cache.set(key, made);
  return made;
}

/** Text of a word that is there. */
export const textOf = (value: Value | undefined): string | undefined =>
  value === undefined || value === null ? undefined : String(value);
