/** The options of an optimisation whose network, chip and data are files, and what they mean together. */

import { type CrossbarTexts, deviceOptions } from '../accuracy/device-options.ts';
import { usageError } from '../base/errors.ts';
import { wholeNumber } from '../base/whole-number.ts';
import type { TargetOptions } from './target.ts';
import type { Budget } from './train-candidates.ts';

/** Signed weights in cells, and what the converters cover; noise is as the technology says. */
export type CrossbarOptions = Pick<CrossbarTexts, 'encoding' | 'adcRange'>;

export interface OptimizeFileOptions extends TargetOptions, CrossbarOptions, Budget {
  /** Names of the package, or paths of YAML files. */
  readonly arch: string;
  readonly tech?: string | undefined;
  readonly model: string;
  /** Sequence length of a text network. */
  readonly tokens?: number | undefined;
  /** `path=value` on top of the files. */
  readonly set: readonly string[];
  /** Labelled inputs with a training and a test part; with `evaluator`, what accuracy is measured on. */
  readonly data?: string | undefined;
  readonly vocabulary?: string | undefined;
  /** Weights of the network without reuse, to start from. */
  readonly weights?: string | undefined;
  /** A program that trains candidates. */
  readonly evaluator?: string | undefined;
  /** For one answer, seconds. */
  readonly evaluatorTimeout: number;
  readonly batch: number;
  readonly rate: number;
  readonly labelSmoothing: number;
  /** Inputs that accuracy is measured on, and chips with cells of their own. */
  readonly images: number;
  readonly draws: number;
  /** Folder of checkpoints and results; training needs one. */
  readonly out?: string | undefined;
  /** Forget what is in `out`. */
  readonly force: boolean;
}

/** Options that only say where to print. */
const SILENT = ['out', 'force', 'json', 'csv', 'quiet'];

/** @throws TrexError (usage) for numbers out of range and for options that exclude or need each other. */
export function checkOptimizeOptions(options: OptimizeFileOptions): void {
  const { evaluatorTimeout } = options;
  checkTraining(options);
  if (!(evaluatorTimeout > 0))
    throw usageError(`--evaluator-timeout ${evaluatorTimeout}: expected seconds above 0`);
  wholeNumber('partial-epochs', options.partialEpochs, 1, 10_000);
  wholeNumber('final-epochs', options.finalEpochs, 1, 10_000);
  wholeNumber('base-epochs', options.baseEpochs, 0, 10_000);
  wholeNumber('images', options.images, 1);
  wholeNumber('draws', options.draws, 1, 1000);
  deviceOptions(options);
  if (isTraining(options)) {
    if (options.out === undefined)
      throw usageError('training needs --out DIR: its checkpoints and the network go there');
    return;
  }
  for (const key of ['weights', 'vocabulary'] as const)
    if (options[key] !== undefined)
      throw usageError(`--${key} needs --data or --evaluator: without them nothing is trained or measured`);
}

/** What every training takes. @throws TrexError (usage) */
export function checkTraining({
  seed,
  fraction,
}: {
  readonly seed: number;
  readonly fraction: number;
}): void {
  if (!Number.isSafeInteger(seed)) throw usageError(`--seed ${seed}: expected a whole number`);
  if (!(fraction > 0 && fraction <= 1))
    throw usageError(`--fraction ${fraction}: expected a share above 0, at most 1`);
}

/** Steps 3 and 4 are asked for. */
export const isTraining = ({ data, evaluator }: Pick<OptimizeFileOptions, 'data' | 'evaluator'>): boolean =>
  data !== undefined || evaluator !== undefined;

/** What the outcomes of a run depend on, option by option. */
export const optionsRecord = (options: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(options).filter(([key]) => /^[a-z][A-Za-z]*$/.test(key) && !SILENT.includes(key)),
  );

export const budgetOf = (options: OptimizeFileOptions): Budget => ({
  fraction: options.fraction,
  partialEpochs: options.partialEpochs,
  finalEpochs: options.finalEpochs,
  // A program of the user, and weights that are given, need no network of ours to start from.
  baseEpochs: options.weights === undefined && options.evaluator === undefined ? options.baseEpochs : 0,
  variation: options.variation,
  seed: options.seed,
});

/** For `optimizeFiles({ ...optimizeDefaults, model: 'glyph-vit', targetDelay: '530us', data: 'glyphs', out: 'best' })`. */
export const optimizeDefaults = {
  arch: 'trex',
  set: [] as string[],
  evaluatorTimeout: 86_400,
  fraction: 0.2,
  partialEpochs: 10,
  finalEpochs: 30,
  baseEpochs: 30,
  variation: true,
  adcRange: 'layer',
  batch: 64,
  rate: 1e-3,
  labelSmoothing: 0,
  images: 500,
  draws: 5,
  seed: 1,
  force: false,
} as const satisfies Partial<OptimizeFileOptions>;
