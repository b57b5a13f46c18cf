/** `trex reproduce`: repeats the paper's comparisons on networks that two cores can train, and writes docs/results.md. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { CommandModule } from 'yargs';
import { countedJobs, type JobFiles, keptJobs } from '../../studies/reproduce/jobs.ts';
import type { Workplace } from '../../studies/reproduce/lab.ts';
import { resultsPage } from '../../studies/reproduce/page.ts';
import { fullStudy, smallStudy } from '../../studies/reproduce/tasks.ts';
import { unknownName } from '../base/errors.ts';
import type { MvmBackend } from '../numerics/mvm/backend.ts';
import { loadArch, loadModel } from '../run/node/load.ts';
import { startThreads } from '../train/node/threads.ts';
import { openBackend } from './io/backend.ts';
import { Bars } from './io/bars.ts';
import { interruptible } from './io/interrupt.ts';
import { statOf } from './io/read-file.ts';
import { writeWhole } from './io/write-file.ts';
import { codeHash } from './reproduce/code.ts';

const STUDIES = { full: fullStudy, small: smallStudy };

interface ReproduceArguments {
  readonly write: string;
  readonly cache: string;
  readonly study: string;
  readonly quiet: boolean;
}

async function handler({ write, cache, study: name, quiet }: ReproduceArguments): Promise<void> {
  if (!Object.hasOwn(STUDIES, name)) throw unknownName('study', name, Object.keys(STUDIES));
  const study = STUDIES[name as keyof typeof STUDIES];
  for (const folder of [cache, dirname(write)]) mkdirSync(folder, { recursive: true });
  let backend: Promise<MvmBackend> | undefined;
  const common = {
    study,
    threads: availableParallelism(),
    startHelpers: startThreads,
    backend: () => (backend ??= openBackend({ backend: 'auto', gpuMode: undefined, threads: undefined })),
    loadModel: (word: string) => loadModel(word).model,
    loadArch: (word: string, tech?: string, set: readonly string[] = []) =>
      loadArch(word, { tech, set }).arch,
  } satisfies Omit<Workplace, 'jobs'>;
  const counted = countedJobs();
  const figures = basename(write).replace(/\.md$/, '');
  await resultsPage({ ...common, jobs: counted }, figures);

  const bars = new Bars(quiet);
  bars.label('reproduce', 's of work');
  const total = Math.ceil(counted.seconds());
  const pause = interruptible(async () => {});
  const jobs = keptJobs(diskFiles(cache), codeHash(), {
    onProgress: (label, done) => {
      bars.label(label, 's of work');
      bars.set(Math.round(done), total);
    },
    pause: () => pause(0, 0),
  });
  try {
    const files = await resultsPage({ ...common, jobs }, figures);
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

export const reproduceCommand: CommandModule<object, ReproduceArguments> = {
  command: 'reproduce',
  describe: "Repeat the paper's comparisons on small networks, trained here: docs/results.md",
  builder: yargs =>
    yargs
      .option('write', {
        type: 'string',
        default: 'docs/results.md',
        describe: 'The page; figures and tables go into a folder of its name',
      })
      .option('cache', {
        type: 'string',
        default: 'trex-out/reproduce',
        describe: 'What every job found: a run that is cut off goes on from here',
      })
      .option('study', { type: 'string', default: 'full', describe: 'full | small (to try it out)' })
      .option('quiet', { type: 'boolean', default: false, describe: 'No progress' }) as never,
  handler,
};
