/** `trex sweep`: the points of a study, each once, into a folder that goes on where it was left. */

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { TrexError, usageError } from '../base/errors.ts';
import { wholeNumber } from '../base/whole-number.ts';
import type { Shard } from '../explore/studies/blocks-of.ts';
import { frontText } from '../explore/studies/front-text.ts';
import { type DryRun, dryRun, dryRunText } from '../explore/studies/node/dry-run.ts';
import type { Engine } from '../explore/studies/node/engine.ts';
import { writeFront } from '../explore/studies/node/front-files.ts';
import { inlineEngine } from '../explore/studies/node/inline-engine.ts';
import type { RedisEngineOptions } from '../explore/studies/node/redis/redis-engine.ts';
import { RESULTS } from '../explore/studies/node/results-file.ts';
import { type SearchedStudy, type SearchOutcome, searchStudy } from '../explore/studies/node/search-study.ts';
import { type SweepOptions, type SweepOutcome, sweep } from '../explore/studies/node/sweep.ts';
import { loadStudy, type Study } from '../explore/studies/study.ts';
import { nodeFiles } from '../run/node/files.ts';
import { type EngineArguments, engineFlags, engineUrl } from './io/engine-flags.ts';
import { flag, noProgressFlag, number, text } from './io/flags.ts';
import { keeps } from './io/interrupt.ts';
import type { FormatArguments } from './io/output-format.ts';
import { commandOutput, warn } from './io/print.ts';
import { ProgressBars } from './io/progress-bars.ts';

/** Takes what is queued out of Redis. */
const FAREWELL_MS = 950;

interface SweepArguments extends FormatArguments, EngineArguments {
  readonly study: string;
  readonly out: string | undefined;
  readonly jobs: number | undefined;
  readonly dryRun: boolean;
  readonly shard: string | undefined;
  readonly rerun: boolean;
  readonly retryFailed: boolean;
  readonly quiet: boolean;
}

interface Shown {
  readonly study: Study;
  readonly dir: string;
  readonly outcome: SweepOutcome | SearchOutcome;
}

const output = commandOutput<Shown | DryRun>({
  formats: {
    json: {
      describe: 'What was done, or is to be, as JSON on stdout',
      value: shown => ('outcome' in shown ? jsonOf(shown) : shown),
    },
  },
  text: (shown, width) => ('outcome' in shown ? summary(shown, width) : dryRunText(shown, width)),
});

const jsonOf = ({ study, dir, outcome }: Shown) => ({
  study: study.name,
  results: join(dir, RESULTS),
  points: outcome.points,
  evaluated: outcome.evaluated,
  failed: outcome.failed,
  ...('front' in outcome && {
    front: outcome.front,
    progress: outcome.progress,
    box: outcome.box ?? null,
  }),
});

function summary({ study, dir, outcome }: Shown, width: number): string {
  const { points, evaluated, failed } = outcome;
  const failures = failed === 0 ? '' : `, ${failed} of them with an error`;
  const done = `${study.name}: ${points} points${failures}; ${evaluated} evaluated now\nresults ${join(dir, RESULTS)}\n`;
  return 'front' in outcome ? `${done}\n${frontText(study.search!, outcome, width)}\n` : done;
}

/** "2/8". @throws TrexError (usage) */
function parseShard(text: string | undefined): Shard | undefined {
  if (text === undefined) return undefined;
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (index === undefined || Number(index) < 1 || Number(index) > Number(count))
    throw usageError(`--shard ${text}: expected i/n, i from 1 to n, e.g. 2/8`);
  return { index: Number(index), count: Number(count) };
}

const isSearched = (outcome: SweepOutcome): outcome is SearchOutcome => 'front' in outcome;
const hasSearch = (study: Study): study is SearchedStudy => study.search !== undefined;

/** Threads of this machine; the pool is loaded only where there is one. */
async function localEngine(jobs: number): Promise<Engine> {
  if (jobs === 1) return inlineEngine();
  return (await import('../explore/studies/node/pool-engine.ts')).poolEngine(jobs);
}

