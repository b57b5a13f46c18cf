/** `trex sweep --dry-run`: the points of a study, and how long they may take by the first ones. */
import type { StoredFile } from '../../../arch/source-files.ts';
import { significant } from '../../../base/units.ts';
import { VERSION } from '../../../base/version.ts';
import { table } from '../../../report/table.ts';
import { nodeFiles } from '../../../run/node/files.ts';
import { jobOf, type Shard, shardPoints } from '../blocks-of.ts';
import { noPoint } from '../check-study.ts';
import { evaluateBlock } from '../evaluate.ts';
import type { Block, Job } from '../job.ts';
import { FileLookup } from '../point-files.ts';
import { budgetOf } from '../search-spec.ts';
import type { Study } from '../study.ts';
import { shownValue, type Values } from '../value.ts';
import { evaluationHost } from './evaluation-host.ts';
import { diskHashing } from './hashing.ts';

/** Points that are shown. */
const MOST_SHOWN = 20;
/** Points that are tried, at most and for how long. */
const MOST_TRIED = 500;
const MOMENT_MS = 200;

/** What a study would do. */
export interface DryRun {
  readonly study: string;
  readonly metrics: readonly string[];
  readonly points: number;
  /** Of them that its search looks at, at most; null without one. */
  readonly searched: number | null;
  readonly jobs: number;
  /** Mean of the first points, as many as are evaluated in a moment, once all is loaded. */
  readonly secondsPerPoint: number;
  /** Why the first of these points that fails cannot be; null where none does. */
  readonly firstError: string | null;
  readonly shown: readonly { readonly id: string; readonly seed: number; readonly point: Values }[];
}

/** @throws TrexError for a study without points */
export async function dryRun(study: Study, shard: Shard | undefined, threads: number): Promise<DryRun> {
  const hashing = diskHashing();
  const host = { lookup: new FileLookup(study, nodeFiles, hashing), hash: hashing.hash };
  const jobs: Job[] = [];
  const files = new Map<string, StoredFile>();
  let points = 0;
  for (const point of shardPoints(study, shard)) {
    if (points++ >= MOST_TRIED) continue;
    jobs.push(jobOf(study, point, host));
    for (const file of host.lookup.of(point.values).files) files.set(file.path, file);
  }
  if (points === 0) throw noPoint(study.file.name, shard);
  const { size, seeds } = study.points.designs;
  const searched = study.search === undefined ? null : Math.min(points, budgetOf(study.search, size) * seeds);
  const { metrics, iso, name } = study;
  const measured = await measure({ version: VERSION, metrics, iso, files: [...files.values()], jobs });
  const shown = jobs.slice(0, MOST_SHOWN).map(({ id, seed, point }) => ({ id, seed, point }));
  return { study: name, metrics, points, searched, jobs: threads, ...measured, shown };
}

/** What a point takes, and the first error. The first point comes twice: the first time all is loaded, and the code is new. */
async function measure(block: Block): Promise<Pick<DryRun, 'secondsPerPoint' | 'firstError'>> {
  const { jobs } = block;
  const ends: number[] = [];
  let firstError: string | null = null;
  for await (const { error } of evaluateBlock({ ...block, jobs: [jobs[0], ...jobs] }, evaluationHost)) {
    firstError ??= error ?? null;
    ends.push(performance.now());
    if (ends.length > 1 && ends.at(-1)! - ends[0] > MOMENT_MS) break;
  }
  // The first half warms up.
  const half = ends.length >> 1;
  return { secondsPerPoint: (ends.at(-1)! - ends[half - 1]) / 1000 / (ends.length - half), firstError };
}

/** For a terminal of `width` columns. */
export function dryRunText(run: DryRun, width: number): string {
  const { study, metrics, points, searched, jobs, secondsPerPoint, firstError, shown } = run;
  const paths = [...new Set(shown.flatMap(({ point }) => Object.keys(point)))];
  const rows = shown.map(({ id, seed, point }) => [
    // Enough of it to tell points apart.
    id.slice(0, 9),
    ...paths.map(path => (point[path] === undefined ? '-' : shownValue(point[path]))),
    `${seed}`,
  ]);
  const more = points > shown.length ? [`... and ${points - shown.length} more`] : [];
  const search = searched === null ? '' : `, of which a search looks at ${searched} at most`;
  const total = ((searched ?? points) * secondsPerPoint) / Math.min(jobs, points);
  return `${[
    `${study}: ${points} points of ${metrics.join(', ')}${search}`,
    table([['id', ...paths, 'seed'], ...rows], { width }),
    ...more,
    `estimate ${timeText(total)} on ${jobs} ${jobs === 1 ? 'core' : 'cores'}: a point takes ${significant(secondsPerPoint * 1000, 3)} ms`,
    ...(firstError === null ? [] : [`a point fails: ${firstError.split('\n')[0]}`]),
  ].join('\n')}\n`;
}

function timeText(seconds: number): string {
  if (seconds < 120) return `${significant(seconds, 2)} s`;
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}
