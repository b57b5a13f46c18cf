/** The blocks of a study, as they are asked for: points that are done, and those of other shards, are left out. */
import type { StoredFile } from '../../arch/source-files.ts';
import { turn } from '../../base/turn.ts';
import { VERSION } from '../../base/version.ts';
import type { Block, Job } from './job.ts';
import { metricOf } from './metric-names.ts';
import type { FileLookup } from './point-files.ts';
import { type Hash, pointId } from './point-id.ts';
import { allPoints, type Point } from './points.ts';
import { Routes } from './routes.ts';
import type { Study } from './study.ts';

/** Closed-form points take a fraction of a millisecond each: a block of them outweighs its way to a thread and back. */
const CHEAP_BLOCK = 500;
/** Events take longer than any way; a block is what is lost when a process is killed. */
const SLOW_BLOCK = 1;
/** Texts of files that may travel with one block. */
const MOST_FILES = 64;

/** Points that are passed over between two looks at signals. */
const CALM_POINTS = 2048;

/** Which points of a study: number `index` (from 1) of `count` equal parts. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

export interface BlocksOptions {
  readonly lookup: FileLookup;
  readonly hash: Hash;
  readonly shard?: Shard | undefined;
  /** Absent: all of the shard. */
  readonly points?: Iterable<Point> | undefined;
  /** Whether the point has a row already. */
  isDone(id: string): boolean;
}

/** The points of a shard, in order. */
export function* shardPoints(study: Study, shard: Shard = { index: 1, count: 1 }): Generator<Point> {
  // By the order of points, not by their numbers, so that conditions leave no shard empty.
  let n = 0;
  for (const { point } of allPoints(study.points)) if (n++ % shard.count === shard.index - 1) yield point;
}

/** The job of a point. */
export function jobOf(
  study: Study,
  { values, seed }: Point,
  { lookup, hash }: Pick<BlocksOptions, 'lookup' | 'hash'>,
): Job {
  const { inputs } = lookup.of(values);
  return {
    id: pointId({ metrics: study.metrics, values, iso: study.iso, seed, inputs }, hash),
    point: values,
    seed,
    inputs,
  };
}

/** Points in one block. */
function blockSize(study: Study): number {
  const routes = new Routes(study.metrics);
  const paths = [...Object.keys(study.iso), ...study.varied];
  const optionsOf = (name: string): string[] =>
    paths.flatMap(path => {
      const route = routes.of(path);
      return 'metric' in route && route.metric === name ? [route.option] : [];
    });
  return study.metrics.every(name => metricOf(name).isCheap(optionsOf(name))) ? CHEAP_BLOCK : SLOW_BLOCK;
}

export async function* blocksOf(study: Study, options: BlocksOptions): AsyncGenerator<Block> {
  const size = blockSize(study);
  const { metrics, iso } = study;
  let jobs: Job[] = [];
  let files = new Map<string, StoredFile>();
  const block = (): Block => ({ version: VERSION, metrics, iso, files: [...files.values()], jobs });
  let passed = 0;
  for (const point of options.points ?? shardPoints(study, options.shard)) {
    const job = jobOf(study, point, options);
    if (options.isDone(job.id)) {
      // Signals get in while many points are passed over.
      if (++passed % CALM_POINTS === 0) await turn();
      continue;
    }
    const own = options.lookup.of(point.values).files;
    if (jobs.length >= size || (jobs.length > 0 && files.size + own.length > MOST_FILES)) {
      yield block();
      jobs = [];
      files = new Map();
    }
    jobs.push(job);
    for (const file of own) files.set(file.path, file);
  }
  if (jobs.length > 0) yield block();
}
