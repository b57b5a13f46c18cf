/** Known weights as their codecs have them: in float, and as integers on crossbars, which hold powers of two as any other weights. */
import type { Graph } from '../../workload/graph.ts';
import type { ModelWeights } from '../../workload/import/model-weights.ts';
import type { StaticOp } from '../../workload/op.ts';
import { coded, type WeightCodec } from '../../workload/weight-codec.ts';
import { quantizePowers, quantizeWeights } from '../quantize/weights.ts';

/** The same weights, those of ops with a codec made what it says. */
export function codedWeights({ ops }: Pick<Graph, 'ops'>, weights: ModelWeights): ModelWeights {
  const codecs = new Map(
    ops.flatMap(op => (op.kind === 'static' && op.codec !== undefined ? [[op.weightId, op.codec]] : [])),
  );
  if (codecs.size === 0) return weights;
  return {
    linear(weightId) {
      const own = weights.linear(weightId);
      return { ...own, weight: coded(own.weight, codecs.get(weightId)) };
    },
    norm: id => weights.norm(id),
    rows: id => weights.rows(id),
    embedding: id => weights.embedding(id),
  };
}

const INTEGERS: Readonly<Record<WeightCodec, typeof quantizeWeights>> = { pow2: quantizePowers };

/** How an op's weights become integers. */
export const integersOf = ({ codec }: Pick<StaticOp, 'codec'>): typeof quantizeWeights =>
  codec === undefined ? quantizeWeights : INTEGERS[codec];
