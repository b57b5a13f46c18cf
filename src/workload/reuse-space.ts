/** Which encoders of a network can reuse attention (TReX, arXiv 2408.12742, section 4.1), found in its graph. */
import { GraphBuilder } from './builder.ts';
import { buildGraph, type Graph, reusing } from './graph.ts';
import { familyOf, type ModelConfig } from './model.ts';
import { type ReuseSpace, reusePlan } from './reuse.ts';

/** What an encoder's Projection reads: the heads side by side, or the output of a transformation block. */
export interface AttentionOutput {
  /** The op that gives it. */
  readonly id: string;
  readonly rows: number;
  readonly width: number;
}

/** By encoder; undefined for one without a Projection. */
export function attentionOutputs({ model, ops }: Graph): (AttentionOutput | undefined)[] {
  return Array.from({ length: model.encoders }, (_, encoder) => {
    const op = ops.find(o => o.encoder === encoder && o.stage === 'projection' && o.kind === 'static');
    return op?.kind === 'static' ? { id: op.deps[0].op, rows: op.rows, width: op.in } : undefined;
  });
}

/**
 * An encoder can take over an attention output of the size of its own, where the network's family builds a
 * transformation block. What tokens leave, or a stage of another width, begins with attention of its own; behind it any
 * subset of the encoders can reuse.
 */
export function reuseSpace(model: ModelConfig): ReuseSpace {
  const outputs = attentionOutputs(buildGraph(model));
  const alike = outputs.flatMap((own, e) => {
    const before = outputs[e - 1];
    return own !== undefined && own.rows === before?.rows && own.width === before.width ? [e] : [];
  });
  const b = new GraphBuilder();
  familyOf(model.family).build(b, model, reusePlan(alike, model.encoders));
  const able = reusing(b.ops);
  return { tokens: outputs.map(output => output?.rows ?? 0), able: alike.filter(e => able.includes(e)) };
}
