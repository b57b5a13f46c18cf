/** The data of a measurement of accuracy: the inputs that are classified, and those that calibrate. */
import { unknownName, usageError } from '../base/errors.ts';
import { type DataFiles, firstFile, join } from '../data/data-files.ts';
import type { DataOptions } from '../data/data-options.ts';
import type { DataSet } from '../data/data-set.ts';
import { VOCABULARIES } from '../data/formats/tsv.ts';
import { parseCrop, parseResize } from '../data/geometry.ts';
import { parseNormalization, parseRescale } from '../data/normalization.ts';
import { openData } from '../data/open-data.ts';
import { FILTERS, type Filter } from '../data/resample.ts';
import { subset } from '../data/subset.ts';
import type { ModelInput } from '../numerics/execute/input.ts';
import type { ModelConfig } from '../workload/model.ts';
import { ACCURACY_DEFAULTS, type AccuracyOptions } from './accuracy-options.ts';
import type { NetworkFile } from './network-file.ts';
import {
  checkImageSize,
  type ImageNetwork,
  type Preprocessing,
  preprocessingBeside,
} from './preprocessor.ts';
import { isFile } from './read-files.ts';
import { readSamples, type Samples } from './samples.ts';

/** The inputs of a measurement. */
export interface AccuracyData {
  /** The inputs of the run, and all there are. */
  readonly set: DataSet;
  readonly all: DataSet;
  /** What is done to them, and who says so, in a line. */
  readonly inputs: string;
  readonly warnings: readonly string[];
}

/** Opens the data of a network. @throws TrexError: data that is not there (4), or does not go with the network (2, 3). */
export async function openAccuracyData(
  options: AccuracyOptions,
  network: NetworkFile,
  classes: number,
  disk: DataFiles,
): Promise<AccuracyData> {
  const { model } = network;
  const asked = askedOptions(options);
  const images = imagesOf(model);
  const { offered, beside } = await preparedAs(model, options.preprocessing ?? network.folder, disk);
  const all = await openData(disk, options.data.replaceAll('\\', '/'), asked, offered);
  if (images !== undefined && all.kind === 'image') checkImageSize({ ...offered, ...asked }, beside, images);
  const named = typeof all.classes === 'number' ? all.classes : all.classes?.length;
  if (named !== undefined && named > classes)
    throw usageError(`${options.data} has ${named} classes, but ${model.name} tells ${classes} apart`);
  const warnings =
    typeof all.classes !== 'number' && named !== undefined && named < classes
      ? [`${options.data} has ${named} classes, ${model.name} ${classes}: class i is taken for output i`]
      : [];
  const set = subset(all, Math.min(options.images, all.size), options.seed);
  return { set, all, inputs: inputsText(all, asked, beside), warnings };
}

/** What a network offers of its inputs, and the files in `folder`. @throws TrexError (invalid file) */
export async function preparedAs(
  model: ModelConfig,
  folder: string,
  disk: DataFiles,
): Promise<{ readonly offered: DataOptions; readonly beside: Preprocessing | undefined }> {
  const images = imagesOf(model);
  if (images === undefined)
    return { offered: { ...maxTokensOf(model), ...(await textOptions(folder, disk)) }, beside: undefined };
  const beside = await preprocessingBeside(disk, folder, images);
  return { offered: { size: images.size, channels: images.channels, ...beside?.options }, beside };
}

const maxTokensOf = (model: ModelConfig): DataOptions =>
  'maxTokens' in model ? { maxTokens: model.maxTokens } : {};

/** What an image network takes; undefined for texts. */
const imagesOf = (model: ModelConfig): ImageNetwork | undefined =>
  'imageSize' in model
    ? { name: model.name, size: [model.image.height, model.image.width], channels: model.inChannels }
    : undefined;

/** "shorter side to 256 bicubic, ...; by vit/preprocessor_config.json". */
function inputsText(set: DataSet, asked: DataOptions, beside: Preprocessing | undefined): string {
  if (set.reading === undefined)
    return `as stored${beside === undefined ? '' : `: ${beside.file} is for images`}`;
  if (set.kind !== 'image') return set.reading;
  const said = ['resize', 'crop', 'filter', 'rescale', 'normalization'].filter(name =>
    Object.hasOwn(asked, name),
  );
  const options = said.map(name => `--${name}`).join(', ');
  const by =
    beside?.file ?? 'default (assumed: no preprocessor_config.json or pretrained_cfg beside the weights)';
  return `${set.reading}; by ${[...(options === '' ? [] : [options]), by].join(', else ')}`;
}

/** What was said about the data; the default part goes without saying. @throws TrexError (usage) */
function askedOptions(options: AccuracyOptions): DataOptions {
  const { split, classes, vocabulary, resize, crop, filter, rescale, normalization } = options;
  const { lowerCase, stripAccents, tokenizeChineseChars, neverSplit } = options;
  if (filter !== null && !FILTERS.some(name => name === filter)) throw unknownName('filter', filter, FILTERS);
  return {
    ...(split !== ACCURACY_DEFAULTS.split && { split }),
    ...(classes !== null && { classes }),
    ...(vocabulary !== null && { vocabulary }),
    ...(resize !== null && { resize: parseResize(resize) }),
    ...(crop !== null && { crop: parseCrop(crop) }),
    ...(filter !== null && { filter: filter as Filter }),
    ...(rescale !== null && { rescale: parseRescale(rescale) }),
    ...(normalization !== null && { normalization: parseNormalization(normalization) }),
    ...(lowerCase !== null && { lowerCase }),
    ...(stripAccents !== null && { stripAccents }),
    ...(tokenizeChineseChars !== null && { tokenizeChineseChars }),
    ...(neverSplit !== null && { neverSplit: neverSplit.split(',').map(word => word.trim()) }),
  };
}

/** The vocabulary and the tokenizer's configuration beside the weights. */
async function textOptions(folder: string, disk: DataFiles): Promise<DataOptions> {
  const vocabulary = await firstFile(disk, folder, VOCABULARIES);
  const config = join(folder, 'tokenizer_config.json');
  return {
    ...(vocabulary !== undefined && { vocabulary }),
    ...((await isFile(disk, config)) && { tokenizerConfig: config }),
  };
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
