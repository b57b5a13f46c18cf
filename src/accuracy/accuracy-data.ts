/** The data of a measurement of accuracy: the inputs that are classified, and those that calibrate. */
import { usageError } from '../base/errors.ts';
import type { DataFiles } from '../data/data-files.ts';
import type { DataOptions } from '../data/data-options.ts';
import type { DataSet } from '../data/data-set.ts';
import { openData } from '../data/open-data.ts';
import { subset } from '../data/subset.ts';
import type { NormalizationName } from '../data/transform.ts';
import type { ModelInput } from '../numerics/execute/input.ts';
import type { ModelConfig } from '../workload/model.ts';
import { squareSide } from '../workload/size.ts';
import { ACCURACY_DEFAULTS, type AccuracyOptions } from './accuracy-options.ts';
import type { NetworkFile } from './network-file.ts';
import { normalizationBeside } from './preprocessor.ts';
import { isFile } from './read-files.ts';
import { readSamples, type Samples } from './samples.ts';

/** The inputs of a measurement. */
export interface AccuracyData {
  /** The inputs of the run, and all there are. */
  readonly set: DataSet;
  readonly all: DataSet;
  readonly warnings: readonly string[];
}

/** Opens the data of a network. @throws TrexError: data that is not there (4), or does not go with the network (2, 3). */
export async function openAccuracyData(
  options: AccuracyOptions,
  network: NetworkFile,
  classes: number,
  disk: DataFiles,
): Promise<AccuracyData> {
  const offered = await offeredOptions(network, disk);
  const all = await openData(disk, options.data.replaceAll('\\', '/'), askedOptions(options), offered);
  const named = typeof all.classes === 'number' ? all.classes : all.classes?.length;
  if (named !== undefined && named > classes)
    throw usageError(
      `${options.data} has ${named} classes, but ${network.model.name} tells ${classes} apart`,
    );
  const warnings =
    typeof all.classes !== 'number' && named !== undefined && named < classes
      ? [
          `${options.data} has ${named} classes, ${network.model.name} ${classes}: class i is taken for output i`,
        ]
      : [];
  return { set: subset(all, Math.min(options.images, all.size), options.seed), all, warnings };
}

/** What was said about the data; the default part goes without saying. */
function askedOptions({ split, classes, vocabulary, normalization }: AccuracyOptions): DataOptions {
  return {
    ...(split !== ACCURACY_DEFAULTS.split && { split }),
    ...(classes !== null && { classes }),
    ...(vocabulary !== null && { vocabulary }),
    // The data's own check names what it knows.
    ...(normalization !== null && { normalization: normalization as NormalizationName }),
  };
}

/** What the network and the files beside it say. */
async function offeredOptions({ model, folder }: NetworkFile, disk: DataFiles): Promise<DataOptions> {
  if ('imageSize' in model) {
    const normalization = await normalizationBeside(disk, folder);
    const sizes = { ...squareSide(model), channels: model.inChannels };
    return { ...sizes, ...(normalization !== undefined && { normalization }) };
  }
  const vocabulary = `${folder}/vocab.txt`;
  return { maxTokens: model.maxTokens, ...((await isFile(disk, vocabulary)) && { vocabulary }) };
}

/** Inputs of the same set, drawn on their own: labels are not looked at. */
export async function calibrationInputs(
  all: DataSet,
  { calibration, seed, skipBad }: AccuracyOptions,
  model: ModelConfig,
): Promise<{ inputs: ModelInput[]; samples: Samples }> {
  const some = subset(all, Math.min(calibration, all.size), `${seed}/calibration`);
  const samples = await readSamples(some, model, { skipBad });
  const inputs: ModelInput[] = [];
  for (let index = 0; index < samples.size; index++) {
    const sample = await samples.sample(index);
    if (sample !== undefined) inputs.push(sample.input);
  }
  return { inputs, samples };
}
