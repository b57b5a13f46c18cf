/** What every operator becomes: one table. */

import type { Formula } from '../functions/pointwise.ts';
import { concat } from './concat.ts';
import * as convolution from './conv.ts';
import * as functions from './functions.ts';
import type { OnnxNode } from './graph.ts';
import type { Lowering } from './lowering.ts';
import { einsum, gemm, matmul } from './matmul.ts';
import * as norms from './norm.ts';
import * as own from './own-nodes.ts';
import { product } from './pairs.ts';
import * as pointwise from './pointwise.ts';
import { onnxProblem } from './problem.ts';
import { quantise } from './quantise.ts';
import * as reshapes from './reshape.ts';

type Lower = (l: Lowering, node: OnnxNode) => void;

const same: Lower = (l, node) => {
  l.values.set(node.out[0], l.operand(node, 0));
};

const fn =
  (name: 'relu' | 'tanh' | 'sigmoid'): Lower =>
  (l, node) =>
    l.give(node, functions.named(l, l.view(node), name));

/** A formula; numbers are attributes, with what stands for them where they are left out. */
const formula =
  (name: Formula, ...numbers: readonly (readonly [string, number])[]): Lower =>
  (l, node) => {
    const at = l.attributes(node);
    l.give(
      node,
      functions.formula(
        l,
        l.view(node),
        name,
        numbers.map(([key, absent]) => at.number(key, absent)),
      ),
    );
  };

const reduce =
  (kind: 'sum' | 'mean' | 'max' | 'min'): Lower =>
  (l, node) =>
    norms.reduce(l, node, kind);

export const NODES: Readonly<Record<string, Lower>> = {
  'trex:SwapLast': own.swapLast,
  'trex:Half': own.half,
  'trex:Rows': () => {
    throw onnxProblem('rotary tables must be constants');
  },
  'trex:Padding': own.padding,
  Identity: same,
  Dropout: same,
  Cast: pointwise.cast,
  CastLike: same,
  Add: (l, node) => pointwise.add(l, node, 1),
  Sub: (l, node) => pointwise.add(l, node, -1),
  Sum: (l, node) => {
    if (node.in.length !== 2) throw onnxProblem(`Sum of ${node.in.length} operands`);
    pointwise.add(l, node, 1);
  },
  Mul: pointwise.multiply,
  Div: pointwise.divide,
  Pow: pointwise.power,
  Where: pointwise.where,
  Clip: pointwise.clip,
  Min: (l, node) => pointwise.extreme(l, node, 'Min'),
  Max: (l, node) => pointwise.extreme(l, node, 'Max'),
  Neg: (l, node) => {
    const x = l.view(node);
    l.give(node, { ...x, factor: -x.factor });
  },
  Relu: fn('relu'),
  Tanh: fn('tanh'),
  Sigmoid: fn('sigmoid'),
  HardSwish: (l, node) => l.give(node, functions.named(l, l.view(node), 'hardswish')),
  Gelu: (l, node) => {
    const how = l.attributes(node).text('approximate', 'none');
    l.give(node, functions.named(l, l.view(node), 'gelu', how === 'tanh' ? { approximate: 'tanh' } : {}));
  },
  Swish: (l, node) => {
    const scale = l.attributes(node).number('alpha', 1);
    l.give(node, functions.named(l, l.view(node), 'swish', scale === 1 ? {} : { scale }));
  },
  Sqrt: formula('sqrt'),
  Reciprocal: formula('reciprocal'),
  Exp: formula('exp'),
  Log: formula('log'),
  Erf: formula('erf'),
  Sin: formula('sin'),
  Cos: formula('cos'),
  Abs: formula('abs'),
  Sign: formula('sign'),
  Floor: formula('floor'),
  Ceil: formula('ceil'),
  Round: formula('round'),
  Softplus: formula('softplus'),
  Softsign: formula('softsign'),
  Mish: formula('mish'),
  LeakyRelu: formula('leaky', ['alpha', 0.01]),
  Elu: formula('elu', ['alpha', 1]),
  Selu: formula('selu', ['alpha', 1.6732632423543772], ['gamma', 1.0507009873554805]),
  HardSigmoid: formula('hardsigmoid', ['alpha', 0.2], ['beta', 0.5]),
  Celu: formula('celu', ['alpha', 1]),
  PRelu: pointwise.prelu,
  MatMul: matmul,
  Gemm: gemm,
  Einsum: einsum,
  Conv: convolution.conv,
  MaxPool: (l, node) => convolution.pool(l, node, 'maxpool'),
  AveragePool: (l, node) => convolution.pool(l, node, 'avgpool'),
  Pad: convolution.pad,
  GlobalAveragePool: (l, node) => convolution.globalPool(l, node, 'mean'),
  GlobalMaxPool: (l, node) => convolution.globalPool(l, node, 'max'),
  BatchNormalization: norms.batchNormalization,
  LayerNormalization: norms.layerNormalization,
  RMSNormalization: norms.rmsNormalization,
  SimplifiedLayerNormalization: norms.rmsNormalization,
  InstanceNormalization: (l, node) => {
    const channels = l.shape(l.operand(node, 0))[1];
    norms.groupNorm(l, node, channels);
  },
  GroupNormalization: (l, node) => norms.groupNorm(l, node, l.attributes(node).number('num_groups')),
  Softmax: norms.softmax,
  LogSoftmax: norms.logSoftmax,
  ReduceMean: reduce('mean'),
  ReduceSum: reduce('sum'),
  ReduceMax: reduce('max'),
  ReduceMin: reduce('min'),
  ReduceL1: (l, node) => norms.reduceOf(l, node, x => functions.formula(l, x, 'abs')),
  ReduceSumSquare: (l, node) => norms.reduceOf(l, node, x => product(l, x, x)),
  ReduceL2: (l, node) => {
    norms.reduceOf(l, node, x => product(l, x, x));
    l.give(node, functions.formula(l, l.view({ op: '', in: node.out, out: [] }), 'sqrt'));
  },
  DepthToSpace: reshapes.depthToSpace,
  SpaceToDepth: reshapes.spaceToDepth,
  Reshape: reshapes.reshape,
  Flatten: reshapes.flatten,
  Squeeze: reshapes.squeeze,
  Unsqueeze: reshapes.unsqueeze,
  Transpose: reshapes.transpose,
  Slice: reshapes.slice,
  Split: reshapes.split,
  Gather: reshapes.gather,
  Expand: reshapes.expand,
  Tile: reshapes.tile,
  Concat: concat,
  QuantizeLinear: quantise,
  DequantizeLinear: (l, node) => {
    const value = l.operand(node, 0);
    if (value.kind !== 'view') throw onnxProblem('codes that nothing has made');
    l.give(node, value.view);
  },
};
