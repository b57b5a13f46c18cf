/** The tasks on which the paper's comparisons are repeated (arXiv 2408.12742, sections 4 and 5), and how much is spent on each step: data, no code. */
import type { TaskName } from '../../src/data/tasks.ts';
import type { Recipe } from '../../src/train/recipe.ts';

export interface Task {
  readonly name: string;
  readonly data: Exclude<TaskName, 'prose'>;
  /** Of models/. */
  readonly model: string;
  /** Inputs of the three parts. */
  readonly sizes: { readonly train: number; readonly validation: number; readonly test: number };
  readonly score: 'top1' | 'matthews';
  readonly recipe: Partial<Recipe>;
  /** Of training, two idle cores: for the time that is left. */
  readonly secondsPerInput: number;
  /** Of one input through the functional core. */
  readonly secondsOnCrossbars: number;
  /** Of candidates and of the network that is kept: they start from the base's weights. */
  readonly baseEpochs: number;
  readonly partialEpochs: number;
  readonly finalEpochs: number;
  /** Share of the data in step 3. */
  readonly fraction: number;
  /** Delays of one input on arch/trex.yaml, largest first. */
  readonly targets: readonly string[];
}

/** How much is measured beside the optimiser's own steps. */
interface Budget {
  /** Test inputs on crossbars, and chips with cells of their own. */
  readonly images: number;
  readonly draws: number;
  /** Random patterns of `COMPARED_COUNT` reuse encoders that the free search's prediction is fitted to. */
  readonly randomPatterns: number;
  /** Networks with pruned tokens that are trained in part for the free search. */
  readonly pruned: number;
  /** Networks of the free search that are trained in full, and inputs that its noise is measured on. */
  readonly trainedInFull: number;
  readonly fullEpochs: number;
  readonly noiseImages: number;
  /** Chips of the search whose noise is measured as a whole. */
  readonly wholeChips: number;
  readonly population: number;
  readonly generations: number;
}

/** What docs/trends.md trains. */
export interface Trends {
  /** Each draws data, weights and order of its own. */
  readonly seeds: readonly number[];
  /** Reuse encoders of the patterns that are compared. */
  readonly sizes: readonly number[];
  /** Random patterns of each size. */
  readonly random: number;
  /** Numbers of reuse encoders whose networks are trained to the end. */
  readonly reuse: readonly number[];
}

export interface Study {
  readonly seed: number;
  readonly glyphs: Task;
  readonly grammar: Task;
  readonly budget: Budget;
  /** The harder tasks: images, on which the trends are measured, and texts. */
  readonly scenes: Task;
  readonly races: Task;
  readonly trends: Trends;
}

/** Reuse encoders of Fig. 7 and 16, and of the random patterns that the free search's prediction is fitted to. */
export const COMPARED_COUNT = 4;

const scenes: Task = {
  name: 'scenes',
  data: 'scenes',
  model: 'scene-vit',
  sizes: { train: 8000, validation: 300, test: 2000 },
  score: 'top1',
  secondsPerInput: 0.0006,
  secondsOnCrossbars: 0.01,
  recipe: { batch: 32, rate: 2e-3, beta2: 0.98, labelSmoothing: 0.05 },
  baseEpochs: 8,
  partialEpochs: 2,
  finalEpochs: 1,
  fraction: 0.075,
  targets: [],
};

const races: Task = {
  name: 'races',
  data: 'races',
  model: 'race-bert',
  sizes: { train: 12_000, validation: 500, test: 2000 },
  score: 'top1',
  secondsPerInput: 0.0003,
  secondsOnCrossbars: 0.004,
  recipe: { batch: 32, rate: 2e-3, beta2: 0.98 },
  baseEpochs: 10,
  partialEpochs: 2,
  finalEpochs: 1,
  fraction: 0.2,
  targets: [],
};

export const fullStudy: Study = {
  seed: 1,
  glyphs: {
    name: 'glyphs',
    data: 'glyphs',
    model: 'glyph-vit',
    sizes: { train: 8000, validation: 1000, test: 4000 },
    score: 'top1',
    secondsPerInput: 0.0012,
    secondsOnCrossbars: 0.02,
    recipe: { batch: 32, rate: 1.2e-3, beta2: 0.98, labelSmoothing: 0.05 },
    baseEpochs: 9,
    partialEpochs: 2,
    finalEpochs: 3,
    fraction: 0.2,
    targets: ['610us', '530us', '360us'],
  },
  grammar: {
    name: 'grammar',
    data: 'grammar',
    model: 'grammar-bert',
    sizes: { train: 16000, validation: 1000, test: 2000 },
    score: 'matthews',
    secondsPerInput: 0.0005,
    secondsOnCrossbars: 0.008,
    recipe: { batch: 32, rate: 1e-3, beta2: 0.98 },
    baseEpochs: 14,
    partialEpochs: 2,
    finalEpochs: 2,
    fraction: 0.2,
    targets: ['240us', '170us', '100us'],
  },
  budget: {
    images: 300,
    draws: 5,
    randomPatterns: 8,
    pruned: 16,
    trainedInFull: 8,
    fullEpochs: 1,
    noiseImages: 24,
    wholeChips: 8,
    population: 40,
    generations: 20,
  },
  scenes,
  races,
  trends: { seeds: [1, 2, 3], sizes: [4, 3], random: 5, reuse: [0, 4, 6, 8] },
};

/** Minutes on one core, and no accuracy worth reading: for tests and for trying things out. */
export const smallStudy: Study = {
  seed: 1,
  glyphs: {
    ...fullStudy.glyphs,
    sizes: { train: 192, validation: 64, test: 64 },
    baseEpochs: 1,
    partialEpochs: 1,
    finalEpochs: 1,
  },
  grammar: {
    ...fullStudy.grammar,
    sizes: { train: 192, validation: 64, test: 64 },
    baseEpochs: 1,
    partialEpochs: 1,
    finalEpochs: 1,
  },
  budget: {
    images: 8,
    draws: 2,
    randomPatterns: 3,
    pruned: 4,
    trainedInFull: 3,
    fullEpochs: 1,
    noiseImages: 2,
    wholeChips: 2,
    population: 12,
    generations: 2,
  },
  races: { ...races, sizes: { train: 192, validation: 64, test: 64 }, baseEpochs: 1, partialEpochs: 1 },
  scenes: { ...scenes, sizes: { train: 192, validation: 64, test: 64 }, baseEpochs: 1, partialEpochs: 1 },
  trends: { seeds: [1, 2], sizes: [4], random: 2, reuse: [0, 4] },
};
