/** All learned values of a graph in one vector: where each array lies, how it starts, and the way from and to a checkpoint. */

import { usageError } from '../../base/errors.ts';
import { gaussianStream } from '../../base/random.ts';
import { filtersOf } from '../../workload/count.ts';
import type { Graph } from '../../workload/graph.ts';
import type { LinearWeights, ModelWeights } from '../../workload/import/model-weights.ts';
import { isKnown, type KnownOp } from '../../workload/matmul.ts';
import type { Op } from '../../workload/op.ts';
import { positionRows } from '../../workload/positions.ts';
import type { Learning } from '../../workload/vector-function.ts';
import { functionOf } from '../../workload/vector-functions.ts';

/** Arrays begin at multiples of this many floats. */
const ALIGN = 16;
/** Standard deviation of tokens, positions and embeddings at the start (BERT, arXiv 1810.04805; DeiT). */
const EMBEDDING_SIGMA = 0.02;

interface ParameterArray {
  /** `e0.q.weight`, `e0.norm1.gain`, `embedding.words`. */
  readonly key: string;
  /** In floats. */
  readonly offset: number;
  readonly size: number;
  /** Matrices and tables are drawn to zero by weight decay; biases, gains, shifts, tokens and positions are not. */
  readonly decay: boolean;
  readonly start: { readonly mean: number; readonly sigma: number };
}

export interface ParameterVector {
  readonly arrays: ReadonlyMap<string, ParameterArray>;
  /** Floats in all, with the gaps between the arrays. */
  readonly size: number;
}

/** A linear weight is in x out, row-major, whatever a checkpoint has. A weight that several ops share comes once. */
export function parameterVector(graph: Graph): ParameterVector {
  const arrays = new Map<string, ParameterArray>();
  let size = 0;
  const put = (key: string, count: number, decay: boolean, sigma: number, mean = 0): void => {
    if (arrays.has(key)) return;
    arrays.set(key, { key, offset: size, size: count, decay, start: { mean, sigma } });
    size += Math.ceil(count / ALIGN) * ALIGN;
  };
  for (const op of graph.ops) {
    if (isKnown(op)) {
      const out = outputsOf(op);
      put(`${op.weightId}.weight`, op.in * out, true, weightSigma(op, graph));
      if (op.bias) put(`${op.weightId}.bias`, out, false, 0);
      continue;
    }
    const { learns, width, size } = learnedBy(op);
    switch (learns) {
      case 'nothing':
        break;
      case 'gain-shift':
        put(`${op.id}.gain`, width, false, 0, 1);
        put(`${op.id}.shift`, width, false, 0);
        break;
      case 'tables':
        for (const [table, rows] of tablesOf(graph))
          put(`${op.id}.${table}`, rows * width, true, EMBEDDING_SIGMA);
        break;
      case 'factors':
        put(op.id, size, false, 0, 1);
        break;
      case 'rows':
        put(op.id, size, false, EMBEDDING_SIGMA);
        break;
      case 'running-norm':
        throw untrained(op);
    }
  }
  return { arrays, size };
}

/** What an op that is no matrix learns: rows of `width`, `size` values in all. */
function learnedBy(op: Op): { learns: Learning; width: number; size: number } {
  if ((op.kind !== 'vector' && op.kind !== 'tokens') || op.parameters === 0)
    return { learns: 'nothing', width: 0, size: 0 };
  const size = op.parameters;
  return op.kind === 'vector'
    ? { learns: functionOf(op).learns, width: op.rowLength, size }
    : { learns: 'rows', width: op.width, size };
}

/** Statistics of a batch are not kept while a network is trained. */
const untrained = (op: Op): Error => new Error(`${op.id}: running statistics are not trained`);

/** Columns of learned weights: of the filters of a grouped op. */
const outputsOf = (op: KnownOp): number => (op.kind === 'static' ? op.out : filtersOf(op) * op.out);

