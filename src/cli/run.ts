/** `trex run`: a network on a chip, event by event; a table for people, JSON, CSV and files for programs. */

import { dirname, join, resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { CALIBRATION_INPUTS } from '../accuracy/defaults.ts';
import type { Files } from '../arch/source-files.ts';
import { usageError } from '../base/errors.ts';
import { jsonText } from '../base/json-text.ts';
import { accuracyCsv } from '../report/accuracy-table.ts';
import { layersCsv } from '../report/csv.ts';
import { generationIn } from '../report/generation.ts';
import { runSummary } from '../report/summary.ts';
import { breakdownBars } from '../report/terminal-bars.ts';
import { ARRIVAL_GRAMMAR } from '../run/arrivals.ts';
import { differenceWarnings } from '../run/differences.ts';
import type { Machine } from '../run/machine.ts';
import { readBytes } from '../run/node/read-file.ts';
import { checkTarget, writeWhole } from '../run/node/write-file.ts';
import { requestOfConfig, rerunOf } from '../run/rerun.ts';
import { loadRun, RUN_DEFAULTS, type Run, type RunInput, runLoaded } from '../run/run.ts';
import { REUSE_GRAMMAR } from '../workload/reuse.ts';
import { reuseSpace } from '../workload/reuse-space.ts';
import { dataFlags } from './io/data-flags.ts';
import { checkDefaultDir, writeDefaultDir } from './io/default-dir.ts';
import {
  adcRangeFlag,
  backendFlags,
  flag,
  ignoreTensorsFlag,
  imageFlags,
  modelFlag,
  number,
  quantisationFlags,
  quietFlag,
  replaceFlag,
  seedFlag,
  setFlag,
  text,
  textFlags,
  tokensFlag,
} from './io/flags.ts';
import { checkInputsStay, checkOutputDir, writeOutputDir } from './io/output-dir.ts';
import type { FormatArguments } from './io/output-format.ts';
import { commandOutput, warn } from './io/print.ts';
import { ProgressBars } from './io/progress-bars.ts';
import { runName } from './io/run-name.ts';
import { commandLine, options } from './io/shell.ts';
import { type Sources, watched, watchFlag } from './io/watch.ts';
import type { RunAccuracyArguments } from './run-accuracy.ts';

const ACCURACY = 'Accuracy:';
/** Encoders that the first run is told to try. */
const MORE_REUSE = 5;

interface RunArguments extends FormatArguments, RunAccuracyArguments {
  arch: string;
  model: string | undefined;
  tech: string | undefined;
  reuse: string | undefined;
  tokens: number | undefined;
  images: number | undefined;
  prefill: number | undefined;
  decode: number | undefined;
  batch: number | undefined;
  seed: number | undefined;
  set: string[];
  fold: boolean;
  fit: boolean;
  accuracy: boolean;
  profile: string | undefined;
  arrival: string | undefined;
  out: string | undefined;
  force: boolean;
  trace: boolean;
  report: string | undefined;
  quiet: boolean;
  watch: boolean;
}

/** The files of an output folder. */
const outputFiles = ({ result, layers, stats, config }: Run): Record<string, string> => ({
  'result.json': jsonText(result),
  'config.expanded.yaml': config,
  'layers.csv': layersCsv({ layers, result }),
  'stats.json': jsonText(stats),
  ...(result.accuracy !== undefined && { 'accuracy.csv': accuracyCsv(result.accuracy) }),
});

/** A run as the words of the command line ask for it, or as an earlier one was. */
interface Asked {
  readonly input: RunInput;
  readonly warnings: readonly string[];
  /** A result that was run again: its words alone need not say the same. */
  readonly isRerun: boolean;
  /** What that result says. */
  readonly held?: Readonly<Record<string, unknown>>;
}

async function inputOf(args: RunArguments, sources: Files): Promise<Asked> {
  const { arch, tech, model, reuse, tokens, images, seed, set } = args;
  // Of a profile it is an option of the profile.
  const arrival = args.profile === undefined ? args.arrival : undefined;
  const text = generationIn(args);
  const given = Object.entries({ model, tech, reuse, tokens, images, seed, arrival, ...text }).filter(
    ([, value]) => value !== undefined,
  );
  if (/\.json$/i.test(arch)) {
    const { run, files, warnings, held } = await rerunOf(arch, readBytes(arch), sources);
    return { input: loadRun(run, files), warnings, isRerun: true, held };
  }
  const before = requestOfConfig(arch, sources);
  const asked = args.accuracy ? (await import('./run-accuracy.ts')).accuracyRequest(args) : undefined;
  const accuracy = asked ?? before?.accuracy;
  const request = { ...RUN_DEFAULTS, ...before, ...Object.fromEntries(given), arch, set, accuracy };
  const named = model ?? before?.model;
  if (named === undefined) throw usageError('run needs --model, e.g. --model deit-s; see trex list models');
  return { input: loadRun({ ...request, model: named }, sources), warnings: [], isRerun: false };
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
  text: ({ run: { result }, next }, width) => {
    // A picture is for people alone; a pipe gets the figures as they were.
    const bars = process.stdout.isTTY === true ? `\n${breakdownBars(result, width)}\n\n` : '';
    return `${runSummary(result, width)}\n${bars}${next}`;
  },
  both: ', or --out DIR for both',
});

