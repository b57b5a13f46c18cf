/** ONNX operators on constant arrays (onnx/onnx Operators.md): what folds shapes, and what makes weights of stored tensors. */
import { erf } from '../../base/erf.ts';
import { cos, sin } from '../../base/math.ts';
import { concat, cumsum, dequantised, expand, gather, pad, tile, trilu } from './array-rules.ts';
import { broadcastIndex, broadcastShape, reshaped, sliced, transposed } from './arrays.ts';
import type { OnnxNode } from './graph.ts';
import { derived, type Nd, nd, room, sizeOf, uniform, values, wholes } from './nd.ts';
import { attributes } from './node.ts';
import { binary, isOne, matmul, power, reduce, roundEven, softmax, unary } from './number-rules.ts';
import { onnxProblem } from './problem.ts';
import type { Evaluate, Operands } from './rule.ts';
import { gatherElements, scatterNd } from './scatter.ts';
import { axesOf, axisOf, cutsOf, reshapeTarget, splitSizes, squeezed, unsqueezed } from './shapes.ts';

/** By operator; those of other domains are taken apart before. */
export const EVALUATE: Readonly<Record<string, Evaluate>> = {
  // An equal array that an exporter has merged: a copy of its own.
  Identity: ([x], at) => {
    const sources =
      x!.sources && new Map([...x!.sources].map(([name, size]) => [`${name} ${at.name}`, size]));
    return [{ ...x!, key: undefined, sources }];
  },
  Dropout: ([x]) => [x!],
  Cast: ([x], at) => {
    const to = at.number('to');
    const whole = ![1, 10, 11, 16].includes(to);
    const own = x!;
    if (whole === own.whole && to !== 9) return [own];
    const convert = to === 9 ? (v: number) => isOne(v !== 0) : whole ? Math.trunc : (v: number) => v;
    return unary(convert, whole)([own], at, 0).map(y => ({ ...y, key: own.key }));
  },
  CastLike: ([x, like], at) =>
    x!.whole === like!.whole ? [x!] : unary(v => (like!.whole ? Math.trunc(v) : v), like!.whole)([x], at, 0),
  Shape: ([x], at) => {
    const rank = x!.shape.length;
    const place = (name: string, absent: number) => {
      const told = at.number(name, absent);
      return Math.min(Math.max(told < 0 ? told + rank : told, 0), rank);
    };
    const some = x!.shape.slice(place('start', 0), place('end', rank));
    return [values([some.length], some, true)];
  },
  Size: ([x]) => [values([], [x!.size], true)],
  Reshape: ([x, shape], at) => [
    reshaped(x!, reshapeTarget(x!.shape, wholes(shape!, 'Reshape'), at.number('allowzero', 0) === 1)),
  ],
  Flatten: ([x], at) => {
    const axis = at.number('axis', 1);
    const place = axis < 0 ? axis + x!.shape.length : axis;
    return [reshaped(x!, [sizeOf(x!.shape.slice(0, place)), sizeOf(x!.shape.slice(place))])];
  },
  Unsqueeze: ([x, axes], at) => [reshaped(x!, unsqueezed(x!.shape, axesOf(axes, at) ?? []))],
  Squeeze: ([x, axes], at) => [reshaped(x!, squeezed(x!.shape, axesOf(axes, at)))],
  Transpose: ([x], at) => [
    transposed(x!, at.has('perm') ? at.numbers('perm') : x!.shape.map((_, d) => x!.shape.length - 1 - d)),
  ],
  'trex:SwapLast': ([x]) => {
    const rank = x!.shape.length;
    return [
      transposed(
        x!,
        x!.shape.map((_, d) => (d < rank - 2 ? d : 2 * rank - 3 - d)),
      ),
    ];
  },
  Slice: (operands, at) => {
    let x = operands[0]!;
    for (const { dim, start, size, step } of cutsOf(x.shape, operands, at))
      x = sliced(x, dim, start, size, step);
    return [x];
  },
  Split: ([x, split], at) => {
    const axis = axisOf(at.number('axis', 0), x!.shape.length);
    const sizes = splitSizes(x!.shape[axis], at.outputs, split, at);
    return sizes.map((size, i) =>
      sliced(
        x!,
        axis,
        sizes.slice(0, i).reduce((s, v) => s + v, 0),
        size,
      ),
    );
  },
  Gather: gather,
  Concat: concat,
  Expand: expand,
  Tile: tile,
  Trilu: trilu,
  CumSum: cumsum,
  Pad: pad,
  MatMul: matmul,
  Gemm: ([a, b, c], at) => {
    const turned = (x: Nd, name: string) => (at.number(name, 0) === 1 ? transposed(x, [1, 0]) : x);
    const [alpha, beta] = [at.number('alpha', 1), at.number('beta', 1)];
    const product = matmul([turned(a!, 'transA'), turned(b!, 'transB')]);
    if (c === undefined) return unary(x => alpha * x)(product, at, 0);
    return binary((x, y) => alpha * x + beta * y)([product[0], c], at, 0);
  },
  ScatterND: scatterNd,
  GatherElements: gatherElements,
  ReduceL1: reduce(
    0,
    (s, x) => s + Math.abs(x),
    s => s,
  ),
  Softmax: softmax,
  Range: ([a, b, c]) => {
    const [start, limit, delta] = [a, b, c].map(one => wholes(one!, 'Range')[0]);
    const count = Math.max(0, Math.ceil((limit - start) / delta));
    if (!(count <= 2 ** 24)) throw onnxProblem(`Range of ${count} values`);
    return [
      values(
        [count],
        Array.from({ length: count }, (_, i) => start + i * delta),
        a!.whole,
      ),
    ];
  },
  ConstantOfShape: ([x], at) => {
    const shape = wholes(x!, 'ConstantOfShape');
    const value = at.has('value') ? at.numbers('value')[0] : 0;
    const whole = at.text('value.type', 'f32') !== 'f32' && at.text('value.type', 'f32') !== 'f16';
    return [
      nd({
        shape,
        whole,
        known: true,
        learned: false,
        data: () => new Float64Array(sizeOf(shape)).fill(value),
      }),
    ];
  },
  EyeLike: ([x], at) => {
    if (at.number('k', 0) !== 0) throw onnxProblem('EyeLike off the diagonal');
    const [rows, columns] = x!.shape;
    return [
      values(
        [rows, columns],
        Array.from({ length: rows * columns }, (_, i) => isOne(i % (columns + 1) === 0)),
      ),
    ];
  },
  Where: ([c, a, b]) => {
    const [condition, x, y] = [c!, a!, b!];
    const shape = broadcastShape(broadcastShape(condition.shape, x.shape), y.shape);
    const all = [condition, x, y];
    const data = () => {
      const out = room(all, sizeOf(shape));
      const places = all.map(one => broadcastIndex(one.shape, shape));
      const [t, left, right] = all.map(one => one.data());
      for (let i = 0; i < out.length; i++)
        out[i] = t[places[0](i)] !== 0 ? left[places[1](i)] : right[places[2](i)];
      return out;
    };
    return [derived(all, shape, data, { whole: x.whole && y.whole })];
  },
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: binary((a, b) => a / b),
  Mod: (operands, at) => {
    const sign = at.number('fmod', 0) === 1 ? Math.trunc : Math.floor;
    return binary((a, b) => a - b * sign(a / b))(operands, at, 0);
  },
  Pow: binary(power),
  Min: (operands, at) => [operands.map(one => one!).reduce((a, b) => binary(Math.min)([a, b], at, 0)[0])],
  Max: (operands, at) => [operands.map(one => one!).reduce((a, b) => binary(Math.max)([a, b], at, 0)[0])],
  Equal: binary((a, b) => isOne(a === b), true),
  Less: binary((a, b) => isOne(a < b), true),
  LessOrEqual: binary((a, b) => isOne(a <= b), true),
  Greater: binary((a, b) => isOne(a > b), true),
  GreaterOrEqual: binary((a, b) => isOne(a >= b), true),
  And: binary((a, b) => isOne(a !== 0 && b !== 0), true),
  Or: binary((a, b) => isOne(a !== 0 || b !== 0), true),
  Xor: binary((a, b) => isOne((a !== 0) !== (b !== 0)), true),
  Not: unary(a => isOne(a === 0), true),
  Neg: unary(a => -a),
  Abs: unary(Math.abs),
  Sign: unary(Math.sign),
  Sqrt: unary(Math.sqrt),
  Reciprocal: unary(a => 1 / a),
  Exp: unary(Math.exp),
  Log: unary(Math.log),
  Erf: unary(erf),
  Tanh: unary(Math.tanh),
  Sigmoid: unary(a => 1 / (1 + Math.exp(-a))),
  Relu: unary(a => Math.max(0, a)),
  Floor: unary(Math.floor),
  Ceil: unary(Math.ceil),
  Round: unary(roundEven),
  HardSigmoid: unary((a, at) =>
    Math.min(1, Math.max(0, at.number('alpha', 0.2) * a + at.number('beta', 0.5))),
  ),
  Softplus: unary(a => Math.log(1 + Math.exp(-Math.abs(a))) + Math.max(a, 0)),
  // Angles are no learned values.
  Sin: ([x], at) => unary(sin)([{ ...x!, learned: false }], at, 0),
  Cos: ([x], at) => unary(cos)([{ ...x!, learned: false }], at, 0),
  LeakyRelu: unary((a, at) => (a < 0 ? at.number('alpha', 0.01) * a : a)),
  Elu: unary((a, at) => (a < 0 ? at.number('alpha', 1) * (Math.exp(a) - 1) : a)),
  Clip: ([x, low, high], at) => {
    const least =
      low === undefined ? at.number('min', Number.NEGATIVE_INFINITY) : (uniform(low) ?? Number.NaN);
    const most =
      high === undefined ? at.number('max', Number.POSITIVE_INFINITY) : (uniform(high) ?? Number.NaN);
    return unary(a => Math.min(most, Math.max(least, a)))([x], at, 0);
  },
  ReduceMean: reduce(
    0,
    (s, x) => s + x,
    (s, n) => s / n,
  ),
  ReduceSum: reduce(
    0,
    (s, x) => s + x,
    s => s,
  ),
  ReduceSumSquare: reduce(
    0,
    (s, x) => s + x * x,
    s => s,
  ),
  ReduceL2: reduce(
    0,
    (s, x) => s + x * x,
    s => Math.sqrt(s),
  ),
  ReduceProd: reduce(
    1,
    (s, x) => s * x,
    s => s,
  ),
  ReduceMax: reduce(Number.NEGATIVE_INFINITY, Math.max, s => s),
  ReduceMin: reduce(Number.POSITIVE_INFINITY, Math.min, s => s),
  DequantizeLinear: dequantised,
};

