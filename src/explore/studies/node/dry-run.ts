/** `trex sweep --dry-run`: the points of a study, and how long they may take by the first of them. */
import { significant } from '../../../base/units.ts';
import { VERSION } from '../../../base/version.ts';
import { table } from '../../../report/table.ts';
import { nodeFiles } from '../../../run/node/files.ts';
import { jobOf, type Shard, shardPoints } from '../blocks-of.ts';
import { noPoint } from '../check-study.ts';
import { evaluateBlock } from '../evaluate.ts';
import { FileLookup } from '../point-files.ts';
import { budgetOf } from '../search-spec.ts';
import type { Study } from '../study.ts';
import { shownValue, type Values } from '../value.ts';
import { evaluationHost } from './evaluation-host.ts';
import { diskHashing } from './hashing.ts';

/** Points that are shown. */
const MOST_SHOWN = 20;

/** What a study would do. */
export interface DryRun {
  readonly study: string;
  readonly metrics: readonly string[];
  readonly points: number;
  /** Of them that its search looks at, at most; null without one. */
  readonly searched: number | null;
  readonly jobs: number;
  /** Of the first point, evaluated once and again: what it takes when all is loaded. */
  readonly secondsPerPoint: number;
  readonly shown: readonly { readonly id: string; readonly seed: number; readonly point: Values }[];
}

/** @throws TrexError for a study without points */
export async function dryRun(study: Study, shard: Shard | undefined, jobs: number): Promise<DryRun> {
  const hashing = diskHashing();
  const host = { lookup: new FileLookup(study, nodeFiles, hashing), hash: hashing.hash };
  const shown: DryRun['shown'][number][] = [];
  let points = 0;
  let secondsPerPoint = 0;
  for (const point of shardPoints(study, shard)) {
    if (points++ >= MOST_SHOWN) continue;
    const job = jobOf(study, point, host);
    if (points === 1) {
      const { metrics, iso } = study;
      const { files } = host.lookup.of(point.values);
      let begin = 0;
      // Twice: the first time all is loaded, and the code is new.
      for await (const _ of evaluateBlock(
        { version: VERSION, metrics, iso, files, jobs: [job, job] },
        evaluationHost,
      )) {
        const now = performance.now();
        secondsPerPoint = (now - begin) / 1000;
        begin = now;
      }
    }
    shown.push({ id: job.id, seed: job.seed, point: job.point });
  }
  if (points === 0) throw noPoint(study.file.name, shard);
  const { size, seeds } = study.points.designs;
  const searched = study.search === undefined ? null : Math.min(points, budgetOf(study.search, size) * seeds);
  return { study: study.name, metrics: study.metrics, points, searched, jobs, secondsPerPoint, shown };
}

/** For a terminal of `width` columns. */
export function dryRunText(run: DryRun, width: number): string {
  const { study, metrics, points, searched, jobs, secondsPerPoint, shown } = run;
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
    `estimate ${timeText(total)} on ${jobs} ${jobs === 1 ? 'core' : 'cores'}: the first point takes ${significant(secondsPerPoint * 1000, 3)} ms`,
  ].join('\n')}\n`;
}

function timeText(seconds: number): string {
  if (seconds < 120) return `${significant(seconds, 2)} s`;
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}
