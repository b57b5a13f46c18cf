/** `trex mvm`: one matrix on the crossbars of a technology, and how far its products are off. */
import type { CommandModule } from 'yargs';
import { crossbarDevice, type DeviceOptions } from '../accuracy/device.ts';
import { type MvmTrialOptions, type MvmTrials, mvmTrials } from '../accuracy/mvm-trials.ts';
import { programTiny } from '../accuracy/possible.ts';
import type { Spread } from '../accuracy/statistics.ts';
import { usageError } from '../base/errors.ts';
import { significant } from '../base/units.ts';
import { VERSION } from '../base/version.ts';
import { mvmSpec } from '../numerics/execute/crossbar-device.ts';
import { planMvm } from '../numerics/mvm/spec.ts';
import { quantizeWeights } from '../numerics/quantize/weights.ts';
import { table } from '../report/table.ts';
import { loadTech } from '../run/node/load.ts';
import { parseNpy } from '../workload/import/npy.ts';
import { invalidFile, shapeText } from '../workload/import/tensor.ts';
import { backendText, openBackend } from './io/backend.ts';
import {
  backendFlags,
  checkBits,
  checkOnce,
  type DeviceArguments,
  deviceFlags,
  deviceOptions,
  whole,
} from './io/flags.ts';
import { interruptible } from './io/interrupt.ts';
import { progress } from './io/progress.ts';
import { readBytes } from './io/read-file.ts';

const DIGITS = 4;
const BAR = 40;
/** A matrix beyond this is a network, not a microbenchmark. */
const MAX_SIDE = 65536;
const MAX_INPUTS = 2 ** 28;

interface MvmArguments extends DeviceArguments {
  readonly rows: number | undefined;
  readonly cols: number | undefined;
  readonly weights: string | undefined;
  readonly tokens: number;
  readonly adc: number | undefined;
  readonly cellBits: number | undefined;
  readonly arrayRows: number | undefined;
  readonly sigmaRead: number | undefined;
  readonly sigmaWrite: number | undefined;
  readonly weightBits: number;
  readonly inputBits: number;
  readonly signed: boolean;
  readonly written: boolean;
  readonly strip: number;
  readonly density: number;
  readonly trials: number;
  readonly seed: number;
  readonly backend: string;
  readonly gpuMode: string | undefined;
  readonly threads: number | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

async function handler(args: MvmArguments): Promise<void> {
  checkOnce(args);
  const setting = settingOf(args);
  const backend = await openBackend(args);
  const bar = progress('mvm', {
    stream: process.stderr,
    quiet: args.quiet,
    now: () => performance.now(),
    unit: 'trials',
  });
  try {
    const pause = interruptible(async (done, total) => bar.update(done, total));
    const result = await mvmTrials(backend, { ...setting, pause });
    bar.done();
    const { noise, spec, tokens, density, seed } = setting;
    const { name, info } = backend;
    const ran = { name, mode: info.mode, device: info.device };
    const json = {
      schemaVersion: 1,
      version: VERSION,
      tech: args.tech,
      spec,
      noise,
      tokens,
      density,
      seed,
      backend: ran,
      ...result,
    };
    if (args.json) process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
    else process.stdout.write(`${resultText(args, setting, result)}\n\nback end ${backendText(backend)}\n`);
  } finally {
    bar.done();
    await backend.dispose();
  }
}

/** @throws TrexError for words that do not make a matrix on crossbars. */
function settingOf(args: MvmArguments): MvmTrialOptions & { seed: number } {
  const { density, seed, written } = args;
  checkBits(args);
  if (!(density >= 0 && density <= 1))
    throw usageError(`--density ${density}: expected a number from 0 to 1`);
  if (!Number.isSafeInteger(seed)) throw usageError(`--seed ${seed}: expected a whole number`);
  const { devices } = loadTech(args.tech, { set: args.set });
  if (devices === undefined)
    throw usageError(`--tech ${args.tech}: a technology of digital blocks has no crossbars`);
  const device = crossbarDevice(written ? devices.dynamic : devices.static, written, wordsOf(args));
  const matrix = matrixOf(args);
  const tokens = whole('tokens', args.tokens, 1);
  if (tokens * matrix.rows > MAX_INPUTS)
    throw usageError(
      `--tokens ${tokens}: at most ${Math.floor(MAX_INPUTS / matrix.rows)} inputs of ${matrix.rows} rows`,
    );
  const input = { bits: args.inputBits, signed: args.signed, scale: 1, low: 0, high: 0 };
  const spec = mvmSpec(device, matrix.rows, matrix.cols, args.weightBits, input);
  planMvm(spec);
  programTiny(device, args);
  return {
    spec,
    noise: device.noise,
    window: device.window,
    weights: matrix.values,
    tokens,
    density,
    trials: whole('trials', args.trials, 1, 10000),
    seed,
  };
}

function wordsOf(args: MvmArguments): DeviceOptions {
  const { adc, cellBits, arrayRows, sigmaRead, sigmaWrite, strip } = args;
  for (const [flag, sigma] of [
    ['sigma-read', sigmaRead],
    ['sigma-write', sigmaWrite],
  ] as const)
    if (sigma !== undefined && !(sigma >= 0))
      throw usageError(`--${flag} ${sigma}: expected a number of at least 0`);
  return {
    ...deviceOptions(args),
    sigmaRead,
    sigmaWrite,
    strip: strip as 1 | 16 | 32,
    adcBits: adc === undefined ? undefined : whole('adc', adc, 1, 14),
    cellBits: cellBits === undefined ? undefined : whole('cell-bits', cellBits, 1, 8),
    arrayRows: arrayRows === undefined ? undefined : whole('array-rows', arrayRows, 1, 4096),
  };
}

interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly values?: Int16Array;
}

