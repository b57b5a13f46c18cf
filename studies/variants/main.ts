/** `npm run variants`: trains variants of one small network with one budget, and writes docs/variants.md. */
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
import { codeHash } from '../reproduce/code-hash.ts';
import { diskFiles } from '../reproduce/disk-files.ts';
import { countedJobs, resumableJobs } from '../reproduce/jobs.ts';
import { BASE, variantNetworks } from './networks.ts';
import { variantsPage } from './page.ts';
import { fullStudy, smallStudy } from './settings.ts';
import { variantsOf } from './variants.ts';

const STUDIES = { full: fullStudy, small: smallStudy };
const PAGE = 'variants';

interface VariantsOptions {
  readonly write: string;
  readonly cache: string;
  readonly study: string;
  readonly without: readonly string[];
  readonly threads: number;
  readonly quiet: boolean;
}

async function variants({
  write,
  cache,
  study: name,
  without,
  threads,
  quiet,
}: VariantsOptions): Promise<void> {
  if (!Object.hasOwn(STUDIES, name)) throw unknownName('study', name, Object.keys(STUDIES));
  const all = variantNetworks();
  const known = all.map(network => network.name).filter(network => network !== BASE);
  for (const network of without)
    if (!known.includes(network)) throw unknownName('network to leave out', network, known);
  wholeNumber('threads', threads, 1);
  for (const folder of [cache, write]) mkdirSync(folder, { recursive: true });
  let backend: Promise<MvmBackend> | undefined;
  const study = STUDIES[name as keyof typeof STUDIES];
  const context = {
    study,
    networks: all.filter(network => !without.includes(network.name)),
    threads,
    startHelpers: startThreads,
    backend: () => (backend ??= openBackend({ backend: 'auto', gpuMode: undefined, threads: undefined })),
  };
  const counted = countedJobs();
  await variantsOf({ ...context, jobs: counted });
  const bars = new ProgressBars(quiet);
  const total = Math.ceil(counted.seconds());
  const jobs = resumableJobs(diskFiles(cache), codeHash(), {
    onProgress: (label, done) => bars.onProgress({ label, unit: 's of work', done: Math.round(done), total }),
    pause: bars.pause,
  });
  try {
    const results = await variantsOf({ ...context, jobs });
    const left = all.filter(network => without.includes(network.name)).map(({ title }) => title);
    const { page, beside } = variantsPage(results, study, { figures: PAGE, left });
    writeWhole(join(write, `${PAGE}.md`), page);
    mkdirSync(join(write, PAGE), { recursive: true });
    for (const [file, text] of Object.entries(beside)) writeWhole(join(write, PAGE, file), text);
  } finally {
    bars.done();
    await (await backend)?.dispose();
  }
}

const parser = yargs(hideBin(process.argv))
  .scriptName('npm run variants --')
  .usage('$0\n\nTrain variants of one small network with one budget, here: docs/variants.md')
  .options({
    write: {
      type: 'string',
      default: 'docs',
      describe: 'Folder for the page; its figure goes into a folder of its name',
    },
    cache: {
      type: 'string',
      default: 'trex-out/variants',
      describe: 'What every job found: a run that is cut off goes on from here',
    },
    study: { type: 'string', default: 'full', describe: 'full | small (to try it out)' },
    without: {
      type: 'string',
      array: true,
      default: [],
      describe: 'Networks to leave out; the page names them',
    },
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
  if (!('help' in args && args.help)) await variants(args);
} catch (error) {
  if (!(error instanceof TrexError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