async function handler(args: RunArguments): Promise<void> {
  if (args.watch && args.out !== undefined && !args.force)
    throw usageError('--watch writes --out again and again: add --force');
  await watched(args.watch, sources => runOnce(args, sources));
}

async function runOnce(args: RunArguments, sources: Sources): Promise<void> {
  const format = output.chosen(args);
  const { out, fold, force } = args;
  if (args.trace && out === undefined && format !== undefined)
    throw usageError('--trace needs --out DIR when stdout takes the result');
  const asked = await inputOf(args, sources.files);
  const { input } = asked;
  if (args.fit) {
    const { printFit } = await import('./run-fit.ts');
    printFit(input, args);
    return;
  }
  const unseen = (['trace', 'report'] as const).find(name => args[name]);
  if (unseen !== undefined && input.options.prefill !== undefined)
    throw usageError(`--${unseen} has no effect beside prefill: a text is many runs`);
  if (args.profile !== undefined) {
    const { runOverProfile } = await import('./run-profile.ts');
    await runOverProfile(input, { ...args, profile: args.profile }, sources);
    return;
  }
  const isInside =
    out !== undefined && args.report !== undefined && dirname(resolve(args.report)) === resolve(out);
  if (args.report !== undefined && !isInside) checkTarget(args.report);
  const name = runName(input);
  if (out !== undefined) {
    if (force) checkInputsStay(out, [args.arch, args.model, args.tech]);
    checkOutputDir(out, { force });
  } else if (format === undefined) checkDefaultDir(name);

  const bars = new ProgressBars(args.quiet);
  const trace = args.trace ? (await import('./io/trace-file.ts')).openTrace() : undefined;
  try {
    const count = bars.counting('run', 'jobs');
    const pause = async (done: number, total: number): Promise<void> => {
      await count(done, total);
      await trace?.drain();
    };
    const measure =
      input.options.accuracy === undefined
        ? undefined
        : (await import('./run-accuracy.ts')).measured(args, bars, sources);
    const hooks = {
      fold,
      pause,
      onBuilt: (machine: Machine): void => trace?.attach(machine),
      ...(measure !== undefined && { accuracy: measure }),
    };
    const { run: done, page } =
      args.report === undefined
        ? { run: await runLoaded(input, hooks), page: '' }
        : await (await import('./run-report.ts')).runToReport(input, hooks);
    bars.done();
    warn(asked.warnings);
    if (asked.held !== undefined) warn(differenceWarnings(args.arch, asked.held, done.result));
    warn(done.result.warnings, args.quiet);
    const moved = trace === undefined ? {} : { 'trace.json.gz': await trace.close() };
    const files = outputFiles(done);
    let folder = out;
    if (out !== undefined) writeOutputDir(out, files, { force, moved });
    else if (format === undefined) folder = writeDefaultDir(name, files, moved);
    // Behind the files of the run: it may stand among them.
    if (args.report !== undefined) writeWhole(args.report, page);
    output.print(args, { run: done, next: nextSteps(asked, folder) });
  } finally {
    bars.done();
    await trace?.discard();
  }
}

/** Where the files are and what to try next, in words that give the same chip and network. */
function nextSteps({ input, isRerun }: Asked, folder: string | undefined): string {
  const files = folder === undefined ? '' : `files   ${folder}\n`;
  const { arch, tech, set, reuse } = input.options;
  // A result holds its files, and the names in it may mean others by now.
  const config = isRerun && folder !== undefined ? join(folder, 'config.expanded.yaml') : undefined;
  const most = Math.min(MORE_REUSE, reuseSpace(input.network.model).able.length);
  const network = config === undefined ? [...networkWords(input), ...options({ tech, set })] : [];
  const chip = config === undefined ? options({ tech, set: set.filter(isOfChip) }) : [];
  const next =
    reuse === 'none' && most > 0
      ? ['run', config ?? arch, ...network, '--reuse', `count:${most}`]
      : ['explain', config ?? arch, ...chip];
  return `${files}next    ${commandLine(next)}\n`;
}

