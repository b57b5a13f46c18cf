/** How far the training of candidates is, in epochs of all data. */
import type { PartProgress } from '../base/progress.ts';
import type { EvaluationJob } from './evaluator.ts';
import type { Budget } from './train-candidates.ts';

export interface Count {
  readonly done: number;
  readonly total: number;
}

/** For `candidates` patterns: the progress of one job after `jobs`, so many of its steps done. */
export function trainingProgress(
  candidates: number,
  { fraction, partialEpochs, baseEpochs, finalEpochs }: Budget,
): (job: EvaluationJob, jobs: Count, steps: Count) => PartProgress {
  const partial = candidates > 1 ? candidates * partialEpochs * fraction : 0;
  const total = baseEpochs + partial + finalEpochs;
  const before = ({ stage }: EvaluationJob, done: number): number => {
    if (stage === 'final') return total - finalEpochs;
    if (stage === 'base') return 0;
    return baseEpochs + (done - (baseEpochs > 0 ? 1 : 0)) * partialEpochs * fraction;
  };
  return (job, jobs, steps) => {
    const epochs =
      before(job, jobs.done) + (job.epochs * job.fraction * steps.done) / Math.max(1, steps.total);
    const label = `${jobs.done + 1}/${jobs.total} ${job.id}`;
    return { label, unit: 'epochs', done: rounded(epochs), total: rounded(total) };
  };
}

const rounded = (epochs: number): number => Math.round(epochs * 10) / 10;
