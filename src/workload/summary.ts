/** What a model is, in one row: size, parameters, MACs, source; and the reuse patterns that it has room for. */
import { type MacTotals, macTotals, paramTotal } from './count.ts';
import { buildGraph, type GraphOptions } from './graph.ts';
import type { ModelConfig } from './model.ts';
import type { PatternKind } from './patterns.ts';
import { bestPlan, uniformPlans } from './reuse.ts';
import { reuseSpace } from './reuse-space.ts';

/** A network in figures. */
export interface ModelSummary {
  readonly name: string;
  readonly family: string;
  readonly encoders: number;
  readonly dim: number;
  readonly heads: number;
  readonly tokens: number;
  /** All learned values of the checkpoint, used in this run or not. */
  readonly params: number;
  readonly macs: MacTotals;
  readonly source: string;
  /** How sure the sizes are; null where the file does not say. */
  readonly certainty: 'code' | 'paper' | 'assumed' | null;
}

/** A uniform pattern of reuse encoders: its spacing (sl), the length of its continuous part (ncont), its start. */
export interface PatternRow {
  readonly pattern: string;
  readonly kind: PatternKind;
  readonly sl: number | null;
  readonly ncont: number | null;
  readonly start: number;
  readonly encoders: readonly number[];
}

/** Exact size of a model, as built with these options. */
export function modelSummary(model: ModelConfig, options: GraphOptions = {}): ModelSummary {
  const graph = buildGraph(model, options);
  const { name, family, encoders, dim, heads, tokens, source, certainty = null } = graph.model;
  const params = paramTotal(graph.ops) + graph.idleParameters;
  return {
    name,
    family,
    encoders,
    dim,
    heads,
    tokens,
    params,
    macs: macTotals(graph.ops),
    source,
    certainty,
  };
}

/** The uniform patterns with `count` reuse encoders, best first. @throws TrexError (usage) for too many. */
export function listPatterns(model: ModelConfig, count: number): PatternRow[] {
  const space = reuseSpace(model);
  bestPlan(count, space);
  return uniformPlans(space, count);
}
