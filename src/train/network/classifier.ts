/** Where a graph ends: the classifier, and the features that it reads, which distillation compares. */
import { usageError } from '../../base/errors.ts';
import { outputShape } from '../../workload/check.ts';
import type { Graph } from '../../workload/graph.ts';
import type { DynamicOp, Op, StaticOp } from '../../workload/op.ts';
import { masksPadding, untrainable } from './function-layer.ts';

/** The classifier, on one row, or that of a decoder on each: by its name, or as the end of the network. @throws TrexError (usage) for a network without one. */
export function headOf(graph: Graph): StaticOp {
  const last = graph.ops.at(-1);
  const decoder = graph.model.family === 'decoder';
  const ends = last?.kind === 'static' && last.stage === 'head' && (last.rows === 1 || decoder);
  const named = graph.ops.find(o => o.kind === 'static' && (o.id === 'head' || o.id === 'classifier'));
  const op = named ?? (ends ? last : undefined);
  if (op?.kind !== 'static')
    throw usageError(
      'imageSize' in graph.model
        ? `${graph.model.name} does not end in one classifier, which training needs`
        : `${graph.model.name} has no classifier to train: a text network needs pooler: run and classes`,
    );
  return op;
}

/** The op whose output the classifier reads (the class token, normed or pooled), and its width. */
export function featuresOf(graph: Graph): { id: string; width: number } {
  const head = headOf(graph);
  const id = head.deps[0].op;
  const op = graph.ops.find(o => o.id === id)!;
  const { rows, columns } = outputShape(op);
  if (rows !== head.rows) throw new Error(`${head.id} reads ${rows} rows`);
  return { id, width: columns };
}

/** @throws TrexError (usage) for a network that training has no derivatives for. */
export function checkTrainable(graph: Graph): void {
  headOf(graph);
  if ('tiedWords' in graph.model && graph.model.family === 'decoder' && graph.model.tiedWords)
    throw usageError(
      `${graph.model.name}: training learns the embedding and the last matrix apart; write tiedWords: false`,
    );
  for (const op of graph.ops) {
    const reason = reasonAgainst(op, graph);
    if (reason !== undefined)
      throw usageError(
        `training knows no derivative of ${op.id} of ${graph.model.name} (family ${graph.model.family}), train it elsewhere: ${reason}`,
      );
  }
}

/** Texts of a decoder are whole windows. */
const neverPadded = ({ model }: Graph): boolean => 'imageSize' in model || model.family === 'decoder';

/** What mixes the tokens of a text mixes those of its padding with them. */
const seesPadding = (graph: Graph): string | undefined =>
  neverPadded(graph) ? undefined : 'it does not know where a text ends';

/** A product that sums over the tokens of a text needs zeros for its padding. */
function paddingLeak(op: DynamicOp, graph: Graph): string | undefined {
  const { ops } = graph;
  if (neverPadded(graph) || (op.transposed && !op.streamedTransposed)) return undefined;
  const streamed = ops.find(o => o.id === op.streamed);
  if (streamed !== undefined && masksPadding(streamed)) return undefined;
  return `${op.streamed} does not know where a text ends`;
}

/** Positions of a batch count every token. */
function oddEmbedding({ model }: Graph): string | undefined {
  if (!('vocabulary' in model)) return undefined;
  return model.padding === undefined ? undefined : 'positions that leave out padding';
}

/** Why an op cannot be trained; undefined where it can. */
function reasonAgainst(op: Op, graph: Graph): string | undefined {
  switch (op.kind) {
    case 'vector':
      if (op.fn === 'embed') return oddEmbedding(graph);
      return untrainable(op) ?? (op.reduce === 'column' ? seesPadding(graph) : undefined);
    case 'static':
      if (op.codec !== undefined) return `weights of ${op.codec}`;
      return op.conv !== undefined && op.deps.length > 0 ? seesPadding(graph) : undefined;
    case 'grouped':
      return op.conv !== undefined && op.deps.length > 0 ? seesPadding(graph) : undefined;
    case 'dynamic':
      // What a causal softmax does not read has no derivative.
      if (op.entries !== undefined && op.cached === undefined)
        return 'a product of which some values are computed';
      return paddingLeak(op, graph);
    case 'layout':
      return op.deps.some(({ mode }) => mode === 'all') ? seesPadding(graph) : undefined;
    case 'tokens':
      if (op.change === 'rest') return 'the rows that a choice drops';
      if (op.change === 'route') return 'rows that choose an expert, more or fewer in each input';
      if (op.change !== 'keep') return undefined;
      // Halting scores are sums of what no class depends on.
      return op.heads === undefined && op.scoreColumns !== undefined
        ? 'a choice by scores of its own'
        : undefined;
  }
}
