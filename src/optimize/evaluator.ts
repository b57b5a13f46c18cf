/** Who trains a candidate network and says how good it is: our own trainer, or a program of the user. */

import type { Pruning } from '../workload/pruning.ts';
import type { ReusePlan } from '../workload/reuse.ts';

/** The network without reuse, a candidate for a short time, or the one that was chosen. */
export type Stage = 'base' | 'partial' | 'final';

/** One network to train: the same job gives the same answer. */
export interface EvaluationJob {
  /** Names the job in checkpoints and answers. */
  readonly id: string;
  /** `base`: without reuse, from nothing; `partial`: step 3 of the paper; `final`: step 4, from the base's weights. */
  readonly stage: Stage;
  readonly plan: ReusePlan;
  /** Tokens that go on the way; only our trainer has jobs with some. */
  readonly pruning?: Pruning | undefined;
  /** Share of the training data, above 0 and at most 1; which items, the seed says. */
  readonly fraction: number;
  readonly epochs: number;
  /** Noise of the crossbars, ADC quantisation and 8-bit operands in the forward pass. */
  readonly variation: boolean;
  readonly seed: number;
}

/** What a training gives. */
export interface Evaluation {
  /** Finite; of the last epoch. */
  readonly loss: number;
  /** Share of right answers or Matthews' correlation, as the evaluator measures; null if it does not. */
  readonly accuracy: number | null;
  /** Per epoch; empty if the evaluator does not report it. */
  readonly lossHistory: readonly number[];
  /** A safetensors file with our names of tensors; null where none is kept. */
  readonly weights: Uint8Array | null;
  readonly warnings: readonly string[];
}

/** Where a job that is cut off goes on. */
export interface Checkpoint {
  /** The last state, or nothing. */
  load(): Uint8Array | undefined;
  /** Whole or not at all. @throws TrexError for a full disk; then the state before it is still there. */
  save(state: Uint8Array): void;
}

/** What a training tells its caller. */
export interface EvaluationHooks {
  readonly checkpoint: Checkpoint;
  /** Steps of this job, so far and in all. */
  onStep(done: number, total: number): void;
  /** Called often; throws when the user wants to stop. */
  pause(): Promise<void>;
}

/** Trains networks: ours (`trainingEvaluator`), or a program of the user. */
export interface Evaluator {
  /**
   * What fails once fails always: a failure is kept. Without it a job is tried once more, and again by a later run: the
   * program may have been mended.
   */
  readonly deterministic?: boolean;
  /** @throws EvaluationFailed if this job has no answer; anything else ends the search. */
  evaluate(job: EvaluationJob, hooks: EvaluationHooks): Promise<Evaluation>;
  /** After the last job. */
  close(): Promise<void>;
}

/** A candidate without an answer: the search goes on with the next one. */
export class EvaluationFailed extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'EvaluationFailed';
  }
}
