/** `trex compare A B ...`: technologies or architectures on one network, side by side, and what makes the difference. */
import type { CommandModule } from 'yargs';
import { ACCURACY_DEFAULTS } from '../accuracy/accuracy-options.ts';
import { parseAdcRange } from '../accuracy/device-options.ts';
import { usageError } from '../base/errors.ts';
import { COMPARE_DEFAULTS, compare, type OpCount } from '../explore/compare/compare.ts';
import { parseIso, parseIsoChoice } from '../explore/compare/iso.ts';
import type { TrainedNetwork } from '../explore/compare/target.ts';
import { openBackend } from '../numerics/mvm/node/open-backend.ts';
import { compareFigure } from '../report/compare-figure.ts';
import { compareCsv, compareTable } from '../report/compare-table.ts';
import type { Comparison, IsoTarget } from '../report/comparison.ts';
import { checkTarget, writeWhole } from '../run/node/write-file.ts';
import type { EncodingName } from '../tech/encodings.ts';
import {
  adcRangeFlag,
  encodingFlag,
  flag,
  modelFlag,
  number,
  quietFlag,
  seedFlag,
  setFlag,
  text,
  tokensFlag,
} from './io/flags.ts';
import type { FormatArguments } from './io/output-format.ts';
import { commandOutput, warn } from './io/print.ts';
import { ProgressBars } from './io/progress-bars.ts';
import { type Sources, watched, watchFlag } from './io/watch.ts';

const ACCURACY = 'Accuracy:';

interface CompareArguments extends FormatArguments {
  readonly files: string[];
  readonly arch: string | undefined;
  readonly tech: string | undefined;
  readonly model: string;
  readonly reuse: string;
  readonly tokens: number | undefined;
  readonly set: string[];
  readonly iso: string[] | undefined;
  readonly allow: string[];
  readonly accuracy: boolean;
  readonly weights: string | undefined;
  readonly data: string | undefined;
  readonly split: 'test' | 'train' | undefined;
  readonly images: number | undefined;
  readonly draws: number | undefined;
  readonly ops: OpCount | undefined;
  readonly trials: number;
  readonly encoding: EncodingName | undefined;
  readonly adcRange: string;
  readonly seed: number;
  readonly figure: string | undefined;
  readonly quiet: boolean;
  readonly watch: boolean;
}

interface Shown {
  readonly comparison: Comparison;
  readonly figure: string | undefined;
}

const output = commandOutput<Shown>({
  formats: {
    json: { value: ({ comparison }) => comparison },
    csv: { describe: 'A row per file as CSV on stdout', value: ({ comparison }) => compareCsv(comparison) },
  },
  text: ({ comparison, figure }, width) =>
    `${compareTable(comparison, width)}\n${figure === undefined ? '' : `\nfigure  ${figure}\n`}`,
});

const handler = (args: CompareArguments): Promise<void> => {
  output.chosen(args);
  return watched(args.watch, sources => compareOnce(args, sources));
};

async function compareOnce(args: CompareArguments, { files, disk }: Sources): Promise<void> {
  const { files: names, model, reuse, set, trials, encoding = null, seed, figure } = args;
  const adcRange = parseAdcRange(args.adcRange);
  const { names: equal, target } = parseIsoChoice(args.iso ?? COMPARE_DEFAULTS.iso);
  const iso = equal.length === 0 ? COMPARE_DEFAULTS.iso : equal;
  const allow = parseIso('allow', args.allow);
  const trained = trainedOf(args, target);
  const options = { names, model, reuse, set, iso, target, trained, allow, trials, encoding, adcRange, seed };
  const { arch = null, tech = null, tokens = null, ops = null } = args;
  if (figure !== undefined) checkTarget(figure);
  const bars = new ProgressBars(args.quiet);
  let subject = '';
  let inputs = '';
  try {
    const comparison = await compare(
      { ...options, arch, tech, tokens, ops },
      {
        files,
        disk,
        pause: (done, total) => bars.counting(subject, 'jobs')(done, total),
        backend: () => openBackend({ backend: 'wasm', gpuMode: undefined, threads: 1 }),
        onInputs: text => {
          if (text !== inputs) bars.say(`inputs  ${text}`);
          inputs = text;
        },
        onSubject: name => {
          subject = name;
        },
      },
    );
    bars.done();
    warn(comparison.warnings, args.quiet);
    if (figure !== undefined) writeWhole(figure, compareFigure(comparison));
    output.print(args, { comparison, figure });
  } finally {
    bars.done();
  }
}

