/** Nodes that work value by value: sums, products, functions. */

import { broadcastShape } from './arrays.ts';
import { EVALUATE } from './evaluate.ts';
import { formula, named } from './functions.ts';
import type { OnnxNode } from './graph.ts';
import type { Lowering, Value } from './lowering.ts';
import { type Nd, scalar, uniform } from './nd.ts';
import { attributes } from './node.ts';
import { paired, product, sumOf } from './pairs.ts';
import { onnxProblem } from './problem.ts';
import { shapeOf, taken, type View } from './view.ts';

const NO = attributes({ op: 'Mul', in: [], out: [''] });
/** Arithmetic of two constants. */
const of = (op: 'Mul' | 'Div' | 'Where', ...operands: Nd[]): Nd => EVALUATE[op](operands, NO, 13)[0];

/** Values from here on leave nothing of what they are added to in a softmax. */
export const MASKED = -1e4;

export function add(l: Lowering, node: OnnxNode, sign: 1 | -1): void {
  const [a, b] = [l.operand(node, 0), l.operand(node, 1)];
  if (a.kind === 'view' && b.kind === 'view') {
    l.give(node, sumOf(l, a.view, sign === 1 ? b.view : { ...b.view, factor: -b.view.factor }));
    return;
  }
  const [x, c] = viewFirst(a, b);
  if (sign === 1) l.give(node, plus(l, x, c));
  else if (a.kind === 'view') l.give(node, plus(l, x, c, -1));
  else l.give(node, plus(l, { ...x, factor: -x.factor }, c));
}

export function multiply(l: Lowering, node: OnnxNode): void {
  const [a, b] = [l.operand(node, 0), l.operand(node, 1)];
  if (a.kind === 'view' && b.kind === 'view') {
    l.give(node, product(l, a.view, b.view));
    return;
  }
  const [x, c] = viewFirst(a, b);
  l.give(node, times(l, x, c));
}

export function divide(l: Lowering, node: OnnxNode): void {
  const [a, b] = [l.operand(node, 0), l.operand(node, 1)];
  if (a.kind === 'view' && b.kind === 'constant') {
    l.give(node, times(l, a.view, of('Div', scalar(1), b.nd)));
    return;
  }
  const by = b.kind === 'view' ? b.view : l.view(node, 1);
  if (a.kind === 'constant') {
    l.give(node, times(l, formula(l, by, 'reciprocal'), a.nd));
    return;
  }
  const over = l.view(node, 0);
  const shape = broadcastShape(shapeOf(over), shapeOf(by));
  if (shapeOf(over).join() === shape.join()) l.give(node, paired(l, 'divide', over, by, {}));
  else l.give(node, product(l, over, formula(l, by, 'reciprocal')));
}

function viewFirst(a: Value, b: Value): readonly [View, Nd] {
  if (a.kind === 'view' && b.kind === 'constant') return [a.view, b.nd];
  if (b.kind === 'view' && a.kind === 'constant') return [b.view, a.nd];
  throw onnxProblem('arithmetic on the numbers of words');
}

/** As large as the constant is. */
function grown(l: Lowering, x: View, c: Nd): View {
  const shape = broadcastShape(shapeOf(x), c.shape);
  return shape.join() === shapeOf(x).join() ? x : l.expanded(x, shape);
}

/** x + sign c. */
export function plus(l: Lowering, given: View, c: Nd, sign: 1 | -1 = 1): View {
  const x = grown(l, given, c);
  const same = uniform(c);
  if (same === 0) return x;
  const own = l.ops.settled(x);
  const { rows, rowLength } = l.ops.sizes(own);
  if (same !== undefined) {
    const shape = { rows, rowLength, scale: own.factor, offset: sign * same };
    return { ...own, op: l.ops.b.vector(l.ops.place('offset'), 'scale', [own.op!], shape), factor: 1 };
  }
  const { second, nd } = l.beside(own, c);
  if (own.factor === 1 && second === 'row' && intoBias(l, own, ofHeads(l, own, c) ?? nd, sign)) return own;
  const place = l.ops.place('add');
  l.ops.constants.rows.set(place.id, nd);
  const scale = sign / own.factor;
  const shape = {
    rows,
    rowLength,
    parameters: nd.size,
    ...(scale !== 1 && { scale }),
    ...(second && { second }),
  };
  const at = c.learned ? place : { ...place, buffer: true as const };
  return { ...own, op: l.ops.b.vector(at, 'add', [own.op!], shape) };
}

