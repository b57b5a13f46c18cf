/** Results of several folders as one: the shards of a study, in the order of its points. */
import { TrexError } from '../../../base/errors.ts';
import { VERSION } from '../../../base/version.ts';
import { firstDifference } from '../../../run/node/difference.ts';
import type { SealedRow } from '../job.ts';
import { openResults, storedRows } from './results-file.ts';
import { readRecord, type StudyRecord } from './study-record.ts';

interface Source {
  readonly dir: string;
  readonly record: StudyRecord;
  /** From 1, of `count`. */
  readonly index: number;
  readonly count: number;
}

/** What a merged folder holds. */
export interface MergeOutcome {
  readonly name: string;
  readonly points: number;
  readonly failed: number;
}

/**
 * Puts the rows of `dirs` together in `out`, which is new or goes on with the same.
 * @throws TrexError: folders of other studies, files or versions, a shard that is missing, twice or not finished (1).
 */
export async function merge(dirs: readonly string[], out: string): Promise<MergeOutcome> {
  const sources = dirs.map(sourceOf).sort((a, b) => a.index - b.index);
  const [first, ...others] = sources;
  for (const other of others) checkSame(first, other);
  checkShards(sources);
  const results = await openResults(out, { rerun: false, retryFailed: false, onDamage: () => {} });
  try {
    const ids: string[] = [];
    for await (const row of inTurn(sources)) {
      if (!results.has(row.id)) results.append([row]);
      ids.push(row.id);
    }
    if (results.size > ids.length)
      throw new TrexError(`${out}: has rows of another study: take another folder`);
    results.describe(whole(sources, ids.length));
    await results.finish(ids);
    return { name: first.record.name, points: ids.length, failed: results.failed };
  } finally {
    results.close();
  }
}

/** What is said of all rows: not every shard reads every file. */
function whole(sources: readonly Source[], points: number): StudyRecord {
  const [{ record }] = sources;
  const files = new Map(sources.flatMap(source => source.record.files).map(file => [file.path, file]));
  const inputs = Object.assign({}, ...sources.map(source => source.record.inputs)) as StudyRecord['inputs'];
  return { ...record, points, shard: null, files: [...files.values()], inputs };
}

/** Shard i has every n-th point from the i-th on: taken in turn they are in order. */
async function* inTurn(sources: readonly Source[]): AsyncGenerator<SealedRow> {
  const open = sources.map(({ dir }) => ({ dir, rows: storedRows(dir), taken: 0 }));
  for (let isLeft = true; isLeft; ) {
    isLeft = false;
    for (const source of open) {
      const next = await source.rows.next();
      if (next.done === true) continue;
      isLeft = true;
      source.taken++;
      yield next.value;
    }
  }
  for (const [i, { dir, taken }] of open.entries()) {
    const { points } = sources[i].record;
    if (taken !== points)
      throw new TrexError(
        `${dir}: has ${taken} rows of ${points} points: its sweep is not finished, the same command goes on`,
      );
  }
}

/** @throws TrexError: missing (4), not of this program (3) or this version (1) */
function sourceOf(dir: string): Source {
  const record = readRecord(dir);
  if (record.version !== VERSION)
    throw new TrexError(
      `${dir}: is of trex ${record.version}, this is ${VERSION}: sweep it again with --rerun`,
    );
  const [index, count] = (record.shard ?? '1/1').split('/').map(Number);
  return { dir, record, index, count };
}

function checkSame(first: Source, other: Source): void {
  const refuse = (why: string): never => {
    throw new TrexError(`${other.dir}: is of another study than ${first.dir}: ${why}`);
  };
  const difference = firstDifference(first.record.study, other.record.study);
  if (difference !== undefined) refuse(difference.replace(', now ', ' there, here '));
  // Not every shard reads every file.
  const known = new Map(first.record.files.map(file => [file.path, file.sha256]));
  const changed = other.record.files.find(({ path, sha256 }) => (known.get(path) ?? sha256) !== sha256);
  if (changed !== undefined) refuse(`${changed.path} was another file`);
  if (other.count !== first.count) refuse(`one of ${other.count} shards, not of ${first.count}`);
}

function checkShards(sources: readonly Source[]): void {
  const [{ count }] = sources;
  const seen = new Map<number, string>();
  for (const { index, dir } of sources) {
    const before = seen.get(index);
    if (before !== undefined) throw new TrexError(`${dir}: is shard ${index}/${count}, as ${before} is`);
    seen.set(index, dir);
  }
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter(index => !seen.has(index));
  if (missing.length > 0)
    throw new TrexError(
      `shard ${missing.map(i => `${i}/${count}`).join(', ')} is missing: name its folder too`,
    );
}
