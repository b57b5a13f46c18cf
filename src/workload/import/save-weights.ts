/** The weights of a graph under our own names, ready to be written: what loadWeights reads back. */
import type { Graph } from '../graph.ts';
import { type Parameter, parameterName, parameters } from '../parameters.ts';
import type { ModelWeights } from './model-weights.ts';
import type { TensorToWrite } from './safetensors-writer.ts';
import { elementCount } from './tensor.ts';
import { transpose } from './transpose.ts';

/** One float32 tensor per parameter, in the order of the ops; linear layers are [out, in] as PyTorch keeps them. */
export function weightTensors(graph: Graph, weights: ModelWeights): Map<string, TensorToWrite> {
  const tensors = new Map<string, TensorToWrite>();
  for (const parameter of parameters(graph)) {
    const data = valuesOf(parameter, graph, weights);
    if (data !== undefined) tensors.set(parameterName(parameter), { shape: parameter.shape, data });
  }
  return tensors;
}

/** Undefined for a running mean or variance, which is folded into gain and shift. */
function valuesOf(
  { owner, role, shape }: Parameter,
  graph: Graph,
  w: ModelWeights,
): Float32Array | undefined {
  if (role === 'running_mean' || role === 'running_var') return undefined;
  if (role !== '') {
    if (graph.ops.some(op => op.kind === 'vector' && op.id === owner)) {
      const { gain, shift } = w.norm(owner);
      return role === 'weight' ? gain : shift;
    }
    const layer = w.linear(owner);
    return role === 'weight' ? transpose(layer.weight, layer.in, layer.out) : layer.bias!;
  }
  const [, op, part] = /^(.*)\.([^.]+)$/.exec(owner) ?? [];
  if (op === undefined) return w.rows(owner);
  if (part === 'words' || part === 'positions' || part === 'types') return w.embedding(op)[part];
  if (!/^\d+$/.test(part)) return w.rows(owner);
  const size = elementCount(shape)!;
  return w.rows(op).slice(Number(part) * size, (Number(part) + 1) * size);
}