/** Operators of which all operands must be there, or the first two or three; of others the first. */
const NEEDED: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'Add Sub Mul Div Mod Pow Equal Less LessOrEqual Greater GreaterOrEqual And Or Xor Reshape Gather Expand Tile CumSum MatMul Gemm GatherElements CastLike DequantizeLinear Conv ConvTranspose'
      .split(' ')
      .map(op => [op, 2]),
  ),
  Where: 3,
  Range: 3,
  ScatterND: 3,
  Concat: Number.POSITIVE_INFINITY,
  Min: Number.POSITIVE_INFINITY,
  Max: Number.POSITIVE_INFINITY,
  Einsum: Number.POSITIVE_INFINITY,
};

/** @throws OnnxProblem where an operand is missing */
export function checkOperands(op: string, operands: Operands): void {
  const own = Object.hasOwn(NEEDED, op) ? NEEDED[op] : 1;
  const count = own === Number.POSITIVE_INFINITY ? Math.max(1, operands.length) : own;
  for (let i = 0; i < count; i++) if (operands[i] === undefined) throw onnxProblem(`operand ${i} is missing`);
}

/** What a node makes of constants; undefined where no rule is known for it. */
export function evaluate(node: OnnxNode, operands: Operands, opset: number): Nd[] | undefined {
  const rule = Object.hasOwn(EVALUATE, node.op) ? EVALUATE[node.op] : undefined;
  if (rule !== undefined) checkOperands(node.op, operands);
  return rule?.(operands, attributes(node), opset);
}
