/** Weights from a seed, for tests and benchmarks that need a network but no checkpoint (variance 1 / inputs: LeCun et al., 1998). */
import { gaussianStream } from '../../base/random.ts';
import { filtersOf } from '../../workload/count.ts';
import type { Graph } from '../../workload/graph.ts';
import type { ModelWeights } from '../../workload/import/model-weights.ts';
import { isKnown } from '../../workload/matmul.ts';
import type { Op } from '../../workload/op.ts';
import { positionRows } from '../../workload/positions.ts';
import { functionOf } from '../../workload/vector-functions.ts';

/** Standard deviation of biases, shifts and learned rows. */
const SMALL = 0.1;

/**
 * Normal weights with variance 1 / inputs, so that signals keep their size from layer to layer; gains and factors about 1. Every op
 * has its own stream: dropping an encoder does not change the others.
 */
export function randomWeights(graph: Graph, seed: string | number): ModelWeights {
  const values = (id: string, what: string, count: number, sigma: number, mean = 0): Float32Array => {
    const next = gaussianStream(seed, 'weights', id, what);
    return Float32Array.from({ length: count }, () => mean + sigma * next());
  };
  return {
    linear(weightId) {
      const op = graph.ops.filter(isKnown).find(o => o.weightId === weightId);
      if (op === undefined) throw new Error(`${graph.model.name} has no layer ${weightId}`);
      const out = op.kind === 'static' ? op.out : filtersOf(op) * op.out;
      const weight = values(weightId, 'weight', op.in * out, 1 / Math.sqrt(op.in));
      const bias = op.bias ? values(weightId, 'bias', out, SMALL) : null;
      return { in: op.in, out, weight, bias };
    },
    norm(id) {
      const { rowLength } = find(graph, 'vector', o => o.id === id, id);
      return { gain: values(id, 'gain', rowLength, SMALL, 1), shift: values(id, 'shift', rowLength, SMALL) };
    },
    rows(id) {
      const op = graph.ops.find(o => o.id === id);
      if (op?.kind !== 'tokens' && op?.kind !== 'vector') throw new Error(`${id} holds no learned rows`);
      const factors = op.kind === 'vector' && functionOf(op).learns === 'factors';
      return values(id, 'rows', op.parameters, SMALL, factors ? 1 : 0);
    },
    embedding(id) {
      const { model } = graph;
      if (!('vocabulary' in model)) throw new Error(`${model.name} embeds no words`);
      const table = (what: string, rows: number) => values(id, what, rows * model.dim, 1);
      return {
        words: table('words', model.vocabulary),
        positions: table('positions', positionRows(model)),
        types: table('types', model.types),
        ...(model.padding !== undefined && { padding: model.padding }),
      };
    },
  };
}

function find<K extends Op['kind']>(
  graph: Graph,
  kind: K,
  is: (op: Op & { kind: K }) => boolean,
  id: string,
): Op & { kind: K } {
  for (const op of graph.ops)
    if (op.kind === kind && is(op as Op & { kind: K })) return op as Op & { kind: K };
  throw new Error(`${graph.model.name} has no ${kind} op for ${id}`);
}
