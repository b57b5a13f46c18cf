/** Where a graph ends: the classifier, and the features that it reads, which distillation compares. */
import { usageError } from '../../base/errors.ts';
import { outputShape } from '../../workload/check.ts';
import type { Graph, StaticOp } from '../../workload/op.ts';

/** The classifier on the class token. @throws TrexError (usage) for a network without one. */
export function headOf(graph: Graph): StaticOp {
  const op = graph.ops.find(o => o.kind === 'static' && (o.id === 'head' || o.id === 'classifier'));
  if (op?.kind !== 'static')
    throw usageError(
      `${graph.model.name} has no classifier to train: a text network needs pooler: run and classes`,
    );
  return op;
}

/** The op whose output the classifier reads (the class token, normed or pooled), and its width. */
export function featuresOf(graph: Graph): { id: string; width: number } {
  const head = headOf(graph);
  const id = head.deps[0].op;
  const op = graph.ops.find(o => o.id === id)!;
  const { rows, columns } = outputShape(op);
  if (rows !== 1) throw new Error(`${head.id} reads ${rows} rows`);
  return { id, width: columns };
}

/** @throws TrexError (usage) for a network that training has no derivatives for. */
export function checkTrainable(graph: Graph): void {
  headOf(graph);
  for (const op of graph.ops) {
    const inner = op.kind === 'static' && op.conv !== undefined && op.deps.length > 0;
    const unknown = op.kind === 'vector' && ['batchnorm', 'max', 'halfmean'].includes(op.fn);
    if (inner || unknown || op.kind === 'depthwise')
      throw usageError(
        `training knows vit and bert without predictors of DynamicViT; ${graph.model.name} of family ${graph.model.family} has ${op.id}, train it elsewhere`,
      );
  }
}
