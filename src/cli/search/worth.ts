/** What a predicted loss is worth: against partial trainings that the fit has not seen. */
import { spearman } from '../../optimize/rank-correlation.ts';
import type { LossModel } from './loss-model.ts';

export interface Worth {
  /** Partial trainings, each predicted from the others; those with pruned tokens alone. */
  readonly trainings: number;
  readonly rankCorrelation: number | null;
  readonly pruned: { readonly trainings: number; readonly rankCorrelation: number | null };
}

export function worthOf({ samples, leftOut }: Pick<LossModel, 'samples' | 'leftOut'>): Worth {
  const pairs = samples.map(({ keep, loss }, i) => ({
    loss,
    predicted: leftOut[i],
    pruned: keep.some(share => share < 1),
  }));
  const rank = (some: typeof pairs): number | null => {
    const value = spearman(
      some.map(pair => pair.predicted),
      some.map(pair => pair.loss),
    );
    return Number.isFinite(value) ? value : null;
  };
  const pruned = pairs.filter(pair => pair.pruned);
  return {
    trainings: pairs.length,
    rankCorrelation: rank(pairs),
    pruned: { trainings: pruned.length, rankCorrelation: rank(pruned) },
  };
}

export function worthText({ trainings, rankCorrelation, pruned }: Worth): string {
  const rank = (value: number | null): string => (value === null ? 'none' : value.toFixed(2));
  return [
    'rank correlation of predicted and measured loss, each partial training predicted from the others:',
    `   ${rank(rankCorrelation)} of ${trainings}, ${rank(pruned.rankCorrelation)} of the ${pruned.trainings} with pruned tokens`,
  ].join('\n');
}
