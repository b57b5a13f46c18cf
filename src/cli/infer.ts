/** `trex infer`: arrays in, logits out, in float32, in integers or on crossbars. */
import type { CommandModule } from 'yargs';
import { CALIBRATION_INPUTS } from '../accuracy/defaults.ts';
import { deviceOptions } from '../accuracy/device-options.ts';
import { generate } from '../accuracy/generate.ts';
import { checkInferOptions, type InferHooks, infer, PRECISIONS } from '../accuracy/infer.ts';
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
  type CacheArguments,
  cacheFlags,
  type DeviceArguments,
  deviceFlags,
  type NetworkArguments,
  networkFlags,
  noProgressFlag,
  number,
  type QuantisationArguments,
  quantisationFlags,
  seedFlag,
  text,
} from './io/flags.ts';
import { warn } from './io/print.ts';
import { ProgressBars } from './io/progress-bars.ts';
import { terminalWidth } from './io/terminal.ts';

interface InferArguments
  extends DeviceArguments,
    NetworkArguments,
    QuantisationArguments,
    BackendArguments,
    CacheArguments {
  readonly input: string;
  readonly mask: string | undefined;
  readonly types: string | undefined;
  readonly out: string;
  readonly precision: keyof typeof PRECISIONS;
  readonly calibrate: string | undefined;
  readonly draw: number;
  readonly seed: number;
  readonly generate: number | undefined;
  readonly temperature: number;
  readonly topK: number | undefined;
  readonly quiet: boolean;
}

async function handler(args: InferArguments): Promise<void> {
  checkInferOptions(args);
  checkTarget(args.out);
  // Its threads start while the network is read.
  const backend = args.precision === 'analog' ? await openBackend(args) : undefined;
  const bars = new ProgressBars(args.quiet);
  try {
    const { bytes, said, warnings, assumed } = await ran(args, {
      files: nodeFiles,
      disk: diskFiles,
      backend,
      pause: (what, done, total) =>
        what === 'calibrate'
          ? bars.pause()
          : bars.counting('infer', args.generate === undefined ? 'inputs' : 'tokens')(done, total),
    });
    bars.done();
    writeWhole(args.out, bytes);
    if (args.quiet) return;
    warn(warnings);
    process.stdout.write(`${args.out}: ${said}; ${ranText(args, backend)}\n`);
    if (assumed !== null)
      process.stdout.write(`${table([['assumed', assumed]], { width: terminalWidth() })}\n`);
  } finally {
    bars.done();
    await backend?.dispose();
  }
}

/** What a run leaves: a file, and a line about it. */
interface Ran {
  readonly bytes: Uint8Array;
  readonly said: string;
  readonly assumed: string | null;
  readonly warnings: readonly string[];
}

async function ran(args: InferArguments, hooks: InferHooks): Promise<Ran> {
  const request = { ...args, device: deviceOptions(args) };
  if (args.generate === undefined) {
    const { logits, shape, output, ...rest } = await infer(request, hooks);
    const what = output === 'logits' ? '' : `, ${output}`;
    return { ...rest, bytes: writeNpy(logits, shape), said: `${shape.join(' x ')} float32${what}` };
  }
  const { tokens, shape, texts, ...rest } = await generate({ ...request, generate: args.generate }, hooks);
  const written = texts === null ? '' : `\n${texts.join('\n\n')}\n`;
  return { ...rest, bytes: writeNpy(tokens, shape), said: `${shape.join(' x ')} int32, token ids${written}` };
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
          describe:
            'Arrays or texts: .npy, float [N, C, H, W] or [C, H, W], normalised, or token ids [N, T], also as .json; or a text of bytes',
          group: 'Run:',
        },
        mask: text('.npy [N, T]: 1 for tokens, 0 for padding', 'Run:'),
        types: text('.npy [N, T]: segment of each token', 'Run:'),
        out: {
          type: 'string',
          demandOption: true,
          describe:
            'File of outputs: .npy [N, classes]; of a head on every token [N, tokens, classes], without head [N, tokens, width]; token ids [N, generated]',
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
      .options({
        generate: number('Tokens that a decoder adds to each prompt', 'Text:'),
        temperature: {
          type: 'number',
          default: 0,
          describe: 'Tokens are drawn from their logits over it, by the seed; 0: the likeliest',
          group: 'Text:',
        },
        'top-k': number('Tokens are drawn from so many of the likeliest', 'Text:'),
      })
      .options(cacheFlags)
      .options(backendFlags)
      .option('quiet', noProgressFlag)
      .example(
        '$0 infer --model deit-s.safetensors --model-name deit-s --input x.npy --out logits.npy --precision analog',
        'Logits of noisy crossbars',
      ) as never,
  handler,
};