function matrixOf({ rows, cols, weights, weightBits }: MvmArguments): Matrix {
  if (weights === undefined) {
    if (rows === undefined || cols === undefined)
      throw usageError('mvm needs --rows and --cols, or --weights w.npy');
    return { rows: whole('rows', rows, 1, MAX_SIDE), cols: whole('cols', cols, 1, MAX_SIDE) };
  }
  if (rows !== undefined || cols !== undefined) throw usageError('--weights brings its own rows and columns');
  const { shape, data, dtype } = parseNpy(readBytes(weights), weights);
  if (shape.length !== 2 || data.length === 0)
    throw invalidFile(`${weights}: shape ${shapeText(shape)}; expected a matrix [rows, cols], inputs first`);
  const bad = data.findIndex((value: number) => !Number.isFinite(value));
  if (bad >= 0) throw invalidFile(`${weights}: element ${bad} is ${data[bad]}`);
  const size = { rows: shape[0], cols: shape[1] };
  if (dtype.startsWith('f'))
    return {
      ...size,
      values: quantizeWeights(Float32Array.from(data), shape[0], shape[1], weightBits, false).values,
    };
  const high = 2 ** (weightBits - 1) - 1;
  const wide = data.findIndex((value: number) => Math.abs(value) > high);
  if (wide >= 0)
    throw invalidFile(
      `${weights}: element ${wide} is ${data[wide]}; ${weightBits} bits hold -${high} to ${high}`,
    );
  return { ...size, values: Int16Array.from(data) };
}

