/** `trex accuracy`: a trained network on labelled data, exact and on noisy crossbars. */
import type { CommandModule } from 'yargs';
import { type AccuracyOptions, runAccuracy } from '../accuracy/accuracy.ts';
import { SWEEPS } from '../accuracy/sweep-parameters.ts';
import { EXIT, TrexError, usageError } from '../base/errors.ts';
import {
  type AccuracyResult,
  accuracyCsv,
  accuracyFigure,
  accuracyTable,
  layerSnrCsv,
} from '../report/accuracy-table.ts';
import { backendText, openBackend } from './io/backend.ts';
import {
  backendFlags,
  checkOnce,
  type DeviceArguments,
  deviceFlags,
  deviceOptions,
  type NetworkArguments,
  networkFlags,
  type QuantisationArguments,
  quantisationFlags,
  whole,
} from './io/flags.ts';
import { interruptible } from './io/interrupt.ts';
import { type Progress, progress } from './io/progress.ts';
import { checkFolder, openProgress, type ProgressFile } from './io/progress-file.ts';

interface AccuracyArguments extends DeviceArguments, NetworkArguments, QuantisationArguments {
  readonly data: string;
  readonly split: 'test' | 'train';
  readonly classes: string | undefined;
  readonly vocabulary: string | undefined;
  readonly normalization: string | undefined;
  readonly images: number;
  readonly skipBad: boolean;
  readonly calibration: number;
  readonly sweep: string | undefined;
  readonly layers: boolean;
  readonly snrImages: number;
  readonly draws: number;
  readonly seed: number;
  readonly backend: string;
  readonly gpuMode: string | undefined;
  readonly threads: number | undefined;
  readonly json: boolean;
  readonly csv: boolean;
  readonly out: string | undefined;
  readonly force: boolean;
  readonly quiet: boolean;
}

function wordsOf(args: AccuracyArguments): AccuracyOptions {
  const { model, reuse, data, split, skipBad, calibrator, weightBits, inputBits, tech, set, layers } = args;
  if (!Number.isSafeInteger(args.seed)) throw usageError(`--seed ${args.seed}: expected a whole number`);
  return {
    model,
    config: args.config ?? null,
    modelName: args.modelName ?? null,
    heads: args.heads ?? null,
    reuse,
    data,
    split,
    classes: args.classes ?? null,
    vocabulary: args.vocabulary ?? null,
    normalization: args.normalization ?? null,
    images: whole('images', args.images, 1),
    skipBad,
    calibration: whole('calibration', args.calibration, 1),
    calibrator,
    weightBits,
    inputBits,
    tech,
    set,
    device: deviceOptions(args),
    sweep: args.sweep ?? null,
    layers,
    snrImages: whole('snr-images', args.snrImages, 0, 16),
    draws: whole('draws', args.draws, 1, 1000),
    seed: args.seed,
  };
}

async function handler(args: AccuracyArguments): Promise<void> {
  checkOnce(args);
  if (args.json && args.csv)
    throw usageError('--json and --csv both want stdout: choose one, or --out DIR for both');
  if (args.force && args.out === undefined) throw usageError('--force forgets the progress of --out DIR');
  const words = wordsOf(args);
  if (args.out !== undefined) checkFolder(args.out);
  const backend = await openBackend(args);
  let file: ProgressFile | undefined;
  const bars = new Bars(args.quiet);
  // One handler of signals for the whole run.
  let what = '';
  const tick = interruptible(async (done, total) => bars.update(what, done, total));
  try {
    const result = await runAccuracy(words, backend, {
      open: begin => {
        if (args.out === undefined) return { records: new Map(), append: () => {} };
        file = openProgress(args.out, begin, args.force);
        return file;
      },
      pause: (part, done, total) => {
        what = part;
        return tick(done, total);
      },
    });
    bars.done();
    file?.finish(outputFiles(result));
    if (!args.quiet) for (const text of result.warnings) process.stderr.write(`warning: ${text}\n`);
    print(args, result, backendText(backend));
  } catch (error) {
    throw file === undefined ? error : kept(error, args.out!);
  } finally {
    bars.done();
    file?.close();
    await backend.dispose();
  }
}

/** An interrupted run with a folder has lost nothing. */
function kept(error: unknown, dir: string): unknown {
  if (!(error instanceof TrexError) || error.exitCode !== EXIT.interrupted) return error;
  const [first] = error.message.split(';');
  return new TrexError(
    `${first.replace('jobs', 'inputs')}; the same words go on from ${dir}`,
    EXIT.interrupted,
  );
}