/** Other machines. */
const remoteEngine = async (options: RedisEngineOptions): Promise<Engine> =>
  (await import('../explore/studies/node/redis/redis-engine.ts')).redisEngine(options);

async function handler(args: SweepArguments): Promise<void> {
  output.chosen(args);
  const { out: dir, quiet, rerun, retryFailed } = args;
  const jobs = args.jobs === undefined ? availableParallelism() : wholeNumber('jobs', args.jobs, 1, 1024);
  const shard = parseShard(args.shard);
  const url = engineUrl(args);
  const study = loadStudy(nodeFiles, args.study);
  if (shard !== undefined && study.search !== undefined)
    throw usageError(
      `--shard ${args.shard} has no effect on a search: each generation follows from the last`,
    );
  if (args.dryRun) {
    output.print(args, await dryRun(study, shard, jobs));
    return;
  }
  if (dir === undefined) throw usageError('sweep needs --out DIR, the folder of its results; or --dry-run');
  const bars = new ProgressBars(quiet);
  try {
    const total = { points: 0 };
    const options: SweepOptions = {
      dir,
      rerun,
      retryFailed,
      engine: points =>
        url === undefined
          ? localEngine(Math.min(jobs, points))
          : remoteEngine({ url, study, dir, say: bars.say }),
      onDamage: message => warn([message], quiet),
      onBegin: (done, points) => {
        total.points = points;
        bars.onProgress({ label: 'sweep', unit: 'points', done, total: points });
        keeps(`finished points are kept: the same command goes on from ${dir}`, {
          ...(url !== undefined && { within_ms: FAREWELL_MS }),
        });
      },
      pause: bars.counting('sweep', 'points'),
    };
    const outcome = hasSearch(study)
      ? await searchStudy(study, options)
      : await sweep(study, shard === undefined ? options : { ...options, shard });
    bars.done();
    if (isSearched(outcome)) await writeFront(dir, study.name, outcome);
    output.print(args, { study, dir, outcome });
    // What cannot be built is no slip of a search, but one that finds nothing else is.
    if (isSearched(outcome) && outcome.front.length > 0) return;
    if (outcome.failed > 0) throw new TrexError(failedText(outcome));
  } finally {
    bars.done();
  }
}

function failedText({ failed, points, firstError }: SweepOutcome): string {
  const first = firstError === undefined ? '' : `, first: ${firstError.split('\n')[0]}`;
  return `${failed} of ${points} points failed${first}; their rows say why, --retry-failed tries them again`;
}

export const sweepCommand: CommandModule<object, SweepArguments> = {
  command: 'sweep <study>',
  describe: 'Run the points of a study on all cores; goes on where it was left',
  builder: yargs =>
    yargs
      .positional('study', {
        type: 'string',
        demandOption: true,
        describe: 'A YAML file: what stays (iso), what varies (vary), what is measured (metrics)',
      })
      .options({
        jobs: number('Points at a time  [default: cores]', 'Run:'),
        ...engineFlags,
        shard: text('Only part i of n equal ones, 2/8; `trex merge` puts them together', 'Run:'),
        rerun: flag('Begin anew', 'Run:'),
        'retry-failed': flag('Try points with an error again', 'Run:'),
        'dry-run': flag('Print the points, and how long they may take by the first ones', 'Run:'),
        out: text('Folder of results.ndjson, a row a point: the same command goes on there', 'Output:'),
        ...output.flags,
        quiet: noProgressFlag,
      })
      .example('$0 sweep study.yaml --out sweep1', 'All points; again: those that are missing')
      .example('$0 sweep study.yaml --out part2 --shard 2/8', 'One of eight machines')
      .example(
        '$0 sweep study.yaml --out sweep1 --engine redis://host',
        'On every `trex worker` there',
      ) as never,
  handler,
};
