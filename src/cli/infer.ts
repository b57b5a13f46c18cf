/** `trex infer`: arrays in, logits out, in float32, in integers or on crossbars. */
import type { CommandModule } from 'yargs';
import { CALIBRATION_INPUTS } from '../accuracy/defaults.ts';
import { deviceOptions } from '../accuracy/device-options.ts';
import { checkInferOptions, infer, PRECISIONS } from '../accuracy/infer.ts';
import { diskFiles } from '../data/node/disk-files.ts';
import type { MvmBackend } from '../numerics/mvm/backend.ts';
import { backendText, openBackend } from '../numerics/mvm/node/open-backend.ts';
import { table } from '../report/table.ts';
import { nodeFiles } from '../run/node/files.ts';
import { checkTarget, writeWhole } from '../run/node/write-file.ts';
import { writeNpy } from '../workload/import/npy-writer.ts';
import {
  type BackendArguments,
  backendFlags,
  type DeviceArguments,
  deviceFlags,
  type NetworkArguments,
  networkFlags,
  noProgressFlag,
  type QuantisationArguments,
  quantisationFlags,
  seedFlag,
  text,
} from './io/flags.ts';
import { warn } from './io/print.ts';
import { ProgressBars } from './io/progress-bars.ts';
import { terminalWidth } from './io/terminal.ts';

interface InferArguments extends DeviceArguments, NetworkArguments, QuantisationArguments, BackendArguments {
  readonly input: string;
  readonly mask: string | undefined;
  readonly types: string | undefined;
  readonly out: string;
  readonly precision: keyof typeof PRECISIONS;
  readonly calibrate: string | undefined;
  readonly draw: number;
  readonly seed: number;
  readonly quiet: boolean;
}

async function handler(args: InferArguments): Promise<void> {
  checkInferOptions(args);
  checkTarget(args.out);
  // Its threads start while the network is read.
  const backend = args.precision === 'analog' ? await openBackend(args) : undefined;
  const bars = new ProgressBars(args.quiet);
  try {
    const { logits, shape, output, warnings, assumed } = await infer(
      { ...args, device: deviceOptions(args) },
      {
        files: nodeFiles,
        disk: diskFiles,
        backend,
        pause: (what, done, total) =>
          what === 'calibrate' ? bars.pause() : bars.counting('infer', 'inputs')(done, total),
      },
    );
    bars.done();
    writeWhole(args.out, writeNpy(logits, shape));
    if (args.quiet) return;
    warn(warnings);
    const what = output === 'logits' ? '' : `, ${output}`;
    process.stdout.write(`${args.out}: ${shape.join(' x ')} float32${what}; ${ranText(args, backend)}\n`);
    if (assumed !== null)
      process.stdout.write(`${table([['assumed', assumed]], { width: terminalWidth() })}\n`);
  } finally {
    bars.done();
    await backend?.dispose();
  }
}

/** "analog on trex-fefet-32nm, wasm (simd, 2 threads), draw 0, seed 1". */
function ranText({ precision, tech, seed, draw }: InferArguments, backend: MvmBackend | undefined): string {
  if (backend !== undefined) return `analog on ${tech}, ${backendText(backend)}, draw ${draw}, seed ${seed}`;
  return `${PRECISIONS[precision]}, 1 thread`;
}

export const inferCommand: CommandModule<object, InferArguments> = {
  command: 'infer',
  describe: 'Run a trained network on arrays: exact, in integers, or on noisy crossbars',
  builder: yargs =>
    yargs
      .options(networkFlags)
      .options(quantisationFlags)
      .options({
        calibrate: text(
          `.npy that calibrates the ranges of activations [default: the first ${CALIBRATION_INPUTS} inputs]`,
          'Network:',
        ),
        input: {
          type: 'string',
          demandOption: true,
          describe: '.npy: float [N, C, H, W] or [C, H, W], normalised; or token ids [N, T]',
          group: 'Run:',
        },
        mask: text('.npy [N, T]: 1 for tokens, 0 for padding', 'Run:'),
        types: text('.npy [N, T]: segment of each token', 'Run:'),
        out: {
          type: 'string',
          demandOption: true,
          describe:
            '.npy for [N, classes]; of a head on every token [N, tokens, classes], without head [N, tokens, width]',
          group: 'Run:',
        },
        precision: {
          choices: Object.keys(PRECISIONS) as (keyof typeof PRECISIONS)[],
          default: 'float' as const,
          describe: 'How matrix products are computed',
          group: 'Run:',
        },
      })
      .options(deviceFlags)
      .options({
        draw: { type: 'number', default: 0, describe: 'Which chip of many', group: 'Run:' },
        seed: seedFlag(),
      })
      .options(backendFlags)
      .option('quiet', noProgressFlag)
      .example(
        '$0 infer --model deit-s.safetensors --model-name deit-s --input x.npy --out logits.npy --precision analog',
        'Logits of noisy crossbars',
      ) as never,
  handler,
};
