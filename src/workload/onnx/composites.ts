/**
 * Functions and norms that exporters write as several nodes. Whatever the order of their steps, a region of nodes between one
 * value and another is what it computes: it is tried on numbers, and is a GELU where it gives what a GELU gives.
 */
import { gelu } from '../functions/gelu.ts';
import { evaluate } from './evaluate.ts';
import type { OnnxNode } from './graph.ts';
import type { Lowering } from './lowering.ts';
import { type Nd, uniform, values } from './nd.ts';
import { rms, standardise } from './norm.ts';
import { named } from './pointwise.ts';
import { OnnxProblem } from './problem.ts';
import { shapeOf, type View } from './view.ts';

/** Steps of a region, and what it must hold at least one of. */
const STEPS = new Set([
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Pow',
  'Erf',
  'Tanh',
  'Sigmoid',
  'Exp',
  'Sqrt',
  'Reciprocal',
  'Neg',
  'Relu',
  'Clip',
  'HardSigmoid',
  'ReduceMean',
  'ReduceSum',
  'Cast',
  'Identity',
  'Min',
  'Max',
]);
const ANCHORS = new Set(['Erf', 'Tanh', 'Sigmoid', 'HardSigmoid', 'Clip', 'Relu', 'ReduceMean', 'Exp']);
/** The last step. */
const ENDS = new Set(['Mul', 'Div']);
const MOST_STEPS = 24;

const geluTanh = (x: number): number =>
  0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

type Shape = (l: Lowering, x: View) => View;

/** Functions of single values. */
const FUNCTIONS: readonly { readonly f: (x: number) => number; readonly make: Shape }[] = [
  { f: gelu, make: (l, x) => named(l, x, 'gelu') },
  { f: geluTanh, make: (l, x) => named(l, x, 'gelu', { approximate: 'tanh' }) },
  { f: x => x * sigmoid(x), make: (l, x) => named(l, x, 'swish') },
  { f: x => x * sigmoid(1.702 * x), make: (l, x) => named(l, x, 'swish', { scale: 1.702 }) },
  { f: x => (x * Math.min(6, Math.max(0, x + 3))) / 6, make: (l, x) => named(l, x, 'hardswish') },
];

/** Agreement in float32. */
const CLOSE = 2e-6;

interface Region {
  readonly nodes: readonly OnnxNode[];
  readonly source: string;
}

/** The composite that ends with a node; undefined where it is none. */
export function composite(l: Lowering, node: OnnxNode): View | undefined {
  if (!ENDS.has(node.op)) return undefined;
  let make: (() => View) | undefined;
  // The largest region: a norm about the mean holds one about zero.
  for (const region of regions(l, node)) {
    const x = l.values.get(region.source);
    if (x?.kind === 'view') make = matched(l, region, x.view, node) ?? make;
  }
  return make?.();
}

/** Regions back from a node that read one value, smaller ones first. */
function* regions(l: Lowering, end: OnnxNode): Generator<Region> {
  const order = l.order;
  const nodes = [end];
  const frontier = new Set<string>();
  const read = (node: OnnxNode): void => {
    for (const name of node.in)
      if (name !== '' && l.values.get(name)?.kind !== 'constant') frontier.add(name);
  };
  read(end);
  for (let step = 0; step < MOST_STEPS; step++) {
    if (frontier.size === 1 && nodes.some(({ op }) => ANCHORS.has(op)))
      yield { nodes: [...nodes].reverse(), source: [...frontier][0] };
    // The value that was made last is opened next.
    let latest: string | undefined;
    for (const name of frontier)
      if (latest === undefined || (order.get(name) ?? -1) > (order.get(latest) ?? -1)) latest = name;
    const producer = latest === undefined ? undefined : l.producers.get(latest);
    if (latest === undefined || producer === undefined || !STEPS.has(producer.op)) return;
    frontier.delete(latest);
    nodes.push(producer);
    read(producer);
  }
}

function matched(l: Lowering, { nodes, source }: Region, x: View, end: OnnxNode): (() => View) | undefined {
  const shape = shapeOf(x);
  if (shape.length === 0 || shape[shape.length - 1] < 2) return undefined;
  const width = shape[shape.length - 1];
  const rows = nodes.some(({ op }) => op.startsWith('Reduce'));
  const sample = samples(shape.length, rows ? width : 64);
  const got = tried(l, nodes, source, sample, end);
  if (got === undefined || got.size !== sample.size) return undefined;
  const from = sample.data();
  const to = got.data();
  const gives = (f: (i: number) => number): boolean =>
    to.every((value, i) => Math.abs(value - f(i)) <= CLOSE * Math.max(1, Math.abs(value)));
  if (!rows) {
    const found = FUNCTIONS.find(({ f }) => gives(i => f(from[i])));
    return found && (() => found.make(l, x));
  }
  const mean = sumOf(from, x => x) / width;
  const squares = (about: number): number => sumOf(from, x => (x - about) * (x - about)) / width;
  for (const eps of epsilons(l, nodes)) {
    const [norm, root] = [Math.sqrt(squares(mean) + eps), Math.sqrt(squares(0) + eps)];
    if (gives(i => (from[i] - mean) / norm)) return () => standardise(l, x, shape.length - 1, eps);
    if (gives(i => from[i] / root)) return () => rms(l, x, shape.length - 1, eps);
  }
  return undefined;
}

/** Numbers on both sides of zero, that no rule made even. */
function samples(rank: number, width: number): Nd {
  const shape = [...new Array<number>(rank - 1).fill(1), width];
  let state = 12345;
  const list = Array.from({ length: width }, () => {
    state = (state * 16807) % 2147483647;
    return (state / 2147483647) * 9 - 4;
  });
  return values(shape, list);
}

/** Constants that are added: an epsilon is one of them. */
function epsilons(l: Lowering, nodes: readonly OnnxNode[]): number[] {
  const found = nodes
    .filter(({ op }) => op === 'Add')
    .flatMap(node => node.in)
    .map(name => l.values.get(name))
    .flatMap(value => (value?.kind === 'constant' ? (uniform(value.nd) ?? []) : []));
  return [...found, 0];
}

/** What the region makes of numbers; undefined where constants of it are not single known numbers. */
function tried(
  l: Lowering,
  nodes: readonly OnnxNode[],
  source: string,
  sample: Nd,
  end: OnnxNode,
): Nd | undefined {
  const own = new Map<string, Nd>([[source, sample]]);
  const operand = (name: string): Nd | undefined => {
    if (name === '') return undefined;
    const known = own.get(name);
    if (known !== undefined) return known;
    const value = l.values.get(name);
    if (value?.kind !== 'constant' || !value.nd.known || (value.nd.size > 1 && !value.nd.whole))
      throw new OnnxProblem('');
    return value.nd;
  };
  const sorted = [...nodes].sort((a, b) => (l.order.get(a.out[0]) ?? 0) - (l.order.get(b.out[0]) ?? 0));
  try {
    for (const node of sorted) {
      if (own.has(node.out[0])) continue;
      const made = evaluate(node, node.in.map(operand), l.graph.opset);
      if (made === undefined) return undefined;
      own.set(node.out[0], made[0]);
    }
  } catch (error) {
    if (error instanceof OnnxProblem) return undefined;
    throw error;
  }
  return own.get(end.out[0]);
}

function sumOf(list: ArrayLike<number>, f: (x: number) => number): number {
  let sum = 0;
  for (let i = 0; i < list.length; i++) sum += f(list[i]);
  return sum;
}
