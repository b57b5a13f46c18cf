/** A study from its file to its results: points that have no row yet are evaluated by an engine, and their rows kept. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TrexError } from '../../../base/errors.ts';
import { turn } from '../../../base/turn.ts';
import { firstDifference } from '../../../run/node/difference.ts';
import { nodeFiles } from '../../../run/node/files.ts';
import { blocksOf, jobOf, type Shard, shardPoints } from '../blocks-of.ts';
import { noPoint } from '../check-study.ts';
import type { SealedRow } from '../job.ts';
import { FileLookup } from '../point-files.ts';
import type { Study } from '../study.ts';
import type { Engine } from './engine.ts';
import { diskHashing } from './hashing.ts';
import { openResults, type Results, STUDY } from './results-file.ts';
import { RowOrder } from './row-order.ts';
import { recordOf, type StudyRecord } from './study-record.ts';

/** Where the rows of a study go, who evaluates its points, and what the caller is told. */
export interface SweepOptions {
  readonly dir: string;
  /** Made once it is known that there is work. */
  readonly engine: (points: number) => Engine | Promise<Engine>;
  readonly shard?: Shard | undefined;
  readonly rerun?: boolean;
  readonly retryFailed?: boolean;
  /** Hears of damaged lines, whose points are done again. */
  onDamage?(message: string): void;
  /** Once, before the first point: points that have a row already, of how many. */
  onBegin?(done: number, total: number): void;
  /** Rows that are kept now. */
  onRows?(rows: readonly SealedRow[]): void;
  /** Called now and then; may throw to stop: what is done is kept. */
  pause?(done: number, total: number): Promise<void>;
}

/** What a sweep has done. */
export interface SweepOutcome {
  readonly points: number;
  /** Of them in this call. */
  readonly evaluated: number;
  /** Of all points, in this call or before. */
  readonly failed: number;
  /** The first of them, in words. */
  readonly firstError: string | undefined;
}

/**
 * Evaluates what of a study has no row in `dir` yet.
 * @throws TrexError: another process at work in the folder, rows of another study or version there, a disk that is full or
 * read-only (1), what the hooks throw. Points that cannot be are no error: their rows say why.
 */
export async function sweep(study: Study, options: SweepOptions): Promise<SweepOutcome> {
  const { dir, shard, rerun = false, retryFailed = false, onDamage = () => {} } = options;
  const hashing = diskHashing();
  const lookup = new FileLookup(study, nodeFiles, hashing);
  const breathe = (): Promise<void> => options.pause?.(0, study.points.size) ?? turn();
  let total = 0;
  for await (const point of calmly(shardPoints(study, shard), breathe)) {
    lookup.of(point.values);
    total++;
  }
  if (total === 0) throw noPoint(study.file.name, shard);
  const results = await openResults(dir, { rerun, retryFailed, onDamage });
  const jobs = { lookup, hash: hashing.hash };
  try {
    const { size: known, isNew } = results;
    const order = new RowOrder();
    const ids = (): AsyncIterable<string> =>
      calmly(idsOf(study, jobs, shard), () => options.pause?.(results.size, total) ?? turn());
    if (known > 0) await checkOwn(study, { results, lookup, shard, ids: ids() });
    results.describe(recordOf(study, lookup, total, shard));
    options.onBegin?.(known, total);
    let firstError: string | undefined;
    let evaluated = 0;
    if (known < total) {
      const engine = await options.engine(total - known);
      try {
        const blocks = blocksOf(study, { ...jobs, shard, isDone: id => results.has(id) });
        await engine.run(order.watched(blocks), {
          onRows: rows => {
            results.append(rows);
            order.saw(rows);
            evaluated += rows.length;
            firstError ??= rows.find(row => row.error !== undefined)?.error;
            options.onRows?.(rows);
          },
          pause: () => options.pause?.(results.size, total) ?? Promise.resolve(),
        });
      } finally {
        await engine.close();
      }
    }
    if (!isNew || !order.holds || results.size !== total) await results.finish(ids());
    return { points: total, evaluated, failed: results.failed, firstError };
  } finally {
    results.close();
  }
}

type Jobs = Parameters<typeof jobOf>[2];

function* idsOf(study: Study, jobs: Jobs, shard: Shard | undefined): Generator<string> {
  for (const point of shardPoints(study, shard)) yield jobOf(study, point, jobs).id;
}

/** Points between two looks at signals: a few ten milliseconds. */
const CALM_POINTS = 2048;

/** The same items, with a pause now and then: millions of them take seconds. */
async function* calmly<T>(items: Iterable<T>, pause: () => Promise<void>): AsyncGenerator<T> {
  let n = 0;
  for (const item of items) {
    yield item;
    if (++n % CALM_POINTS === 0) await pause();
  }
}

interface Held {
  readonly results: Results;
  readonly lookup: FileLookup;
  readonly shard: Shard | undefined;
  readonly ids: AsyncIterable<string>;
}

/** @throws TrexError for rows that are of no point of the study, with what has changed */
async function checkOwn(study: Study, { results, lookup, shard, ids }: Held): Promise<void> {
  let own = 0;
  for await (const id of ids) if (results.has(id)) own++;
  if (own === results.size) return;
  const { study: content, files } = recordOf(study, lookup, 0, shard);
  const why = firstDifference(describedIn(results.dir), { study: content, files });
  throw new TrexError(
    `${results.dir}: ${results.size - own} of its ${results.size} rows are of no point of ${study.file.name}${why === undefined ? '' : ` (${why})`}: take another folder, or --rerun to begin anew`,
  );
}

/** What a folder says of its rows; an empty object where it says nothing. */
function describedIn(dir: string): object {
  try {
    const { study, files } = JSON.parse(readFileSync(join(dir, STUDY), 'utf8')) as Partial<StudyRecord>;
    return { study, files };
  } catch {
    return {};
  }
}
