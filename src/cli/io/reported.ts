/** What a report or a figure is of: a result of `trex run`, which is run again under observation, or the folder of a study. */
import { basename, dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { EXIT, missingError, TrexError } from '../../base/errors.ts';
import { accuracyNumbers } from '../../report/html/accuracy-numbers.ts';
import {
  HEADLINE,
  type Headline,
  headlineIn,
  MEASURED,
  type RunReport,
} from '../../report/html/run-report.ts';
import { type StudyReport, studyReport } from '../../report/html/study-report.ts';
import { differenceWarnings } from '../../run/differences.ts';
import { nodeFiles } from '../../run/node/files.ts';
import { readBytes, statOf } from '../../run/node/read-file.ts';
import { runReported } from '../../run/report.ts';
import { rerunOf } from '../../run/rerun.ts';
import { loadRun } from '../../run/run.ts';
import type { ProgressBars } from './progress-bars.ts';

const RESULT = 'result.json';
const STUDY = 'results.ndjson';

export type Source = { readonly path: string } & ({ readonly kind: 'run' } | { readonly kind: 'study' });

/** @throws TrexError: no such file or folder (4), or one without results (3). */
export function sourceOf(path: string): Source {
  const stats = statOf(path);
  if (stats === undefined) throw missingError(`${path}: no such file or folder`);
  if (!stats.isDirectory()) return { kind: path.endsWith('.ndjson') ? 'study' : 'run', path };
  const [study, result] = [join(path, STUDY), join(path, RESULT)];
  if (statOf(study)?.isFile()) return { kind: 'study', path: study };
  if (statOf(result)?.isFile()) return { kind: 'run', path: result };
  throw new TrexError(
    `${path}: has neither ${RESULT} nor ${STUDY}: expected the folder of trex run or of a study`,
    EXIT.invalidFile,
  );
}

/** Where a report goes that is given no place: beside what it is of. */
export const besideSource = ({ path }: Source, name: string): string => join(dirname(path), name);

/** @throws TrexError as `studyReport`. */
export function reportOfStudy({ path }: Source): StudyReport {
  return studyReport(nameOf(dirname(resolve(path))), path, new TextDecoder().decode(readBytes(path)));
}

const studySchema = z.looseObject({ name: z.string().min(1) });

/** As the study calls itself in what stands beside its results, else as its folder is called. */
function nameOf(folder: string): string {
  const path = join(folder, 'study.json');
  if (!statOf(path)?.isFile()) return basename(folder);
  try {
    return studySchema.parse(JSON.parse(new TextDecoder().decode(readBytes(path)))).name;
  } catch (error) {
    throw new TrexError(
      `${path}: not the record of a study: ${(error as Error).message.split('\n')[0]}`,
      EXIT.invalidFile,
    );
  }
}

export interface RunSource {
  readonly bars: ProgressBars;
  /** Another result to compare with. */
  readonly baseline?: string | undefined;
  /** Without what it is compared with, for a figure. */
  readonly alone?: boolean;
}

/**
 * Runs a result again, under observation. @throws TrexError for a result whose figures this version does not give: a page shows
 * those of the file alone, and its pictures must be of the same run.
 */
export async function reportOfRun(
  { path }: Source,
  { bars, baseline, alone = false }: RunSource,
): Promise<{ report: RunReport; warnings: readonly string[] }> {
  const { run, files, warnings, held } = await rerunOf(path, readBytes(path), nodeFiles);
  // Before what takes long.
  if ('accuracy' in held) accuracyNumbers(held.accuracy, path);
  const other = baseline === undefined ? undefined : await baselineOf(baseline);
  let what = 'run';
  // An accuracy stands in the file: what is run again is the cost.
  const { report } = await runReported(loadRun({ ...run, accuracy: undefined }, files), {
    files,
    held,
    baseline: other,
    alone,
    onRun: name => {
      what = name;
    },
    pause: (done, total) => bars.counting(what, 'jobs')(done, total),
  });
  const costs = Object.fromEntries(Object.entries(held).filter(([name]) => !MEASURED.includes(name)));
  const [difference] = differenceWarnings(path, costs, report.result);
  if (difference !== undefined)
    throw new TrexError(
      `${difference}: run it again with this version, trex run ${path} --out DIR, for a report`,
    );
  return { report, warnings: warnings.filter(line => !line.startsWith('not here as')) };
}

async function baselineOf(path: string): Promise<{ readonly title: string; readonly figures: Headline }> {
  const source = sourceOf(path);
  if (source.kind === 'study')
    throw new TrexError(`${path}: a baseline is a result of trex run, not a study`, EXIT.invalidFile);
  const { held } = await rerunOf(source.path, readBytes(source.path), nodeFiles);
  const figures = headlineIn(held);
  if (figures === undefined)
    throw new TrexError(
      `${source.path}: not a whole result: a baseline needs ${HEADLINE.join(', ')}`,
      EXIT.invalidFile,
    );
  return { title: basename(path) === RESULT ? basename(dirname(resolve(path))) : basename(path), figures };
}
