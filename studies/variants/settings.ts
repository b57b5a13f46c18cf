/** How much docs/variants.md trains and measures: data, no code. */
import type { Recipe } from '../../src/train/recipe.ts';

export interface VariantStudy {
  /** Each draws images, weights at the start, the order of training, and chips. */
  readonly seeds: readonly number[];
  readonly sizes: { readonly train: number; readonly validation: number; readonly test: number };
  readonly recipe: Partial<Recipe>;
  /** Of the network that most others start from. */
  readonly baseEpochs: number;
  /** Of every network that starts from it, itself among them; those that start from nothing have the sum of both. */
  readonly tuneEpochs: number;
  readonly tuneRecipe: Partial<Recipe>;
  /** Test images that are decided by a threshold in float32: one after another, so that there are fewer. */
  readonly decided: number;
  /** Test images on crossbars, and chips with cells of their own. */
  readonly images: number;
  readonly draws: number;
}

const recipe = { batch: 32, rate: 2e-3, beta2: 0.98, labelSmoothing: 0.05 };

export const fullStudy: VariantStudy = {
  seeds: [1, 2, 3],
  sizes: { train: 8000, validation: 300, test: 2000 },
  recipe,
  baseEpochs: 7,
  tuneEpochs: 1,
  tuneRecipe: { ...recipe, rate: 1e-3, warmup: 0.1 },
  decided: 400,
  images: 100,
  draws: 1,
};

/** No accuracy worth reading: to try it out. */
export const smallStudy: VariantStudy = {
  ...fullStudy,
  seeds: [1, 2],
  sizes: { train: 96, validation: 16, test: 32 },
  baseEpochs: 1,
  decided: 8,
  images: 4,
  draws: 2,
};
