/** The training half of an optimisation: candidates through an evaluator, with a folder that a killed run goes on from. */
import { resolve } from 'node:path';
import { EXIT, TrexError } from '../../base/errors.ts';
import type { EvaluationJob, Evaluator } from '../../optimize/evaluator.ts';
import { networkYaml } from '../../optimize/network-file.ts';
import { type Budget, failedOf, type SearchResult, search } from '../../optimize/search.ts';
import type { PatternRow } from '../../report/optimize-result.ts';
import type { ModelConfig } from '../../workload/model.ts';
import { noReuse, type ReusePlan } from '../../workload/reuse.ts';
import { NETWORK, type OptimizeStore } from './store.ts';

/** A full disk, a failed evaluator, Ctrl-C. */
const GOES_ON: readonly number[] = [EXIT.failed, EXIT.interrupted];

export interface TrainSpec {
  readonly model: ModelConfig;
  readonly plans: readonly ReusePlan[];
  readonly budget: Budget;
  readonly dir: string;
}

export interface TrainHooks {
  /** Epochs of all data that are done, and that there are: base, candidates and the last job. */
  onEpochs(label: string, done: number, total: number): void;
  pause(): Promise<void>;
}

/** @throws TrexError as `search`; what is done stays in the folder. */
export async function trainCandidates(
  { model, plans, budget, dir }: TrainSpec,
  evaluator: Evaluator,
  store: OptimizeStore,
  { onEpochs, pause }: TrainHooks,
): Promise<SearchResult> {
  // Without a comment on reuse that would be wrong for most candidates.
  store.write(NETWORK, networkYaml(model, noReuse));
  const partial = plans.length > 1 ? plans.length * budget.partialEpochs * budget.fraction : 0;
  const total = budget.baseEpochs + partial + budget.finalEpochs;
  const before = (job: EvaluationJob, done: number): number => {
    if (job.stage === 'final') return total - budget.finalEpochs;
    if (job.stage === 'base') return 0;
    return (
      budget.baseEpochs + (done - (budget.baseEpochs > 0 ? 1 : 0)) * budget.partialEpochs * budget.fraction
    );
  };
  try {
    const result = await search(plans, budget, evaluator, store, {
      pause,
      onStep(job, jobs, steps) {
        const epochs =
          before(job, jobs.done) + (job.epochs * job.fraction * steps.done) / Math.max(1, steps.total);
        onEpochs(`${jobs.done + 1}/${jobs.total} ${job.id}`, round(epochs), round(total));
      },
    });
    store.write(NETWORK, networkYaml(model, result.winner));
    return result;
  } catch (error) {
    throw kept(error, dir);
  }
}

/** The rows of the patterns with what training said of them. */
export const withOutcomes = (rows: readonly PatternRow[], { partial }: SearchResult): PatternRow[] =>
  rows.map(row => {
    const outcome = partial.find(({ plan }) => plan.pattern === row.pattern)?.outcome;
    if (outcome === undefined) return row;
    if ('failed' in outcome) return { ...row, failed: failedOf(outcome) };
    return { ...row, loss: outcome.loss, accuracy: outcome.accuracy };
  });

/** Where things of the folder lie, for programs that are started elsewhere. */
export const inFolder = (dir: string, name: string): string => resolve(dir, name);

/** An optimisation that stops has lost nothing but the epoch that it was in; wrong words would stop it again. */
export function kept(error: unknown, dir: string): unknown {
  if (!(error instanceof TrexError) || !GOES_ON.includes(error.exitCode)) return error;
  const message = error.exitCode === EXIT.interrupted ? 'interrupted' : error.message;
  return new TrexError(`${message}; the same words go on from ${dir}`, error.exitCode);
}

const round = (epochs: number): number => Math.round(epochs * 10) / 10;
