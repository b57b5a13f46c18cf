/** `npm run reproduce`: repeats the paper's comparisons on networks that two cores can train, and writes docs/results.md and docs/trends.md. */
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { TrexError, unknownName, usageError } from '../../src/base/errors.ts';
import { wholeNumber } from '../../src/base/whole-number.ts';
import { ProgressBars } from '../../src/cli/io/progress-bars.ts';
import type { MvmBackend } from '../../src/numerics/mvm/backend.ts';
import { openBackend } from '../../src/numerics/mvm/node/open-backend.ts';
import { writeWhole } from '../../src/run/node/write-file.ts';
import { startThreads } from '../../src/train/node/threads.ts';
import { codeHash } from './code-hash.ts';
import { diskFiles } from './disk-files.ts';
import { countedJobs, resumableJobs } from './jobs.ts';
import { resultsPage } from './page.ts';
import { fullStudy, type Study, smallStudy } from './tasks.ts';
import { trendsPage } from './trends-page.ts';

const STUDIES = { full: fullStudy, small: smallStudy };
/** By the name of the file, and of the folder of its figures. */
const PAGES = { trends: trendsPage, results: resultsPage };

interface ReproduceOptions {
  readonly write: string;
  readonly page: readonly string[];
  readonly cache: string;
  readonly study: string;
  readonly seeds: readonly number[] | undefined;
  readonly threads: number;
  readonly quiet: boolean;
}

async function reproduce(options: ReproduceOptions): Promise<void> {
  const { write, page: pages, cache, study: name, seeds, threads, quiet } = options;
  if (!Object.hasOwn(STUDIES, name)) throw unknownName('study', name, Object.keys(STUDIES));
  for (const page of pages)
    if (!Object.hasOwn(PAGES, page)) throw unknownName('page', page, Object.keys(PAGES));
  if (seeds !== undefined && !pages.includes('trends'))
    throw usageError('--seeds has no effect unless --page is trends');
  wholeNumber('threads', threads, 1);
  for (const seed of seeds ?? []) wholeNumber('seeds', seed);
  for (const folder of [cache, write]) mkdirSync(folder, { recursive: true });
  let backend: Promise<MvmBackend> | undefined;
  const context = {
    study: withSeeds(STUDIES[name as keyof typeof STUDIES], seeds),
    threads,
    startHelpers: startThreads,
    backend: () => (backend ??= openBackend({ backend: 'auto', gpuMode: undefined, threads: undefined })),
  };
  const counted = countedJobs();
  const wanted = Object.entries(PAGES).filter(([page]) => pages.includes(page));
  for (const [page, make] of wanted) await make({ ...context, jobs: counted }, page);

  const bars = new ProgressBars(quiet);
  const total = Math.ceil(counted.seconds());
  const jobs = resumableJobs(diskFiles(cache), codeHash(), {
    onProgress: (label, done) => bars.onProgress({ label, unit: 's of work', done: Math.round(done), total }),
    pause: bars.pause,
  });
  try {
    for (const [page, make] of wanted) {
      const files = await make({ ...context, jobs }, page);
      writeWhole(join(write, `${page}.md`), files.page);
      const folder = join(write, page);
      mkdirSync(folder, { recursive: true });
      for (const [file, text] of Object.entries(files.beside)) writeWhole(join(folder, file), text);
    }
  } finally {
    bars.done();
    await (await backend)?.dispose();
  }
}

const withSeeds = (study: Study, seeds: readonly number[] | undefined): Study =>
  seeds === undefined ? study : { ...study, trends: { ...study.trends, seeds } };

const parser = yargs(hideBin(process.argv))
  .scriptName('npm run reproduce --')
  .usage(
    "$0\n\nRepeat the paper's comparisons on small networks, trained here: docs/results.md, docs/trends.md",
  )
  .options({
    write: {
      type: 'string',
      default: 'docs',
      describe: 'Folder for the pages; figures and tables go into folders of their names',
    },
    page: {
      type: 'string',
      array: true,
      default: Object.keys(PAGES),
      describe: 'trends (three seeds, what could explain a difference held equal) | results (all else)',
    },
    cache: {
      type: 'string',
      default: 'trex-out/reproduce',
      describe: 'What every job found: a run that is cut off goes on from here',
    },
    study: { type: 'string', default: 'full', describe: 'full | small (to try it out)' },
    seeds: { type: 'number', array: true, describe: 'Of trends; default those of the study' },
    threads: {
      type: 'number',
      default: availableParallelism(),
      describe: 'Threads that train; any number gives the same bytes',
    },
    quiet: { type: 'boolean', default: false, describe: 'No progress' },
  })
  .version(false)
  .alias('h', 'help')
  .strict()
  .exitProcess(false)
  .fail((message, error) => {
    throw error ?? usageError(message);
  });

try {
  const args = await parser.parseAsync();
  if (!('help' in args && args.help)) await reproduce(args);
} catch (error) {
  if (!(error instanceof TrexError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
