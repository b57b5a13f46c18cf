/** `npm run reproduce`: repeats the paper's comparisons on networks that two cores can train, and writes docs/results.md. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { TrexError, unknownName, usageError } from '../../src/base/errors.ts';
import { ProgressBars } from '../../src/cli/io/progress-bars.ts';
import type { MvmBackend } from '../../src/numerics/mvm/backend.ts';
import { openBackend } from '../../src/numerics/mvm/node/open-backend.ts';
import { statOf } from '../../src/run/node/read-file.ts';
import { writeWhole } from '../../src/run/node/write-file.ts';
import { startThreads } from '../../src/train/node/threads.ts';
import { codeHash } from './code-hash.ts';
import { countedJobs, type JobFiles, resumableJobs } from './jobs.ts';
import { resultsPage } from './page.ts';
import { fullStudy, smallStudy } from './tasks.ts';

const STUDIES = { full: fullStudy, small: smallStudy };

interface ReproduceOptions {
  readonly write: string;
  readonly cache: string;
  readonly study: string;
  readonly quiet: boolean;
}

async function reproduce({ write, cache, study: name, quiet }: ReproduceOptions): Promise<void> {
  if (!Object.hasOwn(STUDIES, name)) throw unknownName('study', name, Object.keys(STUDIES));
  for (const folder of [cache, dirname(write)]) mkdirSync(folder, { recursive: true });
  let backend: Promise<MvmBackend> | undefined;
  const context = {
    study: STUDIES[name as keyof typeof STUDIES],
    threads: availableParallelism(),
    startHelpers: startThreads,
    backend: () => (backend ??= openBackend({ backend: 'auto', gpuMode: undefined, threads: undefined })),
  };
  const counted = countedJobs();
  const figures = basename(write).replace(/\.md$/, '');
  await resultsPage({ ...context, jobs: counted }, figures);

  const bars = new ProgressBars(quiet);
  const total = Math.ceil(counted.seconds());
  const jobs = resumableJobs(diskFiles(cache), codeHash(), {
    onProgress: (label, done) => bars.onProgress({ label, unit: 's of work', done: Math.round(done), total }),
    pause: bars.pause,
  });
  try {
    const files = await resultsPage({ ...context, jobs }, figures);
    writeWhole(write, files.page);
    const folder = join(dirname(write), figures);
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries(files.beside)) writeWhole(join(folder, file), text);
  } finally {
    bars.done();
    await (await backend)?.dispose();
  }
}

const diskFiles = (folder: string): JobFiles => ({
  read: name => {
    const path = join(folder, name);
    return statOf(path) === undefined ? undefined : new Uint8Array(readFileSync(path));
  },
  write: (name, content) => writeWhole(join(folder, name), content),
  remove: name => rmSync(join(folder, name), { force: true }),
});

const parser = yargs(hideBin(process.argv))
  .scriptName('npm run reproduce --')
  .usage("$0\n\nRepeat the paper's comparisons on small networks, trained here: docs/results.md")
  .options({
    write: {
      type: 'string',
      default: 'docs/results.md',
      describe: 'The page; figures and tables go into a folder of its name',
    },
    cache: {
      type: 'string',
      default: 'trex-out/reproduce',
      describe: 'What every job found: a run that is cut off goes on from here',
    },
    study: { type: 'string', default: 'full', describe: 'full | small (to try it out)' },
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