/** Glorot & Bengio 2010; what ends a residual branch is smaller by the root of their number (Radford et al., 2019). */
function weightSigma(op: KnownOp, { model }: Graph): number {
  const sigma = Math.sqrt(2 / (op.in + op.out));
  const ends = op.encoder !== null && /\.(projection|fc2)$/.test(op.id);
  return ends ? sigma / Math.sqrt(2 * model.encoders) : sigma;
}

/** A vector at its start; each array has its own stream, so that leaving out an encoder does not change the others. */
export function startVector({ arrays, size }: ParameterVector, seed: string | number): Float32Array {
  const vector = new Float32Array(size);
  for (const { key, offset, size: count, start } of arrays.values()) {
    const next = gaussianStream(seed, 'train/start', key);
    for (let i = 0; i < count; i++)
      vector[offset + i] = start.mean + (start.sigma === 0 ? 0 : start.sigma * next());
  }
  return vector;
}

const NO_TABLE = new Float32Array(0);

/** The vector as an executor or a checkpoint writer asks for it. Arrays are views of `vector`. */
export function weightsOf(graph: Graph, { arrays }: ParameterVector, vector: Float32Array): ModelWeights {
  const view = (key: string): Float32Array => {
    const array = arrays.get(key);
    if (array === undefined) throw new Error(`the graph has no parameter ${key}`);
    return vector.subarray(array.offset, array.offset + array.size);
  };
  return {
    linear(weightId): LinearWeights {
      const op = graph.ops.filter(isKnown).find(o => o.weightId === weightId);
      if (op === undefined) throw new Error(`the graph has no layer ${weightId}`);
      const bias = op.bias ? view(`${weightId}.bias`) : null;
      return { in: op.in, out: outputsOf(op), weight: view(`${weightId}.weight`), bias };
    },
    norm: id => ({ gain: view(`${id}.gain`), shift: view(`${id}.shift`) }),
    rows: view,
    embedding: id => ({
      words: view(`${id}.words`),
      positions: arrays.has(`${id}.positions`) ? view(`${id}.positions`) : NO_TABLE,
      types: arrays.has(`${id}.types`) ? view(`${id}.types`) : NO_TABLE,
    }),
  };
}

/**
 * Fills a vector from weights. `has` says which ops the weights know; arrays of the others (transformation blocks that a
 * base network does not have) keep what is in `vector`. @throws TrexError (usage) for arrays of another size.
 */
export function copyWeights(
  graph: Graph,
  parameters: ParameterVector,
  weights: ModelWeights,
  vector: Float32Array,
  has: (opId: string) => boolean = () => true,
): void {
  const to = weightsOf(graph, parameters, vector);
  for (const op of graph.ops) {
    if (!has(op.id)) continue;
    const put = (target: Float32Array | null, source: Float32Array | null): void => {
      if (target?.length !== source?.length)
        throw usageError(
          `${op.id}: ${graph.model.name} learns ${target?.length ?? 0} values there, the network that it starts from has ${source?.length ?? 0}`,
        );
      if (target !== null && source !== null) target.set(source);
    };
    if (isKnown(op)) {
      const [target, source] = [to.linear(op.weightId), weights.linear(op.weightId)];
      put(target.weight, source.weight);
      put(target.bias, source.bias);
      continue;
    }
    switch (learnedBy(op).learns) {
      case 'nothing':
        break;
      case 'gain-shift': {
        const [target, source] = [to.norm(op.id), weights.norm(op.id)];
        put(target.gain, source.gain);
        put(target.shift, source.shift);
        break;
      }
      case 'tables': {
        const [target, source] = [to.embedding(op.id), weights.embedding(op.id)];
        for (const table of ['words', 'positions', 'types'] as const) put(target[table], source[table]);
        break;
      }
      case 'rows':
      case 'factors':
        put(to.rows(op.id), weights.rows(op.id));
        break;
      case 'running-norm':
        throw untrained(op);
    }
  }
}

function tablesOf({ model }: Graph): [string, number][] {
  if (!('vocabulary' in model)) throw new Error(`${model.name} embeds no words`);
  const tables: [string, number][] = [
    ['words', model.vocabulary],
    ['positions', positionRows(model)],
    ['types', model.types],
  ];
  return tables.filter(([, rows]) => rows > 0);
}