/** What differs from a run without these words; a file of a whole configuration has options of its own. */
function networkWords({ options: { arch, model, ...rest } }: RunInput): string[] {
  const isWhole = model === arch;
  const given = (['tokens', 'images', 'seed', 'arrival'] as const).filter(name =>
    name === 'arrival' ? rest.arrival !== undefined : isWhole || rest[name] !== RUN_DEFAULTS[name],
  );
  const words = [...given.map(name => [name, rest[name]] as const), ...Object.entries(generationIn(rest))];
  return options({ model: isWhole ? undefined : model, ...Object.fromEntries(words) });
}

/** `explain` shows a chip. */
const isOfChip = (set: string): boolean => !/^\s*model\./.test(set);

export const runCommand: CommandModule<object, RunArguments> = {
  command: 'run <arch>',
  describe: 'Run a network on a chip, or repeat a result.json',
  builder: yargs =>
    yargs
      .positional('arch', {
        type: 'string',
        demandOption: true,
        describe:
          'A name of `trex list arch`, a YAML file, or an earlier result: its result.json or config.expanded.yaml',
      })
      .options({
        model: modelFlag,
        reuse: {
          type: 'string',
          defaultDescription: 'none',
          describe: `Encoders that reuse attention: ${REUSE_GRAMMAR}`,
          group: 'Model:',
        },
        tokens: tokensFlag,
        prefill: number('A decoder writes a text: tokens of its prompt', 'Model:'),
        decode: number('Tokens behind the prompt, one after another', 'Model:'),
        batch: number('Texts side by side, each with keys and values of its own  [default: 1]', 'Model:'),
        tech: text('Technology of the crossbars', 'Run:'),
        images: {
          type: 'number',
          defaultDescription: '1',
          describe: 'Images: one after another, or overlapping with --set schedule.images=pipelined',
          group: 'Run:',
        },
        arrival: text(`When images come that overlap: ${ARRIVAL_GRAMMAR}  [default: back-to-back]`, 'Run:'),
        seed: { ...seedFlag(), default: undefined, defaultDescription: '1' },
        set: setFlag('Override a value: pe.adcBanks=2, model.encoders=6', 'Run:'),
        fold: {
          type: 'boolean',
          default: true,
          describe: 'Simulate identical blocks once; the figures are the same without',
          group: 'Run:',
        },
        fit: flag(
          'Print what fits on the chip: tiles by layer, which take turns, bits from DRAM; nothing runs',
          'Run:',
        ),
        accuracy: flag(
          'Also the accuracy of trained weights on this chip: as trex accuracy has it',
          ACCURACY,
        ),
        weights: text(
          'Trained weights of the network: a file or a folder, as --model of trex accuracy',
          ACCURACY,
        ),
        ...dataFlags('Labelled inputs, as in trex accuracy', 'Of data that has both', ACCURACY),
        'accuracy-images': {
          type: 'number',
          default: 100,
          describe: 'Inputs that are classified, drawn by the seed',
          group: ACCURACY,
        },
        draws: { type: 'number', default: 3, describe: 'Chips with cells of their own', group: ACCURACY },
        calibration: {
          type: 'number',
          default: CALIBRATION_INPUTS,
          describe: 'Inputs that calibrate the ranges of activations',
          group: ACCURACY,
        },
        calibrator: { ...quantisationFlags.calibrator, group: ACCURACY },
        'adc-range': { ...adcRangeFlag, group: ACCURACY },
        'ignore-tensors': ignoreTensorsFlag(ACCURACY),
        ...imageFlags,
        ...textFlags,
        ...backendFlags,
        profile: text(
          'What each input makes the network do, a row an input: CSV with columns patches.<encoder>, skip, count, or JSON lines',
          'Input-dependent work:',
        ),
        watch: watchFlag,
        ...output.flags,
        out: text('Folder for the files [default: trex-out/<run>]', 'Output:'),
        force: replaceFlag,
        trace: flag('Trace for ui.perfetto.dev'),
        report: text('Write a page of figures, one file of HTML, as trex report does', 'Output:'),
        quiet: quietFlag,
      })
      .example('$0 run trex --model deit-s --reuse strided:5', 'Five encoders reuse attention')
      .example('$0 run trex-full --model deit-s --out run1 --trace', 'Everything counted, with a trace')
      .example(
        '$0 run trex-full --model gpt2-small --prefill 512 --decode 128',
        'A decoder writes a text: time to the first token, time and energy of each further one',
      )
      .example(
        '$0 run trex --model deit-s --accuracy --weights deit-s.safetensors --data val',
        'Time, energy, area and accuracy of one checkpoint on one chip',
      )
      .example(
        '$0 run trex-full --model dynamic-deit-s --profile tokens.csv --arrival poisson=50',
        'Percentiles over images, and waiting times at 50 images a second',
      ) as never,
  handler,
};
