/** From a model and a reuse plan to the op graph that is placed, timed and executed. */
import { usageError } from '../base/errors.ts';
import { GraphBuilder } from './builder.ts';
import { graphProblems } from './check.ts';
import type { StepOptions } from './decoder-step.ts';
import { familyOf, type ModelConfig } from './model.ts';
import { needsDecoder } from './needs-decoder.ts';
import type { Op } from './op.ts';
import { checkReuse, noReuse, type ReusePlan } from './reuse.ts';

/** A network as run: what the timing run and the functional run both walk through. */
export interface Graph {
  readonly model: ModelConfig;
  /** Topological: every op stands after the ops it needs. The last one is the network's output. */
  readonly ops: readonly Op[];
  readonly reuse: ReusePlan;
  /** Parameters that the checkpoint holds and this run does not use (BERT's pooler). */
  readonly idleParameters: number;
}

/** What a graph takes beside its model. */
export interface GraphOptions extends StepOptions {
  /** Which encoders reuse attention; default none. */
  readonly reuse?: ReusePlan | undefined;
  /** Sequence length of a text network; an image network has the one that its patches make. */
  readonly tokens?: number | undefined;
}

/** The op graph of one run. @throws TrexError (usage) for a plan or a token count that the network cannot have. */
export function buildGraph(model: ModelConfig, options: GraphOptions = {}): Graph {
  const reuse = options.reuse ?? noReuse;
  checkReuse(reuse, model.encoders);
  const { tokens, past, logits } = options;
  const whole = tokens === undefined ? model : withTokens(model, tokens);
  const sized = past === undefined && logits === undefined ? whole : withStep(whole, { past, logits });
  const b = new GraphBuilder();
  familyOf(sized.family).build(b, sized, reuse);
  checkReused(b.ops, sized, reuse);
  const problems = graphProblems(b.ops);
  if (problems.length > 0) throw new Error(`op graph of ${model.name} is broken: ${problems.join('; ')}`);
  return { model: sized, ops: b.ops, reuse, idleParameters: b.idleParameters };
}

/** @throws TrexError (usage) where the family builds no transformation block for an encoder of the plan. */
function checkReused(ops: readonly Op[], { name }: ModelConfig, { encoders }: ReusePlan): void {
  const able = reusing(ops);
  for (const encoder of encoders)
    if (!able.includes(encoder))
      throw usageError(`reuse of encoder ${encoder}: ${name} has no attention there that it could take over`);
}

/** Encoders with a transformation block. */
const reusing = (ops: readonly Op[]): number[] => [
  ...new Set(ops.flatMap(op => (op.stage === 'transform' && op.encoder !== null ? op.encoder : []))),
];

/** The model at another sequence length. @throws TrexError (usage) */
export function withTokens(model: ModelConfig, tokens: number): ModelConfig {
  if (!Number.isInteger(tokens) || tokens < 1)
    throw usageError(`tokens ${tokens}: expected a whole number of at least 1`);
  if (tokens === model.tokens) return model;
  if (!('maxTokens' in model))
    throw usageError(
      `tokens ${tokens}: ${model.name} has ${model.tokens} tokens, fixed by its image and patch`,
    );
  if (tokens > model.maxTokens)
    throw usageError(
      `tokens ${tokens}: ${model.name} has position embeddings for ${model.maxTokens} at most`,
    );
  return { ...model, tokens };
}

/**
 * The model of one step. @throws TrexError (usage) for a network without a cache, and for positions beyond the longest text.
 */
function withStep(model: ModelConfig, { past = 0, logits = 'last' }: StepOptions): ModelConfig {
  if (model.family !== 'decoder') throw usageError(needsDecoder(model));
  if (!Number.isInteger(past) || past < 0)
    throw usageError(`past ${past}: expected a whole number of at least 0`);
  const end = past + model.tokens;
  if (end > model.maxTokens)
    throw usageError(
      `${past > 0 ? `${past} tokens and ${model.tokens} more` : `${model.tokens} tokens`}: ${model.name} has positions for ${model.maxTokens} at most`,
    );
  return { ...model, past, logits };
}