/** A bias, or the shift of a norm, that stands in a node of its own. */
function intoBias(l: Lowering, { op: id }: View, nd: Nd, sign: number): boolean {
  const { ops } = l;
  if (id === null || sign !== 1 || ops.uses(id) > 0) return false;
  const op = ops.op(id);
  if ((op.kind === 'static' || op.kind === 'grouped') && !op.bias) {
    const known = ops.constants.linear.get(op.weightId)!;
    ops.constants.linear.set(op.weightId, { ...known, bias: nd });
    ops.replace(id, { ...op, bias: true });
    return true;
  }
  const norm = ops.constants.norm.get(id);
  if (op.kind !== 'vector' || op.fn !== 'layernorm' || norm === undefined || op.rowLength !== nd.size)
    return false;
  if (uniform(norm.shift) !== 0 || norm.shift.learned) return false;
  ops.constants.norm.set(id, { ...norm, shift: nd });
  ops.replace(id, { ...op, parameters: op.parameters + (nd.learned ? nd.size : 0) });
  return true;
}

/** x times c. */
export function times(l: Lowering, given: View, c: Nd): View {
  const x = grown(l, given, c);
  const same = uniform(c);
  if (same !== undefined) return { ...x, factor: x.factor * same };
  const own = l.ops.settled(x);
  const { rows, rowLength } = l.ops.sizes(own);
  const { second, nd } = l.beside(own, c);
  if (second === 'row' && intoGain(l, own, ofHeads(l, own, c) ?? nd)) return own;
  const place = l.ops.place('multiply');
  l.ops.constants.rows.set(place.id, nd);
  const at = c.learned ? place : { ...place, buffer: true as const };
  const shape = { rows, rowLength, parameters: nd.size, ...(second && { second }) };
  return { ...own, op: l.ops.b.vector(at, 'multiply', [own.op!], shape) };
}

/** A row that is the same for all heads, of which each has been normed; undefined for another. */
function ofHeads(l: Lowering, { op: id, dims, columns }: View, c: Nd): Nd | undefined {
  const op = id === null ? undefined : l.ops.op(id);
  const inner = dims[dims.length - 1] ?? [];
  if (op?.kind !== 'vector' || op.batch === 1 || c.size !== op.rowLength) return undefined;
  const isLast = c.shape[c.shape.length - 1] === c.size && taken(inner) === c.size;
  return isLast && inner.every((a, i) => a === columns[columns.length - inner.length + i]) ? c : undefined;
}

function intoGain(l: Lowering, { op: id, factor }: View, nd: Nd): boolean {
  const { ops } = l;
  if (id === null || factor !== 1 || ops.uses(id) > 0) return false;
  const op = ops.op(id);
  if (op.kind !== 'vector' || op.rowLength !== nd.size) return false;
  if (op.fn === 'layernorm') {
    const norm = ops.constants.norm.get(id)!;
    if (uniform(norm.gain) !== 1 || norm.gain.learned || uniform(norm.shift) !== 0 || norm.shift.learned)
      return false;
    ops.constants.norm.set(id, { ...norm, gain: nd });
    ops.replace(id, { ...op, parameters: op.parameters + (nd.learned ? nd.size : 0) });
    return true;
  }
  if (op.fn !== 'rmsnorm') return false;
  const gain = ops.constants.rows.get(id)!;
  if (uniform(gain) !== 1 || gain.learned) return false;
  ops.constants.rows.set(id, nd);
  const { buffer, ...rest } = op;
  ops.replace(id, nd.learned ? rest : op);
  return true;
}

