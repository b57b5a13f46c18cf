/** What a graph has to learn: every array of numbers that its checkpoint must hold, with PyTorch's shapes. */
import { filtersOf } from './count.ts';
import type { Graph } from './graph.ts';
import type { Op, VectorOp } from './op.ts';
import { positionRows } from './positions.ts';
import { areaOf } from './size.ts';
import { functionOf } from './vector-functions.ts';

export interface Parameter {
  /** The op's weightId or id, or the table of an embedding: `e0.q`, `embedding.class.0`, `embedding.words`. */
  readonly owner: string;
  /** Which of its arrays; empty where there is one. */
  readonly role: '' | 'weight' | 'bias' | 'running_mean' | 'running_var';
  readonly shape: readonly number[];
}

/** The parameter's name in a file of our own: `e0.q.weight`. */
export const parameterName = ({ owner, role }: Pick<Parameter, 'owner' | 'role'>): string =>
  role === '' ? owner : `${owner}.${role}`;

/**
 * All parameters, in the order of the ops; a weight that several ops share comes once. Shapes: linear [out, in],
 * convolution [out, channels, kernel, kernel], norm [width], learned token [width], position [tokens, width], tables
 * [rows, dim].
 */
export function parameters(graph: Graph): Parameter[] {
  const all = new Map<string, Parameter>();
  for (const op of graph.ops) {
    for (const p of parametersOf(op, graph)) all.set(parameterName(p), p);
  }
  return [...all.values()];
}

function parametersOf(op: Op, graph: Graph): Parameter[] {
  switch (op.kind) {
    case 'static': {
      const shape =
        op.conv === undefined
          ? [op.out, op.in]
          : [op.out, op.conv.inChannels, op.conv.kernel.height, op.conv.kernel.width];
      return layer(op.weightId, shape, op.bias);
    }
    case 'grouped': {
      const outputs = filtersOf(op) * op.out;
      const { kernel } = op.conv ?? {};
      const shape =
        kernel === undefined
          ? [outputs, op.in]
          : [outputs, op.in / areaOf(kernel), kernel.height, kernel.width];
      return layer(op.weightId, shape, op.bias);
    }
    case 'vector':
      return vectorParameters(op, graph);
    case 'tokens':
      if (op.change !== 'prepend') return [];
      return Array.from({ length: op.to - op.from }, (_, i) => single(`${op.id}.${i}`, [op.width]));
    case 'dynamic':
    case 'layout':
      return [];
  }
}

function vectorParameters(op: VectorOp, { model }: Graph): Parameter[] {
  if (op.parameters === 0) return [];
  switch (functionOf(op).learns) {
    case 'gain-shift':
      return layer(op.id, [op.rowLength], true);
    case 'running-norm': {
      const running = (['running_mean', 'running_var'] as const).map(role => ({
        owner: op.id,
        role,
        shape: [op.rowLength],
      }));
      return [...layer(op.id, [op.rowLength], true), ...running];
    }
    case 'rows':
    case 'factors':
      if (op.distances !== undefined)
        return [single(op.id, [op.distances.heads, op.parameters / op.distances.heads])];
      if (op.second === 'segment') throw new Error(`${op.id}: a learned value for each row and segment`);
      return [single(op.id, op.second === 'row' ? [op.rowLength] : [op.rows, op.rowLength])];
    case 'tables':
      if (!('vocabulary' in model)) throw new Error(`${model.name} embeds no words`);
      return [
        single(`${op.id}.words`, [model.vocabulary, model.dim]),
        ...(positionRows(model) === 0
          ? []
          : [single(`${op.id}.positions`, [positionRows(model), model.dim])]),
        ...(model.types === 0 ? [] : [single(`${op.id}.types`, [model.types, model.dim])]),
      ];
    case 'nothing':
      throw new Error(`${op.id}: a ${op.fn} learns nothing, but has ${op.parameters} parameters`);
  }
}

function layer(owner: string, shape: readonly number[], bias: boolean): Parameter[] {
  const weight: Parameter = { owner, role: 'weight', shape };
  return bias ? [weight, { owner, role: 'bias', shape: [shape[0]] }] : [weight];
}

const single = (owner: string, shape: readonly number[]): Parameter => ({ owner, role: '', shape });
