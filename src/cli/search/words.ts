/** The words of `trex search`, and what they mean together. */
import { usageError } from '../../base/errors.ts';
import { unprunable } from '../../search/keep.ts';
import type { ModelConfig } from '../../workload/model.ts';
import { deviceOptions, whole } from '../io/flags.ts';
import type { SearchArguments } from './options.ts';

/** Steps small enough that a loss may be worth them; they multiply from encoder to encoder. EViT's networks keep 0.9 to 0.5. */
const KEEP = [1, 0.9, 0.7];

/** @throws TrexError (usage) for numbers out of range. */
export function checkWords(args: SearchArguments): void {
  if (args.json && args.csv)
    throw usageError('--json and --csv both want stdout: choose one, or --out DIR for both');
  if (!Number.isSafeInteger(args.seed)) throw usageError(`--seed ${args.seed}: expected a whole number`);
  if (!(args.fraction > 0 && args.fraction <= 1))
    throw usageError(`--fraction ${args.fraction}: expected a share above 0, at most 1`);
  whole('population', args.population, 4, 10_000);
  whole('generations', args.generations, 1, 10_000);
  whole('samples', args.samples, 2, 1000);
  whole('partial-epochs', args.partialEpochs, 1, 10_000);
  whole('images', args.images, 1);
  whole('keep-images', args.keepImages, 1);
  deviceOptions(args);
}

/** "5..8" or "5,6". @throws TrexError (usage) */
export function bitsOf(word: string): number[] {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(word) ?? [];
  const list =
    from === undefined
      ? word.split(',').map(Number)
      : Array.from({ length: Math.max(0, Number(to) - Number(from) + 1) }, (_, i) => Number(from) + i);
  if (list.length === 0 || list.some(bits => !Number.isInteger(bits) || bits < 1 || bits > 12))
    throw usageError(`--adc-bits ${word}: expected bits from 1 to 12 such as 5..8 or 5,6`);
  return list;
}

/** Falling, from 1. @throws TrexError (usage) for shares that are none, and for a network whose tokens cannot go. */
export function keepOf(word: string | undefined, model: ModelConfig): number[] {
  const why = unprunable(model);
  if (word === undefined) return why === undefined ? KEEP : [1];
  const shares = [...new Set(word.split(',').map(Number))].sort((a, b) => b - a);
  if (shares.some(share => !(share > 0 && share <= 1)) || shares[0] !== 1)
    throw usageError(`--keep ${word}: expected shares above 0, among them 1, such as 1,0.9,0.7`);
  if (shares.length > 1 && why !== undefined)
    throw usageError(`--keep ${word}: no token of ${model.name} can go: ${why}; say --keep 1`);
  return shares;
}
