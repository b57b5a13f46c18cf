/** `trex run`: a network on a chip, event by event; a table for people, JSON, CSV and files for programs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { EXIT, TrexError, usageError } from '../base/errors.ts';
import { layerWarnings } from '../map/layer-warnings.ts';
import { expandedYaml } from '../report/config-yaml.ts';
import { layersCsv } from '../report/csv.ts';
import type { Result, RunOptions, RunOutput } from '../report/result.ts';
import { runSummary } from '../report/summary.ts';
import { loadArch, loadModel } from '../run/node/load.ts';
import { type RunHooks, simulate } from '../run/simulate.ts';
import { buildGraph } from '../workload/graph.ts';
import { parseReuse } from '../workload/reuse.ts';
import { interruptible } from './io/interrupt.ts';
import { checkOutputDir, writeOutputDir } from './io/output-dir.ts';
import { progress } from './io/progress.ts';
import { runName } from './io/run-name.ts';
import { openTrace } from './io/trace-file.ts';

interface RunArguments {
  arch: string;
  model: string | undefined;
  tech: string | undefined;
  reuse: string;
  tokens: number | undefined;
  images: number;
  seed: number;
  set: string[];
  fold: boolean;
  json: boolean;
  csv: boolean;
  out: string | undefined;
  force: boolean;
  trace: boolean;
  quiet: boolean;
}

/** What a run leaves: its figures and the expanded configuration. */
export interface Run {
  readonly output: RunOutput;
  readonly config: string;
}

/** Loads the files that the words name and runs them. @throws TrexError */
export async function runWords(words: RunOptions, hooks: RunHooks = {}, fold = true): Promise<Run> {
  const loaded = loadArch(words.arch, { tech: words.tech ?? undefined, set: words.set });
  const network = loadModel(words.model, { set: words.set });
  const { model } = network;
  const reuse = parseReuse(words.reuse, model.encoders);
  const { images, seed } = words;
  const tokens = words.tokens ?? undefined;
  const output = await simulate({ arch: loaded.arch, model, reuse, tokens, images, seed, fold }, hooks);
  const files = [...loaded.files, ...network.files];
  const { devices } = loaded.arch;
  const unused = layerWarnings(devices, buildGraph(model, { reuse, tokens }));
  const warnings = [...loaded.warnings, ...network.warnings, ...unused];
  const result: Result = { ...output.result, run: words, files, warnings };
  return { output: { ...output, result }, config: expandedYaml([...loaded.origins, ...network.origins]) };
}

/** The words of an earlier run. @throws TrexError for a file that is not a result. */
export function wordsOfResult(path: string): { words: RunOptions; files: Result['files'] } {
  let result: Partial<Result>;
  try {
    result = JSON.parse(readFileSync(path, 'utf8')) as Partial<Result>;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new TrexError(
      missing ? `${path}: no such file` : `${path}: not a result: ${(error as Error).message}`,
      missing ? EXIT.missing : EXIT.invalidFile,
    );
  }
  if (
    typeof result?.run?.arch !== 'string' ||
    typeof result.run.model !== 'string' ||
    !Array.isArray(result.files)
  ) {
    throw new TrexError(`${path}: not a result of trex run: it has no "run" and "files"`, EXIT.invalidFile);
  }
  return { words: result.run, files: result.files };
}

/** JSON with a fixed layout: the bytes that a repeated run must give again. */
export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The files of an output folder. */
export const outputFiles = ({ output, config }: Run): Record<string, string> => ({
  'result.json': jsonText(output.result),
  'config.expanded.yaml': config,
  'layers.csv': layersCsv(output.layers),
  'stats.json': jsonText(output.stats),
});

function wordsOf(args: RunArguments): { words: RunOptions; files: Result['files'] | undefined } {
  if (args.arch.endsWith('.json')) return wordsOfResult(args.arch);
  if (args.model === undefined)
    throw usageError('run needs --model, e.g. --model deit-s; see trex list models');
  if (!Number.isInteger(args.images) || args.images < 1) {
    throw usageError(`--images ${args.images}: expected a whole number of at least 1`);
  }
  if (!Number.isSafeInteger(args.seed)) throw usageError(`--seed ${args.seed}: expected a whole number`);
  const { arch, model, reuse, images, seed, set } = args;
  const words = {
    arch,
    tech: args.tech ?? null,
    model,
    reuse,
    tokens: args.tokens ?? null,
    images,
    seed,
    set,
  };
  return { words, files: undefined };
}

/** Says on stderr which files are no longer what they were. */
function warnChanged(before: Result['files'] | undefined, now: Result['files']): void {
  for (const { path, sha256 } of before ?? []) {
    const file = now.find(f => f.path === path);
    if (file?.sha256 !== sha256) process.stderr.write(`warning: ${path} has changed since that result\n`);
  }
}

