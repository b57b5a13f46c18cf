/** Which share of the patches goes on into each encoder, as a design of the free search has it, and the network that runs so. */
import type { ModelConfig } from '../workload/model.ts';
import type { Pruning } from '../workload/pruning.ts';
import { reuseSpace } from '../workload/reuse-space.ts';

/** By encoder, of the patches that the encoder before it had; 1 drops none. */
export type Keep = readonly number[];

/** Why patches of this network cannot go by the attention of its class token; undefined if they can. */
export function unprunable(model: ModelConfig): string | undefined {
  if (!('imageSize' in model))
    return 'it reads texts, whose tokens differ in number; only patches of images go';
  if (!('pruning' in model || 'shareWeights' in model))
    return 'its model file lists layers, which say themselves where patches go';
  if (model.pruning !== undefined) return 'it prunes already';
  if ('distilled' in model && model.distilled) return 'beside the class token it reads out another one';
  if ('pool' in model && (!model.classToken || model.learned > 1 || model.pool !== 'class'))
    return 'it reads out more than a class token, or none';
  if (model.shareWeights > 1) return 'encoders that share crossbars must have equal token counts';
  return undefined;
}

/** Places and shares of all patches; undefined if none are dropped. */
export function pruningOf(keep: Keep): Pruning | undefined {
  const before: number[] = [];
  const shares: number[] = [];
  let share = 1;
  for (const [encoder, ratio] of keep.entries()) {
    if (ratio === 1) continue;
    share *= ratio;
    before.push(encoder);
    shares.push(share);
  }
  return before.length === 0 ? undefined : { by: 'attention', before, keep: shares };
}

export function prunedModel(model: ModelConfig, keep: Keep): ModelConfig {
  const pruning = pruningOf(keep);
  return pruning === undefined ? model : ({ ...model, pruning } as ModelConfig);
}

/** Tokens of each encoder. */
export const tokensOf = (model: ModelConfig, keep: Keep): number[] => [
  ...reuseSpace(prunedModel(model, keep)).tokens,
];

/** "3:0.7 6:0.9": encoders before which patches go, and the share that stays. */
export const keepText = (keep: Keep): string =>
  keep.flatMap((ratio, encoder) => (ratio === 1 ? [] : [`${encoder}:${ratio}`])).join(' ') || 'all';
