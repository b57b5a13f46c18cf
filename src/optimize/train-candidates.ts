/** Steps 3 and 4 of the optimiser: every candidate trained in part, the one with the least loss in full (TReX, arXiv 2408.12742, section 4). */
import { TrexError } from '../base/errors.ts';
import { noReuse, type ReusePlan } from '../workload/reuse.ts';
import {
  type Evaluation,
  EvaluationFailed,
  type EvaluationHooks,
  type EvaluationJob,
  type Evaluator,
} from './evaluator.ts';
import { failedOf, type Outcome, type OutcomeStore, type TrainedOutcome } from './store.ts';

/** A candidate that fails is tried once more before it is given up, if that can help. */
const TRIES = 2;

/** How long candidates are trained. */
export interface Budget {
  /** Share of the data and epochs of step 3. */
  readonly fraction: number;
  readonly partialEpochs: number;
  /** Epochs of step 4, on all data. */
  readonly finalEpochs: number;
  /** Epochs of the network without reuse; 0 if its weights are there, or nobody needs them. */
  readonly baseEpochs: number;
  /** Whether step 4 has the hardware's noise in its forward pass. */
  readonly variation: boolean;
  readonly seed: number;
}

export interface CandidateHooks {
  /** Jobs that have ended, the job at work, and how far it is. */
  onStep(
    job: EvaluationJob,
    jobs: { done: number; total: number },
    steps: { done: number; total: number },
  ): void;
  pause(): Promise<void>;
}

export interface TrainedCandidates {
  readonly winner: ReusePlan;
  readonly partial: readonly { readonly plan: ReusePlan; readonly outcome: Outcome }[];
  readonly base: Outcome | null;
  readonly final: TrainedOutcome;
}

/** The jobs of a training of candidates, in order, but for the last, which depends on their losses. */
function jobsOf(plans: readonly ReusePlan[], budget: Budget): EvaluationJob[] {
  const { fraction, partialEpochs, baseEpochs, seed } = budget;
  const base: EvaluationJob = {
    id: 'base',
    stage: 'base',
    plan: noReuse,
    fraction: 1,
    epochs: baseEpochs,
    variation: false,
    seed,
  };
  const partial = plans.map(
    (plan): EvaluationJob => ({
      id: `partial ${plan.pattern}`,
      stage: 'partial',
      plan,
      fraction,
      epochs: partialEpochs,
      variation: false,
      seed,
    }),
  );
  // One candidate needs no comparison.
  return [...(baseEpochs > 0 ? [base] : []), ...(plans.length > 1 ? partial : [])];
}

/**
 * Trains the candidates, best first by what is known of patterns, and fine-tunes the one with the least loss; of equal
 * losses the first. A failed candidate is left out. @throws TrexError if none is left, or the last step fails twice.
 */
export async function trainCandidates(
  plans: readonly ReusePlan[],
  budget: Budget,
  evaluator: Evaluator,
  store: OutcomeStore,
  hooks: CandidateHooks,
): Promise<TrainedCandidates> {
  const jobs = jobsOf(plans, budget);
  const total = jobs.length + 1;
  const outcomes = new Map<string, Outcome>();
  const run = (job: EvaluationJob, done: number): Promise<Outcome> =>
    outcomeOf(job, evaluator, store, {
      pause: hooks.pause,
      onStep: (step, steps) => hooks.onStep(job, { done, total }, { done: step, total: steps }),
    });
  for (const [i, job] of jobs.entries()) {
    const outcome = await run(job, i);
    if (job.stage === 'base' && 'failed' in outcome)
      throw new TrexError(`the network without reuse could not be trained: ${outcome.failed}`);
    outcomes.set(job.id, outcome);
  }
  const partial = plans.flatMap(plan => {
    const outcome = outcomes.get(`partial ${plan.pattern}`);
    return outcome === undefined ? [] : [{ plan, outcome }];
  });
  const winner = plans.length === 1 ? plans[0] : leastLoss(partial);
  const { finalEpochs: epochs, variation, seed } = budget;
  const last: EvaluationJob = {
    id: `final ${winner.pattern}`,
    stage: 'final',
    plan: winner,
    fraction: 1,
    epochs,
    variation,
    seed,
  };
  const final = await run(last, jobs.length);
  if ('failed' in final)
    throw new TrexError(
      `fine-tuning ${winner.pattern} failed: ${final.failed}; the losses of all patterns are kept`,
    );
  return { winner, partial, base: outcomes.get('base') ?? null, final };
}

function leastLoss(partial: readonly { plan: ReusePlan; outcome: Outcome }[]): ReusePlan {
  let best: { plan: ReusePlan; loss: number } | undefined;
  for (const { plan, outcome } of partial) {
    if ('failed' in outcome) continue;
    if (best === undefined || outcome.loss < best.loss) best = { plan, loss: outcome.loss };
  }
  if (best !== undefined) return best.plan;
  const [first] = partial;
  throw new TrexError(
    `none of the ${partial.length} patterns could be trained; ${first.plan.pattern}: ${failedOf(first.outcome)}`,
  );
}

export type JobHooks = Pick<EvaluationHooks, 'pause' | 'onStep'>;

/** What is known of a job, or what doing it gives. A job that fails is tried once more, and by the next run. */
export async function outcomeOf(
  job: EvaluationJob,
  evaluator: Evaluator,
  store: OutcomeStore,
  hooks: JobHooks,
): Promise<Outcome> {
  const known = store.outcomes.get(job.id);
  if (known !== undefined) return known;
  const { outcome, weights } = await attempt(job, evaluator, store, hooks);
  // The last job ends the run if it fails, and the next run tries it again.
  const keptFailure = job.stage === 'partial' && evaluator.deterministic === true;
  if (keptFailure || !('failed' in outcome)) store.finish(job.id, job.stage, outcome, weights);
  return outcome;
}

async function attempt(
  job: EvaluationJob,
  evaluator: Evaluator,
  store: OutcomeStore,
  hooks: JobHooks,
): Promise<{ outcome: Outcome; weights: Uint8Array | null }> {
  let reason = '';
  const tries = evaluator.deterministic === true ? 1 : TRIES;
  for (let n = 0; n < tries; n++) {
    await hooks.pause();
    try {
      const checkpoint = store.checkpoint(job.id);
      const { weights, ...outcome } = checked(await evaluator.evaluate(job, { ...hooks, checkpoint }));
      return { outcome, weights };
    } catch (error) {
      if (!(error instanceof EvaluationFailed)) throw error;
      reason = error.message;
    }
  }
  return { outcome: { failed: reason }, weights: null };
}

function checked(evaluation: Evaluation): Evaluation {
  const { loss, accuracy } = evaluation;
  if (!Number.isFinite(loss)) throw new EvaluationFailed(`its loss is ${loss}`);
  if (accuracy !== null && !Number.isFinite(accuracy))
    throw new EvaluationFailed(`its accuracy is ${accuracy}`);
  return evaluation;
}
