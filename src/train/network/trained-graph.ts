/** The graph that is trained: a decoder foretells every token of its windows. */
import { buildGraph, type Graph, type GraphOptions } from '../../workload/graph.ts';
import type { ModelConfig } from '../../workload/model.ts';

export const trainedGraph = (model: ModelConfig, reuse: GraphOptions['reuse']): Graph =>
  buildGraph(model, model.family === 'decoder' ? { reuse, logits: 'all' } : { reuse });
