/** `trex train`: a network on labelled data, in float32 or with the noise of crossbars in the forward pass; weights as safetensors. */
import type { CommandModule } from 'yargs';
import { significant } from '../base/units.ts';
import {
  TRAIN_DEFAULTS,
  type TrainFileOptions,
  type TrainFileResult,
  trainFiles,
} from '../optimize/node/train-files.ts';
import { table } from '../report/table.ts';
import {
  adcRangeFlag,
  encodingFlag,
  forceFlag,
  modelFlag,
  quietFlag,
  seedFlag,
  setFlag,
  text,
} from './io/flags.ts';
import { goesOnFrom, keeps } from './io/interrupt.ts';
import type { FormatArguments } from './io/output-format.ts';
import { commandOutput, warn } from './io/print.ts';
import { ProgressBars } from './io/progress-bars.ts';
import { commandLine, options } from './io/shell.ts';

interface TrainArguments extends TrainFileOptions, FormatArguments {
  readonly quiet: boolean;
}

interface Shown {
  readonly args: TrainFileOptions;
  readonly result: TrainFileResult;
}

const output = commandOutput<Shown>({
  formats: { json: { value: ({ result }) => result } },
  text: summary,
});

async function handler(args: TrainArguments): Promise<void> {
  output.chosen(args);
  keeps(goesOnFrom(args.out));
  const bars = new ProgressBars(args.quiet);
  try {
    const result = await trainFiles(args, bars);
    bars.done();
    warn(result.warnings, args.quiet);
    output.print(args, { args, result });
  } finally {
    bars.done();
  }
}

function summary({ args, result }: Shown, width: number): string {
  const { model, reuse, lossHistory, accuracy, data } = result;
  const rows = [
    ['network', `${model}, ${reuse === 'none' ? 'no reuse' : `reuse ${reuse}`}`],
    [
      'trained',
      `${lossHistory.length} epochs on ${data.train} inputs; loss ${significant(lossHistory.at(-1) ?? 0, 4)} nats`,
    ],
    ...(accuracy === null
      ? []
      : [['accuracy', `${(100 * accuracy).toFixed(2)} % of ${data.validation} inputs that were kept back`]]),
    ['files', args.out],
  ];
  const words = options({
    model: `${args.out}/weights.safetensors`,
    'model-name': `${args.out}/network.yaml`,
    data: data.test,
    reuse: reuse === 'none' ? undefined : reuse,
    task: /\.(txt|npy|json)$/.test(data.test) ? 'lm' : undefined,
  });
  return `${table(rows, { align: ['left', 'left'], width })}\nnext    ${commandLine(['accuracy', ...words])}\n`;
}

const TRAINING = 'Training:';
const CROSSBARS = 'Crossbars:';
const count = (value: number, describe: string) =>
  ({ type: 'number', default: value, describe, group: TRAINING }) as const;

export const trainCommand: CommandModule<object, TrainArguments> = {
  command: 'train',
  describe: 'Train a network on labelled data, with the noise of crossbars if wanted',
  builder: yargs =>
    yargs
      .options({
        model: { ...modelFlag, demandOption: true },
        reuse: {
          type: 'string',
          default: TRAIN_DEFAULTS.reuse,
          describe: 'Encoders that reuse attention, as in trex run',
          group: 'Model:',
        },
        weights: text('Weights of the network without reuse: the start, and the teacher', 'Model:'),
        set: setFlag('Override a value: model.encoders=6, tech.adc.bits=5', 'Model:'),
        data: {
          type: 'string',
          demandOption: true,
          describe: 'With a training and a test part, or train.tsv and dev.tsv: docs/data.md',
          group: TRAINING,
        },
        vocabulary: text('vocab.txt of a text network', TRAINING),
        epochs: count(TRAIN_DEFAULTS.epochs, 'Epochs'),
        batch: count(TRAIN_DEFAULTS.batch, 'Inputs of a step'),
        rate: count(TRAIN_DEFAULTS.rate, 'Highest learning rate'),
        'label-smoothing': count(
          TRAIN_DEFAULTS.labelSmoothing,
          'Share of the target that is spread over all classes',
        ),
        fraction: count(TRAIN_DEFAULTS.fraction, 'Share of the data that is trained on'),
        seed: seedFlag(TRAINING),
        variation: {
          type: 'boolean',
          default: TRAIN_DEFAULTS.variation,
          describe: 'With the noise of the crossbars in the forward pass',
          group: CROSSBARS,
        },
        tech: {
          type: 'string',
          default: TRAIN_DEFAULTS.tech,
          describe: 'Technology of the crossbars',
          group: CROSSBARS,
        },
        encoding: encodingFlag,
        'adc-range': adcRangeFlag,
        ...output.flags,
        out: {
          type: 'string',
          demandOption: true,
          describe: 'Folder for weights and checkpoint: the same command goes on where it stopped',
          group: 'Output:',
        },
        force: forceFlag,
        quiet: quietFlag,
      })
      .example('$0 train --model glyph-vit --data glyphs --epochs 10 --out base', 'A network from scratch')
      .example(
        '$0 train --model glyph-vit --data glyphs --weights base/weights.safetensors --reuse strided:3 --variation --out tuned',
        'Its variant with reuse, taught by it, with the noise of crossbars',
      ) as never,
  handler,
};