const outputFiles = (result: AccuracyResult): Record<string, string> => ({
  'result.json': `${JSON.stringify(result, null, 2)}\n`,
  'accuracy.csv': accuracyCsv(result),
  'layers.csv': layerSnrCsv(result),
  ...(result.sweep !== null && { 'accuracy.svg': accuracyFigure(result) }),
});

function print(args: AccuracyArguments, result: AccuracyResult, backend: string): void {
  if (args.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else if (args.csv) process.stdout.write(accuracyCsv(result));
  else {
    const { skipped } = result.data;
    const left =
      skipped.length === 0 ? '' : `skipped ${skipped.length} that do not decode: ${skipped[0].reason}\n`;
    const files = args.out === undefined ? '' : `files   ${args.out}\n`;
    process.stdout.write(`${accuracyTable(result)}\n\n${left}back end ${backend}\n${files}`);
  }
}

/** A progress line for each part of the run. */
class Bars {
  readonly #quiet: boolean;
  #bar: Progress | undefined;
  #what = '';

  constructor(quiet: boolean) {
    this.#quiet = quiet;
  }

  update(what: string, done: number, total: number): void {
    if (what !== this.#what) {
      this.done();
      const now = (): number => performance.now();
      this.#bar = progress(what, { stream: process.stderr, quiet: this.#quiet, now, unit: 'inputs' });
      this.#what = what;
    }
    this.#bar?.update(done, total);
  }

  done(): void {
    this.#bar?.done();
  }
}

export const accuracyCommand: CommandModule<object, AccuracyArguments> = {
  command: 'accuracy',
  describe: 'Measure the accuracy of a trained network on noisy crossbars',
  builder: yargs =>
    yargs
      .options(networkFlags)
      .options(quantisationFlags)
      .option('calibration', {
        type: 'number',
        default: 16,
        describe: 'Inputs that calibrate the ranges of activations',
        group: 'Network:',
      })
      .option('data', {
        type: 'string',
        demandOption: true,
        describe: 'Folder of images, IDX, CIFAR, .npy, .npz or .tsv, with labels',
        group: 'Data:',
      })
      .option('images', {
        type: 'number',
        default: 100,
        describe: 'Inputs, drawn by the seed',
        group: 'Data:',
      })
      .option('split', {
        choices: ['test', 'train'] as const,
        default: 'test' as const,
        describe: 'Of MNIST, CIFAR and archives',
        group: 'Data:',
      })
      .option('classes', { type: 'string', describe: 'Names of the classes, one per line', group: 'Data:' })
      .option('vocabulary', { type: 'string', describe: 'vocab.txt of a text network', group: 'Data:' })
      .option('normalization', {
        type: 'string',
        describe: 'imagenet | half | none [default: as beside the weights, or imagenet]',
        group: 'Data:',
      })
      .option('skip-bad', {
        type: 'boolean',
        default: false,
        describe: 'Leave out images that do not decode',
        group: 'Data:',
      })
      .options(deviceFlags)
      .option('draws', {
        type: 'number',
        default: 3,
        describe: 'Chips with cells of their own',
        group: 'Run:',
      })
      .option('sweep', {
        type: 'string',
        describe: `One parameter against accuracy: adc=4..8, sigmaRead=0..0.3:0.05, driftTime=1,1e3,1e6; known: ${Object.keys(SWEEPS).join(', ')}`,
        group: 'Run:',
      })
      .option('layers', {
        type: 'boolean',
        default: false,
        describe: 'Also noise in one layer at a time',
        group: 'Run:',
      })
      .option('snr-images', {
        type: 'number',
        default: 4,
        describe: 'Inputs of each draw that are compared layer by layer, at most 16',
        group: 'Run:',
      })
      .option('seed', { type: 'number', default: 1, describe: 'Seed of random streams', group: 'Run:' })
      .options(backendFlags)
      .option('json', { type: 'boolean', default: false, describe: 'JSON on stdout', group: 'Output:' })
      .option('csv', { type: 'boolean', default: false, describe: 'CSV on stdout', group: 'Output:' })
      .option('out', {
        type: 'string',
        describe: 'Folder for results and progress: the same words go on where a run stopped',
        group: 'Output:',
      })
      .option('force', { type: 'boolean', default: false, describe: 'Begin anew', group: 'Output:' })
      .option('quiet', { type: 'boolean', default: false, describe: 'No progress', group: 'Output:' })
      .example(
        '$0 accuracy --model deit-s.safetensors --model-name deit-s --data val --sweep adc=4..8 --out adc',
        'Accuracy against ADC resolution',
      ) as never,
  handler,
};
