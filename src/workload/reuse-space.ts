/** Which encoders of a network can reuse attention (TReX, arXiv 2408.12742, section 4.1), found where its graph is built. */
import { GraphBuilder } from './builder.ts';
import { outputShape } from './check.ts';
import type { Graph } from './graph.ts';
import { familyOf, type ModelConfig } from './model.ts';
import { noReuse, type ReuseSpace } from './reuse.ts';

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
 * Any subset of the encoders that can: where tokens leave, or a stage has another width, attention begins anew, and behind
 * that place encoders take over what they are as large as, whichever of those between them keep their own.
 */
export function reuseSpace(model: ModelConfig): ReuseSpace {
  const b = new GraphBuilder();
  familyOf(model.family).build(b, model, noReuse);
  const tokens = Array.from({ length: model.encoders }, (_, encoder) => {
    const last = b.ops.findLast(op => op.encoder === encoder);
    return last === undefined ? 0 : outputShape(last).rows;
  });
  return { tokens, able: b.able };
}
