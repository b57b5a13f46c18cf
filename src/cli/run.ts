/** `trex run`: a network on a chip, event by event; a table for people, JSON, CSV and files for programs. */

import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { usageError } from '../base/errors.ts';
import { jsonText } from '../base/json-text.ts';
import { layersCsv } from '../report/csv.ts';
import { runSummary } from '../report/summary.ts';
import { nodeFiles } from '../run/node/files.ts';
import { readBytes } from '../run/node/read-file.ts';
import { changedFiles, rerunOf } from '../run/rerun.ts';
import { type Run, type RunRequest, run, runOptions } from '../run/run.ts';
import { REUSE_GRAMMAR } from '../workload/reuse.ts';
import { flag, modelFlag, quietFlag, replaceFlag, seedFlag, setFlag, text, tokensFlag } from './io/flags.ts';
import { checkOutputDir, writeOutputDir } from './io/output-dir.ts';
import type { FormatArguments } from './io/output-format.ts';
import { commandOutput, warn } from './io/print.ts';
import { ProgressBars } from './io/progress-bars.ts';
import { runName } from './io/run-name.ts';

interface RunArguments extends FormatArguments {
  arch: string;
  model: string | undefined;
  tech: string | undefined;
  reuse: string;
  tokens: number | undefined;
  images: number;
  seed: number;
  set: string[];
  fold: boolean;
  out: string | undefined;
  force: boolean;
  trace: boolean;
  quiet: boolean;
}

/** The files of an output folder. */
const outputFiles = ({ result, layers, stats, config }: Run): Record<string, string> => ({
  'result.json': jsonText(result),
  'config.expanded.yaml': config,
  'layers.csv': layersCsv({ layers, result }),
  'stats.json': jsonText(stats),
});

function requestOf({ arch, tech, model, reuse, tokens, images, seed, set }: RunArguments): RunRequest {
  if (model === undefined) throw usageError('run needs --model, e.g. --model deit-s; see trex list models');
  return { arch, tech: tech ?? null, model, reuse, tokens: tokens ?? null, images, seed, set };
}

interface Shown {
  readonly run: Run;
  readonly next: string;
}

const output = commandOutput<Shown>({
  formats: {
    json: { describe: 'The result as JSON on stdout', value: ({ run: { result } }) => result },
    csv: { describe: 'A row per step, and leakage, as CSV on stdout', value: ({ run }) => layersCsv(run) },
  },
  text: ({ run: { result }, next }) => `${runSummary(result)}\n${next}`,
  both: ', or --out DIR for both',
});

async function handler(args: RunArguments): Promise<void> {
  const format = output.chosen(args);
  const earlier = args.arch.endsWith('.json') ? rerunOf(args.arch, readBytes(args.arch)) : undefined;
  const options = runOptions(earlier?.run ?? requestOf(args));
  // The default folder is named after the run, and the same run gives the same bytes: it may be written again.
  const target = args.out ?? (format === undefined ? join('trex-out', runName(options)) : undefined);
  if (args.trace && target === undefined)
    throw usageError('--trace needs --out DIR when stdout takes the result');
  const force = args.force || args.out === undefined;
  if (target !== undefined) checkOutputDir(target, { force });

  const bars = new ProgressBars(args.quiet);
  const trace = args.trace ? (await import('./io/trace-file.ts')).openTrace() : undefined;
  try {
    const count = bars.counting('run', 'jobs');
    const pause = async (done: number, total: number): Promise<void> => {
      await count(done, total);
      await trace?.drain();
    };
    const { fold } = args;
    const done = await run(options, { files: nodeFiles, fold, pause, onBuilt: m => trace?.attach(m) });
    bars.done();
    const { result } = done;
    warn(changedFiles(earlier?.files ?? [], result.files));
    warn(result.warnings, args.quiet);
    const moved = trace === undefined ? {} : { 'trace.json.gz': await trace.close() };
    if (target !== undefined) writeOutputDir(target, outputFiles(done), { force, moved });
    output.print(args, { run: done, next: nextSteps(args, target) });
  } finally {
    bars.done();
    await trace?.discard();
  }
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
      .options({
        model: modelFlag,
        reuse: {
          type: 'string',
          default: 'none',
          describe: `Encoders that reuse attention: ${REUSE_GRAMMAR}`,
          group: 'Model:',
        },
        tokens: tokensFlag,
        tech: text('Technology of the crossbars', 'Run:'),
        images: { type: 'number', default: 1, describe: 'Images, one after another', group: 'Run:' },
        seed: seedFlag(),
        set: setFlag('Override a value: pe.adcBanks=2, tech.read.energy="30 pJ", model.encoders=6', 'Run:'),
        fold: {
          type: 'boolean',
          default: true,
          describe: 'Simulate identical blocks once; the figures are the same without',
          group: 'Run:',
        },
        ...output.flags,
        out: text('Folder for the files [default: trex-out/<run>]', 'Output:'),
        force: replaceFlag,
        trace: flag('Trace for ui.perfetto.dev'),
        quiet: quietFlag,
      })
      .example('$0 run trex --model deit-s --reuse strided:5', 'Five encoders reuse attention')
      .example(
        '$0 run trex-full --model deit-s --out run1 --trace',
        'Everything counted, with a trace',
      ) as never,
  handler,
};
