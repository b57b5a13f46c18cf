/** Results of several folders as one: the shards of a study, in the order of its points. */
import { join } from 'node:path';
import * as z from 'zod';
import { problemIn } from '../../../arch/issues.ts';
import { TrexError } from '../../../base/errors.ts';
import { VERSION } from '../../../base/version.ts';
import { firstDifference } from '../../../run/node/difference.ts';
import { readBytes } from '../../../run/node/read-file.ts';
import { invalidFile } from '../../../workload/import/tensor.ts';
import type { SealedRow } from '../job.ts';
import { openResults, STUDY, storedRows } from './results-file.ts';

/** What a folder says of its rows. */
const recordSchema = z.strictObject({
  schemaVersion: z.literal(1),
  version: z.string(),
  name: z.string(),
  study: z.record(z.string(), z.json()),
  points: z.int(),
  shard: z.string().nullable(),
  files: z.array(z.strictObject({ path: z.string(), sha256: z.string() })),
});

interface Source {
  readonly dir: string;
  readonly record: z.output<typeof recordSchema>;
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
    const { schemaVersion, version, name, study, files } = first.record;
    results.describe({ schemaVersion, version, name, study, points: ids.length, shard: null, files });
    await results.finish(ids);
    return { name, points: ids.length, failed: results.failed };
  } finally {
    results.close();
  }
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
  const path = join(dir, STUDY);
  const text = new TextDecoder().decode(readBytes(path));
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw invalidFile(`${path}: not JSON: ${(error as Error).message}`);
  }
  const read = recordSchema.safeParse(content);
  if (!read.success)
    throw invalidFile(`${path}: ${problemIn(Object(content), read.error.issues, recordSchema)}`);
  const record = read.data;
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
