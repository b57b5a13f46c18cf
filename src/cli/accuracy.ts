/** `trex accuracy`: a trained network on labelled data, exact and on noisy crossbars. */

import type { CommandModule } from 'yargs';
import { accuracy } from '../accuracy/accuracy.ts';
import { type AccuracyRequest, accuracyOptions } from '../accuracy/accuracy-options.ts';
import { CALIBRATION_INPUTS } from '../accuracy/defaults.ts';
import { deviceOptions } from '../accuracy/device-options.ts';
import { SWEEPS } from '../accuracy/sweep-parameters.ts';
import { jsonText } from '../base/json-text.ts';
import { DATA_FORMATS } from '../data/formats/all.ts';
import { diskFiles } from '../data/node/disk-files.ts';
import { takes } from '../data/open-data.ts';
import { backendText, openBackend } from '../numerics/mvm/node/open-backend.ts';
import type { AccuracyResult } from '../report/accuracy-result.ts';
import { accuracyCsv, accuracyFigure, accuracyTable, layerSnrCsv } from '../report/accuracy-table.ts';
import { nodeFiles } from '../run/node/files.ts';
import { type DataArguments, dataFlags, dataOf } from './io/data-flags.ts';
import {
  type BackendArguments,
  backendFlags,
  type CacheArguments,
  cacheFlags,
  type DeviceArguments,
  deviceFlags,
  flag,
  forceFlag,
  imageFlags,
  type NetworkArguments,
  networkFlags,
  noProgressFlag,
  number,
  type QuantisationArguments,
  quantisationFlags,
  seedFlag,
  text,
  textFlags,
} from './io/flags.ts';
import { goesOnFrom, keeps } from './io/interrupt.ts';
import type { FormatArguments } from './io/output-format.ts';
import { commandOutput, warn } from './io/print.ts';
import { ProgressBars } from './io/progress-bars.ts';
import { checkFolder, openProgress, type ProgressFile } from './io/progress-file.ts';

interface AccuracyArguments
  extends DeviceArguments,
    NetworkArguments,
    QuantisationArguments,
    BackendArguments,
    CacheArguments,
    DataArguments,
    FormatArguments {
  readonly task: 'classes' | 'lm';
  readonly context: number | undefined;
  readonly data: string;
  readonly images: number;
  readonly calibration: number;
  readonly sweep: string | undefined;
  readonly layers: boolean;
  readonly snrImages: number;
  readonly draws: number;
  readonly seed: number;
  readonly profile: string | undefined;
  readonly threshold: number | undefined;
  readonly efforts: string | undefined;
  readonly entropy: number | undefined;
  readonly out: string | undefined;
  readonly force: boolean;
  readonly quiet: boolean;
}

function requestOf(args: AccuracyArguments): AccuracyRequest {
  const { model, reuse, data, images, calibration, calibrator, weightBits, inputBits } = args;
  const { ignoreTensors = null, imageSize = null } = args;
  const { config = null, modelName = null, heads = null } = args;
  const { tech, set, sweep = null, layers, snrImages, draws, seed } = args;
  const network = { model, config, modelName, heads, ignoreTensors, imageSize, reuse };
  const inputs = { data, ...dataOf(args), images };
  const bits = { calibration, calibrator, weightBits, inputBits };
  const device = deviceOptions(args);
  return { ...network, ...inputs, ...bits, tech, set, device, sweep, layers, snrImages, draws, seed };
}

interface Shown {
  readonly result: AccuracyResult;
  readonly backend: string;
  readonly out: string | undefined;
}

const output = commandOutput<Shown>({
  formats: { json: { value: ({ result }) => result }, csv: { value: ({ result }) => accuracyCsv(result) } },
  text: summary,
  both: ', or --out DIR for both',
});

