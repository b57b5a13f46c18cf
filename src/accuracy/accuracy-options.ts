/** What a measurement of accuracy is asked for, with its defaults, checked. */
import { wholeNumber } from '../base/whole-number.ts';
import { checkBits } from './check-crossbars.ts';
import { CALIBRATION_INPUTS, CROSSBAR_RUN_DEFAULTS, type CrossbarRunOptions } from './defaults.ts';

/** What is measured; the same options on the same files give the same result. */
export interface AccuracyOptions extends CrossbarRunOptions {
  readonly model: string;
  readonly config: string | null;
  readonly modelName: string | null;
  readonly heads: number | null;
  readonly ignoreTensors: string | null;
  readonly imageSize: string | null;
  readonly reuse: string;
  readonly data: string;
  readonly split: 'test' | 'train';
  readonly classes: string | null;
  readonly vocabulary: string | null;
  /** Of images, as `trex accuracy` takes them; null: as the files beside the weights say. */
  readonly resize: string | null;
  readonly crop: string | null;
  readonly filter: string | null;
  readonly rescale: string | null;
  readonly normalization: string | null;
  /** Folder of the files that say how inputs are prepared; null: that of the weights. */
  readonly preprocessing: string | null;
  /** Of texts; null: as the files beside the vocabulary say. */
  readonly lowerCase: boolean | null;
  readonly stripAccents: boolean | null;
  readonly tokenizeChineseChars: boolean | null;
  /** Words, with commas between them. */
  readonly neverSplit: string | null;
  readonly images: number;
  readonly skipBad: boolean;
  readonly calibration: number;
  readonly sweep: string | null;
  readonly layers: boolean;
  readonly snrImages: number;
  readonly draws: number;
}

/** What a measurement may leave out. */
export const ACCURACY_DEFAULTS = {
  config: null,
  modelName: null,
  heads: null,
  ignoreTensors: null,
  imageSize: null,
  reuse: 'none',
  split: 'test',
  classes: null,
  vocabulary: null,
  resize: null,
  crop: null,
  filter: null,
  rescale: null,
  normalization: null,
  preprocessing: null,
  lowerCase: null,
  stripAccents: null,
  tokenizeChineseChars: null,
  neverSplit: null,
  images: 100,
  skipBad: false,
  calibration: CALIBRATION_INPUTS,
  ...CROSSBAR_RUN_DEFAULTS,
  sweep: null,
  layers: false,
  snrImages: 4,
  draws: 3,
} as const satisfies Omit<AccuracyOptions, 'model' | 'data'>;

/** Only the network and the data have no default. */
export type AccuracyRequest = Pick<AccuracyOptions, 'model' | 'data'> & Partial<AccuracyOptions>;

/** With every default, in the order in which a result shows them. @throws TrexError (usage) for what is wrong whatever the files hold. */
export function accuracyOptions(request: AccuracyRequest): AccuracyOptions {
  const all = { ...ACCURACY_DEFAULTS, ...request };
  const { model, config, modelName, heads, reuse, data, split, classes, vocabulary } = all;
  const { preprocessing, resize, crop, filter, rescale, normalization } = all;
  const { lowerCase, stripAccents, tokenizeChineseChars, neverSplit } = all;
  const { ignoreTensors, imageSize } = all;
  const { images, skipBad, calibration, calibrator, weightBits, inputBits, tech, set, device } = all;
  const { sweep, layers, snrImages, draws, seed } = all;
  wholeNumber('seed', seed);
  wholeNumber('images', images, 1);
  wholeNumber('calibration', calibration, 1);
  wholeNumber('snr-images', snrImages, 0, 16);
  wholeNumber('draws', draws, 1, 1000);
  checkBits(all);
  const network = { model, config, modelName, heads, ignoreTensors, imageSize, reuse };
  const pixels = { preprocessing, resize, crop, filter, rescale, normalization };
  const letters = { lowerCase, stripAccents, tokenizeChineseChars, neverSplit };
  const inputs = { data, split, classes, vocabulary, ...pixels, ...letters, images, skipBad };
  const bits = { calibration, calibrator, weightBits, inputBits };
  return { ...network, ...inputs, ...bits, tech, set, device, sweep, layers, snrImages, draws, seed };
}

/** The options that say which network. */
export const networkOf = (options: AccuracyOptions) => ({
  model: options.model,
  reuse: options.reuse,
  config: options.config ?? undefined,
  modelName: options.modelName ?? undefined,
  heads: options.heads ?? undefined,
  ignoreTensors: options.ignoreTensors ?? undefined,
  imageSize: options.imageSize ?? undefined,
});