/** What an accuracy is measured on. */
function trainedOf(args: CompareArguments, target: IsoTarget | null): TrainedNetwork | null {
  const { weights, data, split, images, draws } = args;
  const given = [weights, data, split, images, draws].some(value => value !== undefined);
  if (!args.accuracy && (target?.name !== 'accuracy' || !given)) return null;
  if (weights === undefined || data === undefined)
    throw usageError(`${args.accuracy ? '--accuracy' : '--iso accuracy'}: needs both --weights and --data`);
  return {
    model: weights,
    data,
    split: split ?? ACCURACY_DEFAULTS.split,
    images: images ?? ACCURACY_DEFAULTS.images,
    draws: draws ?? ACCURACY_DEFAULTS.draws,
  };
}

export const compareCommand: CommandModule<object, CompareArguments> = {
  command: 'compare <files..>',
  describe: 'Compare technologies or architectures on one network, and say why they differ',
  builder: yargs =>
    yargs
      .positional('files', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Technologies, or architectures: names or paths; ratios are to the first',
      })
      .options({
        arch: text('Architecture of the technologies  [default: trex]', 'Model:'),
        tech: text('Technology of the architectures  [default: their own]', 'Model:'),
        model: { ...modelFlag, default: COMPARE_DEFAULTS.model },
        reuse: {
          type: 'string',
          default: 'none',
          describe: 'Encoders that reuse attention, as in trex run',
          group: 'Model:',
        },
        tokens: tokensFlag,
        set: setFlag('Override a value of all: pe.adcBanks=2, tech.adc.bits=5', 'Model:'),
        iso: {
          type: 'string',
          array: true,
          nargs: 1,
          describe:
            'What must be equal: node, precision, network [default], area, arrays (tiles are added), snr=20dB, accuracy=97% (fewest ADC bits)',
          group: 'Fairness:',
        },
        allow: setFlag('What may differ nevertheless', 'Fairness:'),
        accuracy: flag('Also the accuracy of trained weights on each chip', ACCURACY),
        weights: text('Trained weights of the network', ACCURACY),
        data: text('Labelled inputs, as in trex accuracy', ACCURACY),
        split: {
          choices: ['test', 'train'] as const,
          describe: `Of the labelled inputs [default: ${ACCURACY_DEFAULTS.split}]`,
          group: ACCURACY,
        },
        images: number(`Inputs that are classified [default: ${ACCURACY_DEFAULTS.images}]`, ACCURACY),
        draws: number(`Chips with cells of their own [default: ${ACCURACY_DEFAULTS.draws}]`, ACCURACY),
        ops: {
          choices: ['trex-paper', '2-per-mac'] as const,
          describe: 'Operations of TOPS for all  [default: as the first architecture says]',
          group: 'Fairness:',
        },
        trials: {
          type: 'number',
          default: COMPARE_DEFAULTS.trials,
          describe: "Chips whose matrix products' error is measured; 0: none",
          group: 'Run:',
        },
        encoding: encodingFlag,
        'adc-range': adcRangeFlag,
        seed: seedFlag(),
        watch: watchFlag,
        figure: text('Write the comparison as SVG', 'Output:'),
        ...output.flags,
        quiet: quietFlag,
      })
      .example('$0 compare trex-fefet-32nm trex-sram-32nm trex-hybrid-32nm', 'Three devices on TReX')
      .example('$0 compare fefet-32nm sram-32nm --arch trex-full --iso snr=10dB', 'EDAP at equal error')
      .example('$0 compare trex trex-full', "What the paper's accounting leaves out") as never,
  handler,
};