async function handler(args: RunArguments): Promise<void> {
  if (args.json && args.csv)
    throw usageError('--json and --csv both want stdout: choose one, or --out DIR for both');
  const { words, files } = wordsOf(args);
  // The default folder is named after the run, and the same run gives the same bytes: it may be written again.
  const target = args.out ?? (args.json || args.csv ? undefined : join('trex-out', runName(words)));
  if (args.trace && target === undefined)
    throw usageError('--trace needs --out DIR when stdout takes the result');
  const force = args.force || args.out === undefined;
  if (target !== undefined) checkOutputDir(target, { force });

  const bar = progress('run', { stream: process.stderr, quiet: args.quiet, now: () => performance.now() });
  const trace = args.trace ? openTrace() : undefined;
  try {
    const pause = interruptible(async (done, total) => {
      bar.update(done, total);
      await trace?.drain();
    });
    const run = await runWords(words, { pause, onBuilt: machine => trace?.attach(machine) }, args.fold);
    bar.done();
    warnChanged(files, run.output.result.files);
    if (!args.quiet)
      for (const text of run.output.result.warnings) process.stderr.write(`warning: ${text}\n`);
    const moved = trace === undefined ? {} : { 'trace.json.gz': await trace.close() };
    if (target !== undefined) writeOutputDir(target, outputFiles(run), { force, moved });
    print(args, run, target);
  } finally {
    bar.done();
    await trace?.discard();
  }
}

function print(args: RunArguments, { output }: Run, target: string | undefined): void {
  if (args.json) process.stdout.write(jsonText(output.result));
  else if (args.csv) process.stdout.write(layersCsv(output.layers));
  else process.stdout.write(`${runSummary(output.result)}\n${nextSteps(args, target)}`);
}

/** Where the files are and what to try next. */
function nextSteps(args: RunArguments, target: string | undefined): string {
  const model = args.model ?? 'deit-s';
  const arch = args.arch.endsWith('.json') ? 'trex' : args.arch;
  const next =
    args.reuse === 'none' ? `trex run ${arch} --model ${model} --reuse count:5` : `trex explain ${arch}`;
  const files = target === undefined ? '' : `files   ${target}\n`;
  return `${files}next    ${next}\n`;
}

export const runCommand: CommandModule<object, RunArguments> = {
  command: 'run <arch>',
  describe: 'Run a network on a chip, or repeat a result.json',
  builder: yargs =>
    yargs
      .positional('arch', {
        type: 'string',
        demandOption: true,
        describe: 'A name of `trex list arch`, a YAML file, or the result.json of an earlier run',
      })
      .option('model', {
        type: 'string',
        describe: 'A name of `trex list models`, or a YAML file',
        group: 'Model:',
      })
      .option('reuse', {
        type: 'string',
        default: 'none',
        describe:
          'Encoders that reuse attention: strided:N | continuous:N | pyramid:N | encoders:1,3,5 | count:N',
        group: 'Model:',
      })
      .option('tokens', { type: 'number', describe: 'Sequence length of a text network', group: 'Model:' })
      .option('tech', { type: 'string', describe: 'Technology of the crossbars', group: 'Run:' })
      .option('images', { type: 'number', default: 1, describe: 'Images, one after another', group: 'Run:' })
      .option('seed', { type: 'number', default: 1, describe: 'Seed of random streams', group: 'Run:' })
      .option('set', {
        type: 'string',
        array: true,
        nargs: 1,
        default: [] as string[],
        describe: 'Override a value: pe.adcBanks=2, tech.read.energy="30 pJ", model.encoders=6',
        group: 'Run:',
      })
      .option('fold', {
        type: 'boolean',
        default: true,
        describe: 'Simulate identical blocks once; the figures are the same without',
        group: 'Run:',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'The result as JSON on stdout',
        group: 'Output:',
      })
      .option('csv', {
        type: 'boolean',
        default: false,
        describe: 'A row per step as CSV on stdout',
        group: 'Output:',
      })
      .option('out', {
        type: 'string',
        describe: 'Folder for the files [default: trex-out/<run>]',
        group: 'Output:',
      })
      .option('force', { type: 'boolean', default: false, describe: 'Replace the folder', group: 'Output:' })
      .option('trace', {
        type: 'boolean',
        default: false,
        describe: 'Trace for ui.perfetto.dev',
        group: 'Output:',
      })
      .option('quiet', {
        type: 'boolean',
        default: false,
        describe: 'No progress, no warnings',
        group: 'Output:',
      })
      .example('$0 run trex --model deit-s --reuse strided:5', 'Five encoders reuse attention')
      .example('$0 run trex-full --model deit-s --out run1 --trace', 'Everything counted, with a trace'),
  handler,
};
