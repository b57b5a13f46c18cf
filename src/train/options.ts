/** What a training run is given, and what it gives back. */
import type { RandomStream } from '../base/random.ts';
import type { Graph } from '../workload/graph.ts';
import type { ModelWeights } from '../workload/import/model-weights.ts';
import type { ModelConfig } from '../workload/model.ts';
import type { ReusePlan } from '../workload/reuse.ts';
import type { TrainData } from './data.ts';
import type { Scores, Threads } from './predict.ts';
import type { Recipe } from './recipe.ts';
import type { EpochRecord } from './state.ts';
import type { Variation } from './variation/options.ts';

/** A network that is there already: a teacher, or the base that a reuse network starts from. */
export interface KnownNetwork {
  readonly model: ModelConfig;
  readonly reuse?: ReusePlan | undefined;
  readonly weights: ModelWeights;
}

/** A network, its data, and how it is trained. */
export interface TrainOptions extends Threads {
  readonly model: ModelConfig;
  readonly reuse?: ReusePlan | undefined;
  readonly data: TrainData;
  /** Watched after each epoch: for early stopping, and to keep the best epoch's weights. */
  readonly validation?: TrainData | undefined;
  readonly recipe?: Partial<Recipe> | undefined;
  readonly seed: string | number;
  /** Start from its weights; what it does not have (transformation blocks) starts at random. */
  readonly base?: KnownNetwork | undefined;
  /** Asked once about `data`, also for later runs with the same two objects. */
  readonly teacher?: KnownNetwork | undefined;
  readonly variation?: Variation | undefined;
  /** Changes the copy of an image that goes into a step, with random numbers of its own. */
  readonly augment?: ((image: Float32Array, random: RandomStream) => void) | undefined;
}

/** What a caller hears of a run, and how it stops and goes on; none of it changes the result. */
export interface TrainHooks {
  /** `save` gets the state after each epoch; `load` gives back the last one, or nothing. */
  readonly checkpoint?: Checkpoint | undefined;
  /** After each step, and after each epoch. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Stops after the current step. */
  readonly signal?: AbortSignal | undefined;
}

/** Where the state of a training is kept. */
export interface Checkpoint {
  /** Keeps the state after an epoch. */
  save(state: Uint8Array): void | Promise<void>;
  /** The last state, or nothing. */
  load(): Uint8Array | undefined | Promise<Uint8Array | undefined>;
}

/** Where a training is. */
export interface Progress {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps done in all, of how many. */
  readonly step: number;
  readonly steps: number;
  /** Mean loss of the epoch so far. */
  readonly loss: number;
  /** Of the epoch that has just ended, with validation data. */
  readonly scores?: Scores;
}

/** Why a run ended: `diverged` when the loss was no number any more; the weights are then those of the epoch before. */
export type Ending = 'done' | 'early' | 'diverged' | 'interrupted';

/** A trained network. */
export interface TrainResult {
  readonly graph: Graph;
  /** Of the best epoch on the validation data, else of the last one. */
  readonly weights: ModelWeights;
  readonly ending: Ending;
  readonly history: readonly EpochRecord[];
  /** Mean training loss of each epoch. */
  readonly lossHistory: readonly number[];
  /** Epoch of the weights; 0: the start. */
  readonly epoch: number;
  /** On the validation data, with the crossbars in training; null without such data. */
  readonly accuracy: number | null;
}