/** Where a constant says which of two values is taken. */
export function where(l: Lowering, node: OnnxNode): void {
  const condition = l.known(node, 0);
  const [a, b] = [l.operand(node, 1), l.operand(node, 2)];
  const one = scalar(1);
  const zero = scalar(0);
  const yes = of('Where', condition, one, zero);
  const no = of('Where', condition, zero, one);
  if (a.kind === 'view' && b.kind === 'view') {
    l.give(node, sumOf(l, times(l, a.view, yes), times(l, b.view, no)));
    return;
  }
  const [x, c] = viewFirst(a, b);
  const keep = a.kind === 'view' ? yes : no;
  const value = uniform(c);
  // What a softmax does not see may keep what it was.
  const kept = value !== undefined && value <= MASKED ? x : times(l, x, keep);
  const filled = a.kind === 'view' ? of('Where', condition, zero, c) : of('Where', condition, c, zero);
  l.give(node, plus(l, kept, { ...filled, learned: false }));
}

export function power(l: Lowering, node: OnnxNode): void {
  const exponent = uniform(l.known(node, 1));
  const x = l.view(node);
  if (exponent === undefined) throw onnxProblem('Pow with exponents that differ');
  if (exponent === 1) l.give(node, x);
  else if (exponent === 2) l.give(node, product(l, x, x));
  else if (exponent === 3) l.give(node, product(l, product(l, x, x), x));
  else if (exponent === 0.5) l.give(node, formula(l, x, 'sqrt'));
  else if (exponent === -1) l.give(node, formula(l, x, 'reciprocal'));
  else l.give(node, formula(l, x, 'power', [exponent]));
}

/** To whole numbers by leaving out what stands behind the point; floats of other widths are float32 here. */
export function cast(l: Lowering, node: OnnxNode): void {
  const to = l.attributes(node).number('to');
  const value = l.operand(node, 0);
  if (value.kind !== 'view' || [1, 10, 11, 16].includes(to)) {
    l.values.set(node.out[0], value);
    return;
  }
  if (to === 9) throw onnxProblem('truth values of activations');
  l.give(node, formula(l, value.view, 'trunc'));
}

/** A slope below zero, for each channel. */
export function prelu(l: Lowering, node: OnnxNode): void {
  const x = l.view(node);
  const slope = l.known(node, 1);
  const same = uniform(slope);
  if (same !== undefined) {
    l.give(node, formula(l, x, 'leaky', [same]));
    return;
  }
  const below = named(l, { ...x, factor: -x.factor }, 'relu');
  l.give(node, sumOf(l, named(l, x, 'relu'), times(l, { ...below, factor: -below.factor }, slope)));
}

/** Clip, and Min or Max with a constant. */
export function clip(l: Lowering, node: OnnxNode): void {
  const at = l.attributes(node);
  const bound = (place: number, name: string, none: number): number => {
    const c = l.constant(node, place);
    const value = c === undefined ? at.number(name, none) : uniform(c);
    if (value === undefined) throw onnxProblem(`${name} differs from value to value`);
    return value;
  };
  const least = bound(1, 'min', -FLOAT_MAX);
  const most = bound(2, 'max', FLOAT_MAX);
  const x = l.view(node);
  l.give(node, least === 0 && most >= FLOAT_MAX ? named(l, x, 'relu') : formula(l, x, 'clip', [least, most]));
}

const FLOAT_MAX = 3.4028234663852886e38;

export function extreme(l: Lowering, node: OnnxNode, which: 'Min' | 'Max'): void {
  if (node.in.length !== 2) throw onnxProblem(`${which} of ${node.in.length} operands`);
  const [a, b] = [l.operand(node, 0), l.operand(node, 1)];
  const [x, c] = viewFirst(a, b);
  const value = uniform(c);
  if (value === undefined) throw onnxProblem(`${which} with a constant that differs from value to value`);
  const range = which === 'Max' ? [value, FLOAT_MAX] : [-FLOAT_MAX, value];
  l.give(node, formula(l, x, 'clip', range));
}
