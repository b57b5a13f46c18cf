/** How a network is trained: the settings of a run, their defaults, and the learning rate of each step (cosine: Loshchilov & Hutter, arXiv 1608.03983). */

import { usageError } from '../base/errors.ts';
import { cos } from '../base/math.ts';
import { LAMBDA_FEATURES, LAMBDA_SOFT } from './step/loss.ts';

/** How a network is trained: AdamW, warm-up, half a cosine, early stopping. */
export interface Recipe {
  readonly epochs: number;
  /** Samples of a step; the last step of an epoch takes what is left. */
  readonly batch: number;
  /** Highest learning rate, reached after the warm-up. */
  readonly rate: number;
  /** Learning rate at the end, as a share of the highest. */
  readonly finalRate: number;
  /** Epochs over which the rate grows from zero; may be a fraction. */
  readonly warmup: number;
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  /** Gradients of a larger norm are scaled down to it; 0: never. */
  readonly clipNorm: number;
  readonly labelSmoothing: number;
  /** With a teacher: factors of the cross-entropy against its labels, and of the divergence from its class tokens. */
  readonly softLabels: number;
  readonly featureLoss: number;
  /** Epochs without a better validation result after which training stops; 0: never. */
  readonly patience: number;
  /** Share of the training data that is used, drawn by the seed. */
  readonly fraction: number;
}

export const defaultRecipe: Recipe = {
  epochs: 30,
  batch: 64,
  rate: 1e-3,
  finalRate: 0.01,
  warmup: 1,
  weightDecay: 0.05,
  beta1: 0.9,
  beta2: 0.999,
  eps: 1e-8,
  clipNorm: 1,
  labelSmoothing: 0,
  softLabels: LAMBDA_SOFT,
  featureLoss: LAMBDA_FEATURES,
  patience: 0,
  fraction: 1,
};

/** The range of each setting: lowest, highest, and whether it must be a whole number; an open bound excludes itself. */
const RANGES: Readonly<Record<keyof Recipe, readonly [low: number, high: number, kind?: 'whole' | 'open']>> =
  {
    epochs: [1, 1e6, 'whole'],
    batch: [1, 65536, 'whole'],
    rate: [0, 100],
    finalRate: [0, 1],
    warmup: [0, 1e6],
    weightDecay: [0, 10],
    beta1: [0, 0.9999],
    beta2: [0, 0.999999],
    eps: [1e-12, 1],
    clipNorm: [0, 1e9],
    labelSmoothing: [0, 0.9],
    softLabels: [0, 1e3],
    featureLoss: [0, 1e3],
    patience: [0, 1e6, 'whole'],
    fraction: [0, 1, 'open'],
  };

/** A recipe with defaults filled in. @throws TrexError (usage) for a value out of range. */
export function fullRecipe(recipe: Partial<Recipe> = {}): Recipe {
  const full = { ...defaultRecipe, ...recipe };
  for (const [name, [low, high, kind]] of Object.entries(RANGES)) {
    const value = full[name as keyof Recipe];
    const fits = value >= low && value <= high && (kind !== 'whole' || Number.isInteger(value));
    if (!fits || (kind === 'open' && value === low))
      throw usageError(
        `recipe ${name} ${value}: expected ${kind === 'whole' ? 'a whole number ' : ''}${kind === 'open' ? `above ${low}, at most` : `from ${low} to`} ${high}`,
      );
  }
  return full;
}

/** Learning rate of step `step` (from 0) of `steps`, `perEpoch` of them an epoch: a line up, half a cosine down. */
export function learningRate(recipe: Recipe, step: number, steps: number, perEpoch: number): number {
  const { rate, finalRate, warmup } = recipe;
  const warm = Math.min(Math.round(warmup * perEpoch), steps - 1);
  if (step < warm) return (rate * (step + 1)) / warm;
  const done = (step - warm) / Math.max(1, steps - warm);
  return rate * (finalRate + ((1 - finalRate) * (1 + cos(Math.PI * done))) / 2);
}
