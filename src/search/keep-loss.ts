/** What pruned tokens cost a network that was not trained for it: measured in float32 on inputs that training has not seen. */
import type { TrainData } from '../train/data.ts';
import { predict, scoresOf } from '../train/predict.ts';
import { buildGraph } from '../workload/graph.ts';
import type { ModelWeights } from '../workload/import/model-weights.ts';
import type { ModelConfig } from '../workload/model.ts';
import { type Keep, prunedModel, tokensOf } from './keep.ts';

/** Nats over the network that keeps all. */
export type KeepLoss = (keep: Keep) => Promise<number>;

export interface KeepProbe {
  readonly model: ModelConfig;
  /** Of the network without reuse. */
  readonly weights: ModelWeights;
  readonly data: TrainData;
}

/** Measures each schedule once; `known` keeps the losses by the tokens of all encoders. */
export function measuredKeepLoss(
  { model, weights, data }: KeepProbe,
  known: Map<string, number> = new Map(),
): KeepLoss {
  const lossOf = async (keep: Keep): Promise<number> => {
    const key = tokensOf(model, keep).join(' ');
    let loss = known.get(key);
    if (loss === undefined) {
      const { logits } = await predict(buildGraph(prunedModel(model, keep)), weights, data);
      loss = scoresOf(logits, data.labels).loss;
      known.set(key, loss);
    }
    return loss;
  };
  return async keep =>
    keep.every(ratio => ratio === 1) ? 0 : (await lossOf(keep)) - (await lossOf(keep.map(() => 1)));
}
