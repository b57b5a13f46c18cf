/** The words of `trex optimize`, and what they mean together. */
import type { ArchConfig } from '../../arch/config.ts';
import { usageError } from '../../base/errors.ts';
import type { Budget } from '../../optimize/search.ts';
import { type CrossbarArguments, deviceOptions, whole } from '../io/flags.ts';
import type { HardwareWords } from './hardware.ts';

export interface OptimizeArguments extends HardwareWords, Pick<CrossbarArguments, 'encoding' | 'adcRange'> {
  readonly data: string | undefined;
  readonly vocabulary: string | undefined;
  readonly weights: string | undefined;
  readonly evaluator: string | undefined;
  readonly evaluatorTimeout: number;
  readonly fraction: number;
  readonly partialEpochs: number;
  readonly finalEpochs: number;
  readonly baseEpochs: number;
  readonly variation: boolean;
  readonly batch: number;
  readonly rate: number;
  readonly labelSmoothing: number;
  readonly images: number;
  readonly draws: number;
  readonly seed: number;
  readonly out: string | undefined;
  readonly force: boolean;
  readonly json: boolean;
  readonly csv: boolean;
  readonly quiet: boolean;
}

/** Words that only say where to print. */
const SILENT = ['out', 'force', 'json', 'csv', 'quiet'];

/** @throws TrexError (usage) for numbers out of range and for words that exclude or need each other. */
export function checkWords(args: OptimizeArguments): void {
  if (args.json && args.csv)
    throw usageError('--json and --csv both want stdout: choose one, or --out DIR for both');
  if (!Number.isSafeInteger(args.seed)) throw usageError(`--seed ${args.seed}: expected a whole number`);
  if (!(args.fraction > 0 && args.fraction <= 1))
    throw usageError(`--fraction ${args.fraction}: expected a share above 0, at most 1`);
  if (!(args.evaluatorTimeout > 0))
    throw usageError(`--evaluator-timeout ${args.evaluatorTimeout}: expected seconds above 0`);
  whole('partial-epochs', args.partialEpochs, 1, 10_000);
  whole('final-epochs', args.finalEpochs, 1, 10_000);
  whole('base-epochs', args.baseEpochs, 0, 10_000);
  whole('images', args.images, 1);
  whole('draws', args.draws, 1, 1000);
  deviceOptions(args);
  if (!isTraining(args))
    for (const key of ['weights', 'vocabulary'] as const)
      if (args[key] !== undefined)
        throw usageError(`--${key} needs --data or --evaluator: without them nothing is trained or measured`);
  if (isTraining(args) && args.out === undefined)
    throw usageError('training needs --out DIR: its checkpoints and the network go there');
}

/** Steps 3 and 4 are asked for. */
export const isTraining = ({ data, evaluator }: OptimizeArguments): boolean =>
  data !== undefined || evaluator !== undefined;

/** Pairs of cells take twice the arrays, which a chip with 8-bit operands does not have. */
export const encodingWarnings = (
  { encoding }: Pick<CrossbarArguments, 'encoding'>,
  { precision }: ArchConfig,
): string[] =>
  encoding === 'differential' && precision.weights <= 8
    ? [
        'delay, energy and area are those of offset codes; pairs take twice the arrays: --set precision.weights=16 --set precision.inputs=16 counts them',
      ]
    : [];

/** What the outcomes of a run depend on, word by word. */
export const recorded = (args: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(args).filter(([key]) => /^[a-z][A-Za-z]*$/.test(key) && !SILENT.includes(key)),
  );

export const budgetOf = (args: OptimizeArguments): Budget => ({
  fraction: args.fraction,
  partialEpochs: args.partialEpochs,
  finalEpochs: args.finalEpochs,
  // A program of the user, and weights that are given, need no network of ours to start from.
  baseEpochs: args.weights === undefined && args.evaluator === undefined ? args.baseEpochs : 0,
  variation: args.variation,
  seed: args.seed,
});
