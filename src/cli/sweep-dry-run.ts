/** `trex sweep --dry-run`: the points of a study, and how long they may take. */
import { blockSize, jobOf, type Shard, shardPoints } from '../explore/studies/blocks-of.ts';
import { noPoint } from '../explore/studies/check-study.ts';
import { diskHashing } from '../explore/studies/node/hashing.ts';
import { FileLookup } from '../explore/studies/point-files.ts';
import { budgetOf } from '../explore/studies/search-spec.ts';
import type { Study } from '../explore/studies/study.ts';
import { shownValue, type Values } from '../explore/studies/value.ts';
import { nodeFiles } from '../run/node/files.ts';

/** Points that are shown. */
const MOST_SHOWN = 20;

export interface DryRun {
  readonly study: string;
  readonly metrics: readonly string[];
  readonly points: number;
  /** Of them that its search looks at, at most; null without one. */
  readonly searched: number | null;
  /** Points that travel together. */
  readonly blockSize: number;
  readonly shown: readonly { readonly id: string; readonly seed: number; readonly point: Values }[];
}

/** @throws TrexError for a study without points */
export function dryRun(study: Study, shard: Shard | undefined): DryRun {
  const hashing = diskHashing();
  const jobs = { lookup: new FileLookup(study, nodeFiles, hashing), hash: hashing.hash };
  const shown: DryRun['shown'][number][] = [];
  let points = 0;
  for (const point of shardPoints(study, shard)) {
    if (points++ >= MOST_SHOWN) continue;
    const { id, seed, point: values } = jobOf(study, point, jobs);
    shown.push({ id, seed, point: values });
  }
  if (points === 0) throw noPoint(study.file.name);
  const { size, seeds } = study.points.designs;
  const searched = study.search === undefined ? null : budgetOf(study.search, size) * seeds;
  return { study: study.name, metrics: study.metrics, points, searched, blockSize: blockSize(study), shown };
}

export function dryRunText({ study, metrics, points, searched, shown }: DryRun): string {
  const lines = shown.map(({ id, seed, point }) => {
    const values = Object.entries(point).map(([path, value]) => `${path}=${shownValue(value)}`);
    return `${id}  ${values.join('  ')}  seed=${seed}`;
  });
  const more = points > shown.length ? [`... and ${points - shown.length} more`] : [];
  const search = searched === null ? '' : `, of which a search looks at ${searched} at most`;
  return `${[`${study}: ${points} points of ${metrics.join(', ')}${search}`, ...lines, ...more].join('\n')}\n`;
}
