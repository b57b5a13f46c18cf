/** The digital ops of a graph: its functions and token changes, always in float32 (TReX's softmax, LayerNorm and GELU are digital and free of noise). */
import type { ModelWeights } from '../../workload/import/model-weights.ts';
import type { Graph, TokensOp, VectorOp } from '../../workload/op.ts';
import { textWords } from './input.ts';
import { matrix } from './matrix.ts';
import type { Unit } from './unit.ts';
import { gelu, geluTanh, relu, tanh } from './vector/activation.ts';
import { add, columnMax, halfMean, scaled } from './vector/elementwise.ts';
import { embed } from './vector/embed.ts';
import { batchNorm, layerNorm } from './vector/layer-norm.ts';
import { softmax } from './vector/softmax.ts';
import { keepAttended, keepBest, prepend, slice } from './vector/tokens.ts';

/** The function of one op, its learned values taken out of `weights`. */
export function vectorUnit(op: VectorOp | TokensOp, graph: Graph, weights: ModelWeights): Unit {
  return op.kind === 'tokens' ? tokensUnit(op, weights) : functionUnit(op, graph, weights);
}

function tokensUnit(op: TokensOp, weights: ModelWeights): Unit {
  if (op.change === 'slice') return ([x]) => slice(x, op.start, op.to);
  const { heads } = op;
  if (op.change === 'keep')
    return heads === undefined
      ? ([x, scores]) => keepBest(x, scores, op.to)
      : ([x, attention]) => keepAttended(x, attention, heads, op.to);
  const learned = weights.rows(op.id);
  return ([x]) => prepend(learned, x);
}

function functionUnit(op: VectorOp, graph: Graph, weights: ModelWeights): Unit {
  const { scale = 1, rowLength, rows } = op;
  switch (op.fn) {
    case 'layernorm': {
      const norm = weights.norm(op.id);
      if (op.eps === undefined) throw new Error(`${op.id}: a layernorm without eps`);
      const { eps } = op;
      return ([x]) => layerNorm(x, norm, eps);
    }
    case 'batchnorm': {
      const norm = weights.norm(op.id);
      return ([x]) => batchNorm(x, norm);
    }
    case 'softmax':
      return ([x]) => softmax(x, op.batch, scale);
    case 'gelu':
      return op.approximate === 'tanh' ? ([x]) => geluTanh(x) : ([x]) => gelu(x);
    case 'relu':
      return ([x]) => relu(x);
    case 'tanh':
      return ([x]) => tanh(x);
    case 'add': {
      if (op.parameters === 0) return ([a, b]) => add(a, b, scale);
      const learned = matrix(rows, rowLength, weights.rows(op.id));
      return ([a]) => add(a, learned, scale);
    }
    case 'scale':
      return ([x]) => scaled(x, scale);
    case 'halfmean':
      return ([x]) => halfMean(x);
    case 'max':
      if (op.reduce !== 'column') throw new Error(`${op.id}: max over rows is not defined`);
      return ([x]) => columnMax(x);
    case 'embed': {
      const tables = weights.embedding(op.id);
      return (_, { input }) => embed(textWords(graph.model, input, rows), tables, rowLength);
    }
  }
}
