/** `trex mvm`: one matrix on the crossbars of a technology, and how far its products are off. */
import type { CommandModule } from 'yargs';
import { deviceOptions } from '../accuracy/device-options.ts';
import { MVM_DEFAULTS, type MvmResult, mvm } from '../accuracy/mvm.ts';
import { diskFiles } from '../data/node/disk-files.ts';
import { backendText, openBackend } from '../numerics/mvm/node/open-backend.ts';
import { planMvm } from '../numerics/mvm/spec.ts';
import { mvmTable } from '../report/mvm-table.ts';
import { nodeFiles } from '../run/node/files.ts';
import {
  type BackendArguments,
  backendFlags,
  type DeviceArguments,
  deviceFlags,
  flag,
  inputBitsFlag,
  noProgressFlag,
  number,
  seedFlag,
  text,
  weightBitsFlag,
} from './io/flags.ts';
import type { FormatArguments } from './io/output-format.ts';
import { commandOutput } from './io/print.ts';
import { ProgressBars } from './io/progress-bars.ts';

interface MvmArguments extends DeviceArguments, BackendArguments, FormatArguments {
  readonly rows: number | undefined;
  readonly cols: number | undefined;
  readonly weights: string | undefined;
  readonly tokens: number;
  readonly adc: number | undefined;
  readonly cellBits: number | undefined;
  readonly arrayRows: number | undefined;
  readonly arrayCols: number | undefined;
  readonly sigmaRead: number | undefined;
  readonly sigmaWrite: number | undefined;
  readonly weightBits: number;
  readonly inputBits: number;
  readonly signed: boolean;
  readonly written: boolean;
  readonly strip: 1 | 16 | 32;
  readonly density: number;
  readonly trials: number;
  readonly seed: number;
  readonly quiet: boolean;
}

interface Shown {
  readonly result: MvmResult;
  /** The back end. */
  readonly ran: string;
}

const output = commandOutput<Shown>({
  formats: { json: { value: ({ result }) => result } },
  text: ({ result, ran }, width) => `${mvmTable(result, planMvm(result.spec), width)}\n\nback end ${ran}\n`,
});

async function handler(args: MvmArguments): Promise<void> {
  const { tech, set, rows, cols, weights, tokens, weightBits, inputBits, signed, written, density } = args;
  const { adc: adcBits, cellBits, arrayRows, arrayCols, sigmaRead, sigmaWrite, strip, trials, seed } = args;
  const own = { adcBits, cellBits, arrayRows, arrayCols, sigmaRead, sigmaWrite, strip };
  const device = { ...deviceOptions(args), ...own };
  const matrix = { rows, cols, weights, tokens, weightBits, inputBits, signed, written, density };
  const bars = new ProgressBars(args.quiet);
  let ran = '';
  try {
    const result = await mvm(
      { tech, set, device, ...matrix, trials, seed },
      {
        files: nodeFiles,
        disk: diskFiles,
        backend: async () => {
          const backend = await openBackend(args);
          ran = backendText(backend);
          return backend;
        },
        pause: bars.counting('mvm', 'trials'),
      },
    );
    bars.done();
    output.print(args, { result, ran });
  } finally {
    bars.done();
  }
}

export const mvmCommand: CommandModule<object, MvmArguments> = {
  command: 'mvm',
  describe: 'Measure the error of one matrix on noisy crossbars',
  builder: yargs =>
    yargs
      .options({
        rows: number('Inputs of the matrix', 'Matrix:'),
        cols: number('Outputs of the matrix', 'Matrix:'),
        weights: text('.npy [rows, cols]: integers, or floats that are quantised', 'Matrix:'),
        tokens: {
          type: 'number',
          default: MVM_DEFAULTS.tokens,
          describe: 'Input vectors of a trial',
          group: 'Matrix:',
        },
        'weight-bits': weightBitsFlag('Matrix:'),
        'input-bits': inputBitsFlag('Matrix:'),
        signed: flag("Inputs in two's complement", 'Matrix:'),
        density: {
          type: 'number',
          default: MVM_DEFAULTS.density,
          describe: 'Share of input bits that are 1',
          group: 'Matrix:',
        },
      })
      .options(deviceFlags)
      .options({
        adc: number('Bits of the ADC', 'Crossbars:'),
        'cell-bits': number('Bits of a weight in one cell', 'Crossbars:'),
        'array-rows': number('Rows that one conversion adds up', 'Crossbars:'),
        'array-cols': number('Columns of one array: the length of its wordlines', 'Crossbars:'),
        'sigma-read': number('Read variation, 0.1 is 10 %', 'Crossbars:'),
        'sigma-write': number('Write variation', 'Crossbars:'),
        written: flag('A matrix written at run time, as K^T and V: with write variation', 'Crossbars:'),
        strip: {
          choices: [1, 16, 32] as const,
          default: 16,
          describe: 'Columns that share one random number of the read noise',
          group: 'Crossbars:',
        },
        trials: {
          type: 'number',
          default: MVM_DEFAULTS.trials,
          describe: 'Chips, with inputs of their own',
          group: 'Run:',
        },
        seed: seedFlag(),
      })
      .options(backendFlags)
      .options({ ...output.flags, quiet: noProgressFlag })
      .example('$0 mvm --rows 384 --cols 1536 --adc 8', 'An FFN layer of DeiT-S with 8-bit ADCs') as never,
  handler,
};
