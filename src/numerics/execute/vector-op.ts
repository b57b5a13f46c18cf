/** The digital ops of a graph: its functions, token changes and layouts, always in float32 (TReX's softmax, LayerNorm and GELU are digital and free of noise). */

import type { Graph } from '../../workload/graph.ts';
import type { ModelWeights } from '../../workload/import/model-weights.ts';
import type { LayoutOp, TokensOp, VectorOp } from '../../workload/op.ts';
import type { Arithmetic } from '../../workload/vector-function.ts';
import { type FunctionName, functionOf } from '../../workload/vector-functions.ts';
import { textWords } from './input.ts';
import type { Unit } from './unit.ts';
import { fastGelu } from './vector/gelu-kernel.ts';
import { orderOf, reordered } from './vector/layout.ts';
import { chosen, prepend, routed, slice } from './vector/tokens.ts';

/** What one op without MACs does, its learned values taken out of `weights`. */
export function vectorUnit(op: VectorOp | TokensOp | LayoutOp, graph: Graph, weights: ModelWeights): Unit {
  if (op.kind === 'layout') return layoutUnit(op);
  return op.kind === 'tokens' ? tokensUnit(op, weights) : functionUnit(op, graph, weights);
}

function tokensUnit(op: TokensOp, weights: ModelWeights): Unit {
  if (op.change === 'slice') return ([x]) => slice(x, op.start, op.to);
  if (op.change === 'keep' || op.change === 'rest') return ([x, scores]) => chosen(op, x, scores);
  const { expert } = op;
  if (expert !== undefined) return ([x, scores]) => routed(x, scores, expert);
  const learned = weights.rows(op.id);
  return ([x]) => prepend(learned, x);
}

function layoutUnit(op: LayoutOp): Unit {
  const order = orderOf(op);
  return operands => reordered(op, order, operands);
}

function functionUnit(op: VectorOp, graph: Graph, weights: ModelWeights): Unit {
  const compute = FASTER[op.fn]?.(op) ?? functionOf(op).arithmetic(op, weights);
  return (operands, { input }) => compute(operands, () => textWords(graph.model, input, op.rows));
}

/** Kernels with the same bits as a function's own arithmetic. */
const FASTER: Partial<Record<FunctionName, (op: VectorOp) => Arithmetic | undefined>> = {
  // The slowest function of a vision transformer.
  gelu: op => (op.approximate === undefined ? ([x]) => fastGelu(x) : undefined),
};