async function handler(args: AccuracyArguments): Promise<void> {
  output.chosen(args);
  const { out, force, quiet, profile, threshold, efforts, entropy } = args;
  if (args.task === 'lm') {
    const { measureLanguage } = await import('./accuracy-language.ts');
    await measureLanguage(args);
    return;
  }
  if (profile !== undefined) {
    const { writeAccuracyProfile } = await import('./accuracy-profile.ts');
    const request = { ...requestOf(args), threshold, efforts, entropy };
    await writeAccuracyProfile(request, { ...args, profile });
    return;
  }
  const options = accuracyOptions(requestOf(args));
  if (out !== undefined) checkFolder(out);
  const backend = await openBackend(args);
  let file: ProgressFile | undefined;
  const bars = new ProgressBars(quiet);
  try {
    const result = await accuracy(options, {
      files: nodeFiles,
      disk: diskFiles,
      backend,
      open: async begin => {
        if (out === undefined) return undefined;
        keeps(goesOnFrom(out));
        file = await openProgress(out, { begin, force, onDamage: message => warn([message], quiet) });
        return file;
      },
      onInputs: text => bars.say(`inputs  ${text}`),
      pause: (part, done, total) => bars.counting(part, 'inputs')(done, total),
    });
    bars.done();
    file?.finish(outputFiles(result));
    warn(result.warnings, quiet);
    output.print(args, { result, backend: backendText(backend), out });
  } finally {
    bars.done();
    file?.close();
    await backend.dispose();
  }
}

const outputFiles = (result: AccuracyResult): Record<string, string> => ({
  'result.json': jsonText(result),
  'accuracy.csv': accuracyCsv(result),
  'layers.csv': layerSnrCsv(result),
  ...(result.sweep !== null && { 'accuracy.svg': accuracyFigure(result) }),
});

function summary({ result, backend, out }: Shown, width: number): string {
  const { skipped } = result.data;
  const left =
    skipped.length === 0 ? '' : `skipped ${skipped.length} that do not decode: ${skipped[0].reason}\n`;
  const files = out === undefined ? '' : `files   ${out}\n`;
  return `${accuracyTable(result, width)}\n\n${left}back end ${backend}\n${files}`;
}

const data = dataFlags(
  `Labelled inputs: ${DATA_FORMATS.map(({ name }) => name).join(', ')}`,
  `Of ${DATA_FORMATS.filter(f => takes(f, 'split'))
    .map(({ name }) => name)
    .join(', ')}`,
);

export const accuracyCommand: CommandModule<object, AccuracyArguments> = {
  command: 'accuracy',
  describe: 'Measure the accuracy of a trained network on noisy crossbars',
  builder: yargs =>
    yargs
      .options(networkFlags)
      .options(quantisationFlags)
      .options({
        calibration: {
          type: 'number',
          default: CALIBRATION_INPUTS,
          describe: 'Inputs that calibrate the ranges of activations',
          group: 'Network:',
        },
        ...data,
        data: { ...data.data, demandOption: true },
        images: { type: 'number', default: 100, describe: 'Inputs, drawn by the seed', group: 'Data:' },
        task: {
          choices: ['classes', 'lm'] as const,
          default: 'classes' as const,
          describe: 'What is measured: classes, or lm, the next token of a text, its loss and perplexity',
          group: 'Data:',
        },
        context: number('Tokens that are read together [default: as the network says]', 'Data:'),
        ...imageFlags,
        ...textFlags,
      })
      .options(deviceFlags)
      .options(cacheFlags)
      .options({
        draws: { type: 'number', default: 3, describe: 'Chips with cells of their own', group: 'Run:' },
        sweep: text(
          `One parameter against accuracy: adc=4..8, sigmaRead=0..0.3:0.05, driftTime=1,1e3,1e6; known: ${Object.keys(SWEEPS).join(', ')}`,
          'Run:',
        ),
        layers: flag('Also noise in one layer at a time', 'Run:'),
        'snr-images': {
          type: 'number',
          default: 4,
          describe: 'Inputs of each draw that are compared layer by layer, at most 16',
          group: 'Run:',
        },
        seed: seedFlag(),
      })
      .options({
        profile: text(
          'File for what each input makes the network do, in float32: a profile for trex run --profile',
          'Work that depends on the input:',
        ),
        threshold: number(
          'Patches go on from it up, of A-ViT below it [default: 0.5 of DynamicViT, 0.99 of A-ViT]; of IRET a multiple of the mean attention',
          'Work that depends on the input:',
        ),
        efforts: text(
          'Encoders whose attention is skipped, cheapest effort first: "1 3 5 7/1 5/none" (PIVOT)',
          'Work that depends on the input:',
        ),
        entropy: number('Nats above which the next effort runs', 'Work that depends on the input:'),
      })
      .options(backendFlags)
      .options({
        ...output.flags,
        out: text('Folder for results and progress: the same command goes on where a run stopped', 'Output:'),
        force: forceFlag,
        quiet: noProgressFlag,
      })
      .example(
        '$0 accuracy --model deit-s.safetensors --model-name deit-s --data val --sweep adc=4..8 --out adc',
        'Accuracy against ADC resolution',
      ) as never,
  handler,
};
