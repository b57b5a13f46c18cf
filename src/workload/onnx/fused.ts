/** Operators that stand for several (ONNX 20 to 23, and Microsoft's of ONNX Runtime): each is opened into the nodes that it means. */

import {
  attention23,
  groupQueryAttention,
  microsoftAttention,
  microsoftRotary,
  multiHeadAttention,
  rotaryEmbedding,
} from './fused-attention.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from './graph.ts';
import { attributes, checkAsked } from './node.ts';
import { type Opening, opener } from './opening.ts';
import { onnxProblem } from './problem.ts';

type Open = (o: Opening, node: OnnxNode) => void;

/** A sum before a norm, which may be wanted by itself. */
const skipNorm =
  (norm: 'LayerNormalization' | 'RMSNormalization', beta: number, bias: number): Open =>
  (o, node) => {
    const [x, skip, gain] = node.in;
    const at = attributes(node);
    let sum = o.add('Add', [x, skip]);
    if (o.has(node, bias)) sum = o.add('Add', [sum, node.in[bias]]);
    const inputs = [sum, gain, ...(beta > 0 && o.has(node, beta) ? [node.in[beta]] : [])];
    o.put(norm, inputs, [node.out[0]], { epsilon: at.number('epsilon', 1e-12), axis: -1 });
    if (node.out[3] !== undefined && node.out[3] !== '') o.put('Identity', [sum], [node.out[3]]);
    for (const place of [1, 2])
      if (node.out[place]) throw onnxProblem(`${node.op}: mean and deviation as outputs`);
  };

const OPEN: Readonly<Record<string, Open>> = {
  // Before opset 10 the name of Resize.
  Upsample: (o, node) => {
    const at = attributes(node);
    const scales = o.has(node, 1) ? node.in[1] : o.numbers(at.numbers('scales'));
    const how = { coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
    o.put('Resize', [node.in[0], scales], [node.out[0]], { mode: at.text('mode', 'nearest'), ...how });
  },
  'com.microsoft:SkipLayerNormalization': skipNorm('LayerNormalization', 3, 4),
  'com.microsoft:SkipSimplifiedLayerNormalization': skipNorm('RMSNormalization', 0, 3),
  'com.microsoft:SimplifiedLayerNormalization': (o, node) => {
    const at = attributes(node);
    o.put('RMSNormalization', node.in, [node.out[0]], {
      axis: at.number('axis', -1),
      epsilon: at.number('epsilon', 1e-5),
    });
  },
  'com.microsoft:LayerNormalization': (o, node) =>
    o.put('LayerNormalization', node.in, [node.out[0]], node.attributes),
  'com.microsoft:EmbedLayerNormalization': (o, node) => {
    const [ids, types, words, positions, segments, gain, shift] = node.in;
    const row = o.add('Slice', [
      positions,
      o.constant([0]),
      o.add('Slice', [o.add('Shape', [ids]), o.constant([1]), o.constant([2]), o.constant([0])]),
      o.constant([0]),
    ]);
    let sum = o.add('Add', [o.add('Gather', [words, ids]), row]);
    if (types !== '' && segments !== '') sum = o.add('Add', [sum, o.add('Gather', [segments, types])]);
    o.put('LayerNormalization', [sum, gain, shift], [node.out[0]], {
      axis: -1,
      epsilon: attributes(node).number('epsilon', 1e-12),
    });
  },
  'com.microsoft:BiasGelu': (o, node) => o.put('Gelu', [o.add('Add', node.in.slice(0, 2))], [node.out[0]]),
  'com.microsoft:Gelu': (o, node) => o.put('Gelu', node.in, [node.out[0]]),
  'com.microsoft:FastGelu': (o, node) => {
    const x = o.has(node, 1) ? o.add('Add', node.in.slice(0, 2)) : node.in[0];
    o.put('Gelu', [x], [node.out[0]], { approximate: 'tanh' });
  },
  'com.microsoft:QuickGelu': (o, node) =>
    o.put('Swish', [node.in[0]], [node.out[0]], { alpha: attributes(node).number('alpha', 1.702) }),
  'com.microsoft:FusedMatMul': (o, node) => {
    const at = attributes(node);
    const swap = (name: string, rank: string): string =>
      at.number(rank, 0) === 1 ? o.add('trex:SwapLast', [name]) : name;
    const product = o.add('MatMul', [swap(node.in[0], 'transA'), swap(node.in[1], 'transB')]);
    o.put('Mul', [product, o.number(at.number('alpha', 1))], [node.out[0]]);
  },
  'com.microsoft:FusedGemm': (o, node) => {
    const { activation, ...rest } = node.attributes ?? {};
    if (typeof activation !== 'string') throw onnxProblem('FusedGemm without an activation');
    o.put(activation, [o.add('Gemm', node.in, rest)], [node.out[0]]);
  },
  'com.microsoft:FusedConv': (o, node) => {
    const { activation, activation_params: _, ...rest } = node.attributes ?? {};
    if (typeof activation !== 'string' || node.in.length > 3) throw onnxProblem('FusedConv with a sum');
    o.put(activation, [o.add('Conv', node.in, rest)], [node.out[0]]);
  },
  'com.microsoft:Attention': microsoftAttention,
  'com.microsoft:MultiHeadAttention': multiHeadAttention,
  'com.microsoft:GroupQueryAttention': groupQueryAttention,
  'com.microsoft:RotaryEmbedding': microsoftRotary,
  Attention: attention23,
  RotaryEmbedding: rotaryEmbedding,
};

/** Those that hand all of their attributes on. */
const WHOLE = ['com.microsoft:LayerNormalization', 'com.microsoft:FusedGemm', 'com.microsoft:FusedConv'];

/** @throws OnnxProblem for one of which some part is not known */
export function opened(graph: OnnxGraph): OnnxGraph {
  if (!graph.nodes.some(({ op }) => Object.hasOwn(OPEN, op))) return graph;
  const nodes: OnnxNode[] = [];
  const tensors: OnnxTensor[] = [...graph.tensors];
  for (const [i, node] of graph.nodes.entries()) {
    const open = Object.hasOwn(OPEN, node.op) ? OPEN[node.op] : undefined;
    if (open === undefined) nodes.push(node);
    else {
      open(opener(node, i, nodes, { tensors, inputs: graph.inputs }), node);
      if (!WHOLE.includes(node.op)) checkAsked(node);
    }
  }
  return { ...graph, tensors, nodes };
}
