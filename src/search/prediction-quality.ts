/** How good a predicted loss is: against partial trainings that the fit has not seen. */
import { spearman } from '../optimize/rank-correlation.ts';
import type { PartialTraining } from './loss-model.ts';

/** How well predicted losses order trainings that the model did not see. */
export interface PredictionQuality {
  /** Partial trainings, each predicted from the others; those with pruned tokens alone. */
  readonly trainings: number;
  /** Spearman's; null where there are too few, or all are equal. */
  readonly rankCorrelation: number | null;
  readonly pruned: { readonly trainings: number; readonly rankCorrelation: number | null };
}

/** `leftOut`: what each sample was predicted as from the others. */
export function predictionQuality(
  samples: readonly Pick<PartialTraining, 'keep' | 'loss'>[],
  leftOut: readonly number[],
): PredictionQuality {
  const pairs = samples.map(({ keep, loss }, i) => ({
    loss,
    predicted: leftOut[i],
    pruned: keep.some(share => share < 1),
  }));
  const rank = (list: typeof pairs): number | null => {
    const value = spearman(
      list.map(pair => pair.predicted),
      list.map(pair => pair.loss),
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

/** In a sentence or two, for people. */
export function qualityText({ trainings, rankCorrelation, pruned }: PredictionQuality): string {
  const rank = (value: number | null): string => (value === null ? 'none' : value.toFixed(2));
  return [
    'rank correlation of predicted and measured loss, each partial training predicted from the others:',
    `   ${rank(rankCorrelation)} of ${trainings}, ${rank(pruned.rankCorrelation)} of the ${pruned.trainings} with pruned tokens`,
  ].join('\n');
}