function resultText(args: MvmArguments, { spec, tokens }: MvmTrialOptions, result: MvmTrials): string {
  const { rmse, bias, snr_dB, effectiveBits, signal, clipped, histogram, trials } = result;
  const plan = planMvm(spec);
  const resolution = plan.lossless
    ? 'lossless'
    : `1 step = ${significant(plan.levels / plan.steps, 3)} levels`;
  const rows = [
    ['matrix', `${spec.rows} x ${spec.cols}, ${spec.weightBits}-bit weights, ${spec.inputBits}-bit inputs`],
    [
      'arrays',
      `${spec.arrayRows} rows, ${plan.blocks} blocks x ${plan.slices} slices of ${spec.cellBits} bits, ${spec.encoding}`,
    ],
    ['ADC', `${spec.adc.bits} bits, ${resolution}`],
    ['trials', `${trials.length} of ${tokens} inputs, density ${args.density}; mean and 95 % interval`],
    ['RMSE', `${spreadText(rmse)} steps of the integer product, of RMS ${significant(signal, DIGITS)}`],
    ['bias', `${spreadText(bias)} steps`],
    ['SNR', snr_dB === null ? 'exact' : `${spreadText(snr_dB)} dB`],
    ['effective bits', effectiveBits === null ? 'exact' : spreadText(effectiveBits)],
    ['ADC clips', `${percent(clipped.above)} of conversions above, ${percent(clipped.below)} below`],
  ];
  const most = Math.max(...histogram.counts);
  const bars = histogram.counts.map((count, i) => {
    const middle = (histogram.edges[i] + histogram.edges[i + 1]) / 2;
    return [significant(middle, 3), '#'.repeat(Math.round((BAR * count) / most))];
  });
  const noisy =
    snr_dB === null ? '' : `\n\nerrors of all products, steps\n${table(bars, { align: ['right', 'left'] })}`;
  return `${args.tech}\n${table(rows, { align: ['left', 'left'] })}${noisy}`;
}

const spreadText = ({ mean, interval95 }: Spread): string =>
  significant(mean, DIGITS) + (interval95 === null ? '' : ` +- ${significant(interval95, 2)}`);

const percent = (share: number): string => `${significant(100 * share, 3)} %`;

export const mvmCommand: CommandModule<object, MvmArguments> = {
  command: 'mvm',
  describe: 'Measure the error of one matrix on noisy crossbars',
  builder: yargs =>
    yargs
      .option('rows', { type: 'number', describe: 'Inputs of the matrix', group: 'Matrix:' })
      .option('cols', { type: 'number', describe: 'Outputs of the matrix', group: 'Matrix:' })
      .option('weights', {
        type: 'string',
        describe: '.npy [rows, cols]: integers, or floats that are quantised',
        group: 'Matrix:',
      })
      .option('tokens', {
        type: 'number',
        default: 64,
        describe: 'Input vectors of a trial',
        group: 'Matrix:',
      })
      .option('weight-bits', { type: 'number', default: 8, describe: 'Bits of a weight', group: 'Matrix:' })
      .option('input-bits', { type: 'number', default: 8, describe: 'Bits of an input', group: 'Matrix:' })
      .option('signed', {
        type: 'boolean',
        default: false,
        describe: "Inputs in two's complement",
        group: 'Matrix:',
      })
      .option('density', {
        type: 'number',
        default: 0.5,
        describe: 'Share of input bits that are 1',
        group: 'Matrix:',
      })
      .options(deviceFlags)
      .option('adc', { type: 'number', describe: 'Bits of the ADC', group: 'Crossbars:' })
      .option('cell-bits', { type: 'number', describe: 'Bits of a weight in one cell', group: 'Crossbars:' })
      .option('array-rows', {
        type: 'number',
        describe: 'Rows that one conversion adds up',
        group: 'Crossbars:',
      })
      .option('sigma-read', { type: 'number', describe: 'Read variation, 0.1 is 10 %', group: 'Crossbars:' })
      .option('sigma-write', { type: 'number', describe: 'Write variation', group: 'Crossbars:' })
      .option('written', {
        type: 'boolean',
        default: false,
        describe: 'A matrix written at run time, as K^T and V: with write variation',
        group: 'Crossbars:',
      })
      .option('strip', {
        choices: [1, 16, 32] as const,
        default: 16,
        describe: 'Columns that share one random number of the read noise',
        group: 'Crossbars:',
      })
      .option('trials', {
        type: 'number',
        default: 5,
        describe: 'Chips, with inputs of their own',
        group: 'Run:',
      })
      .option('seed', { type: 'number', default: 1, describe: 'Seed of random streams', group: 'Run:' })
      .options(backendFlags)
      .option('json', { type: 'boolean', default: false, describe: 'JSON on stdout', group: 'Output:' })
      .option('quiet', { type: 'boolean', default: false, describe: 'No progress', group: 'Output:' })
      .example('$0 mvm --rows 384 --cols 1536 --adc 8', 'An FFN layer of DeiT-S with 8-bit ADCs') as never,
  handler,
};
