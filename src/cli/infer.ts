/** `trex infer`: arrays in, logits out, in float32, in integers or on crossbars. */
import type { CommandModule } from 'yargs';
import { calibrateOn, calibratorOf } from '../accuracy/calibration.ts';
import { crossbarDevices } from '../accuracy/device.ts';
import { inputsOf } from '../accuracy/input-array.ts';
import { type NetworkFile, openNetwork } from '../accuracy/network-file.ts';
import { refuseImpossible } from '../accuracy/possible.ts';
import { Runner } from '../accuracy/runner.ts';
import { usageError } from '../base/errors.ts';
import { SeenOperands } from '../numerics/execute/adc-windows.ts';
import type { ModelInput } from '../numerics/execute/input.ts';
import type { Matrix } from '../numerics/execute/matrix.ts';
import type { NetworkOptions } from '../numerics/execute/prepare.ts';
import type { Compute } from '../numerics/execute/unit.ts';
import type { MvmBackend } from '../numerics/mvm/backend.ts';
import { loadTech } from '../run/node/load.ts';
import { parseNpy } from '../workload/import/npy.ts';
import { writeNpy } from '../workload/import/npy-writer.ts';
import { invalidFile } from '../workload/import/tensor.ts';
import { backendText, openBackend } from './io/backend.ts';
import {
  backendFlags,
  checkBits,
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
import { progress } from './io/progress.ts';
import { readBytes } from './io/read-file.ts';
import { checkTarget, writeWhole } from './io/write-file.ts';

/** Inputs that calibrate, where no others are given. */
const CALIBRATION = 16;

interface InferArguments extends DeviceArguments, NetworkArguments, QuantisationArguments {
  readonly input: string;
  readonly mask: string | undefined;
  readonly types: string | undefined;
  readonly out: string;
  readonly precision: 'float' | 'int8' | 'analog';
  readonly calibrate: string | undefined;
  readonly draw: number;
  readonly seed: number;
  readonly backend: string;
  readonly gpuMode: string | undefined;
  readonly threads: number | undefined;
  readonly quiet: boolean;
}

const COMPUTE = { float: 'float32', int8: 'int8', analog: 'analog' } as const satisfies Record<
  string,
  Compute
>;

async function handler(args: InferArguments): Promise<void> {
  checkOnce(args);
  checkBits(args);
  if (!Number.isSafeInteger(args.seed)) throw usageError(`--seed ${args.seed}: expected a whole number`);
  whole('draw', args.draw, 0);
  checkTarget(args.out);
  // Its threads start while the network is read.
  const backend = args.precision === 'analog' ? await openBackend(args) : undefined;
  try {
    await infer(args, backend);
  } finally {
    await backend?.dispose();
  }
}

async function infer(args: InferArguments, backend: MvmBackend | undefined): Promise<void> {
  const network = await openNetwork(args);
  const { model } = network;
  const array = (path: string) => ({ path, array: parseNpy(readBytes(path), path) });
  const more = (path: string | undefined) => (path === undefined ? undefined : array(path));
  const inputs = inputsOf(model, array(args.input), { mask: more(args.mask), types: more(args.types) });
  const calibration = args.calibrate === undefined ? inputs : inputsOf(model, array(args.calibrate));
  const bar = progress('infer', {
    stream: process.stderr,
    quiet: args.quiet,
    now: () => performance.now(),
    unit: 'inputs',
  });
  try {
    let counted = false;
    const pause = interruptible(async (done, total) => {
      if (counted) bar.update(done, total);
    });
    const letGo = network.keepMatrices();
    const options = await networkOptionsOf(args, network, calibration.slice(0, CALIBRATION), backend, pause);
    counted = true;
    const runner = new Runner(network, options);
    runner.network(inputs[0]);
    letGo();
    const logits = await runAll(runner, inputs, pause);
    bar.done();
    const [{ rows, columns }] = logits;
    if (logits.some(one => one.rows !== rows))
      throw invalidFile(
        `${args.input}: ${model.name} gives an output per token, and the texts have different lengths`,
      );
    const all = new Float32Array(inputs.length * rows * columns);
    for (const [i, { data }] of logits.entries()) all.set(data, i * rows * columns);
    const shape = rows === 1 ? [inputs.length, columns] : [inputs.length, rows, columns];
    writeWhole(args.out, writeNpy(all, shape));
    if (args.quiet) return;
    for (const text of network.warnings) process.stderr.write(`warning: ${text}\n`);
    const what = rows === 1 ? '' : ', the last hidden states';
    process.stdout.write(`${args.out}: ${shape.join(' x ')} float32${what}; ${ranText(args, backend)}\n`);
  } finally {
    bar.done();
  }
}

async function networkOptionsOf(
  args: InferArguments,
  network: NetworkFile,
  calibration: readonly ModelInput[],
  backend: MvmBackend | undefined,
  pause: (done: number, total: number) => Promise<void>,
): Promise<NetworkOptions> {
  const compute = COMPUTE[args.precision];
  if (compute === 'float32') return { compute };
  const { weightBits, inputBits, seed, draw } = args;
  const widths = { weightBits, inputBits };
  const calibrator = calibratorOf(args.calibrator);
  const quantised = async (seen?: SeenOperands) => ({
    calibration: await calibrateOn(network, calibration, calibrator, widths, pause, seen, backend),
    ...widths,
  });
  if (backend === undefined) return { compute, quantisation: await quantised() };
  const { devices } = loadTech(args.tech, { set: args.set });
  if (devices === undefined)
    throw usageError(`--tech ${args.tech}: a technology of digital blocks has no crossbars`);
  const graph = network.graph();
  const crossbars = crossbarDevices(devices, deviceOptions(args), graph);
  refuseImpossible(graph, crossbars, widths);
  const seen = new SeenOperands();
  const quantisation = await quantised(seen);
  const windows = seen.windows(network.weights(graph), quantisation, crossbars);
  return { compute, quantisation, analog: { backend, seed, draw, ...crossbars, windows } };
}

async function runAll(
  runner: Runner,
  inputs: readonly ModelInput[],
  pause: (done: number, total: number) => Promise<void>,
): Promise<Matrix[]> {
  const logits: Matrix[] = [];
  try {
    for (const [image, input] of inputs.entries()) {
      await pause(image, inputs.length);
      logits.push((await runner.run(input, { image })).logits);
    }
  } finally {
    runner.dispose();
  }
  return logits;
}

/** "analog on trex-fefet-32nm, wasm (simd, 2 threads), draw 0, seed 1". */
function ranText({ precision, tech, seed, draw }: InferArguments, backend: MvmBackend | undefined): string {
  if (backend !== undefined) return `analog on ${tech}, ${backendText(backend)}, draw ${draw}, seed ${seed}`;
  return `${COMPUTE[precision]}, 1 thread`;
}

export const inferCommand: CommandModule<object, InferArguments> = {
  command: 'infer',
  describe: 'Run a trained network on arrays: exact, in integers, or on noisy crossbars',
  builder: yargs =>
    yargs
      .options(networkFlags)
      .options(quantisationFlags)
      .option('calibrate', {
        type: 'string',
        describe: `.npy that calibrates the ranges of activations [default: the first ${CALIBRATION} inputs]`,
        group: 'Network:',
      })
      .option('input', {
        type: 'string',
        demandOption: true,
        describe: '.npy: float [N, C, H, W] or [C, H, W], normalised; or token ids [N, T]',
        group: 'Run:',
      })
      .option('mask', { type: 'string', describe: '.npy [N, T]: 1 for tokens, 0 for padding', group: 'Run:' })
      .option('types', { type: 'string', describe: '.npy [N, T]: segment of each token', group: 'Run:' })
      .option('out', {
        type: 'string',
        demandOption: true,
        describe: '.npy for [N, classes]; of a network without head [N, tokens, width]',
        group: 'Run:',
      })
      .option('precision', {
        choices: ['float', 'int8', 'analog'] as const,
        default: 'float' as const,
        describe: 'How matrix products are computed',
        group: 'Run:',
      })
      .options(deviceFlags)
      .option('draw', { type: 'number', default: 0, describe: 'Which chip of many', group: 'Run:' })
      .option('seed', { type: 'number', default: 1, describe: 'Seed of random streams', group: 'Run:' })
      .options(backendFlags)
      .option('quiet', { type: 'boolean', default: false, describe: 'No progress', group: 'Output:' })
      .example(
        '$0 infer --model deit-s.safetensors --model-name deit-s --input x.npy --out logits.npy --precision analog',
        'Logits of noisy crossbars',
      ) as never,
  handler,
};
