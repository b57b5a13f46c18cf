/** A whole ONNX graph as ops: constants are folded, functions and norms are found, everything else goes node by node. */

import { TrexError } from '../../base/errors.ts';
import { graphProblems } from '../check.ts';
import { macs } from '../count.ts';
import type { Op } from '../op.ts';
import { composite } from './composites.ts';
import { evaluate } from './evaluate.ts';
import { foreign } from './foreign.ts';
import { opened } from './fused.ts';
import { isWholeType, type OnnxGraph, type OnnxNode, type OnnxTensor, toNumber } from './graph.ts';
import { type InputSizes, type NetworkInput, networkInput, readInputs } from './inputs.ts';
import { Lowering, type Value } from './lowering.ts';
import { allSources, type Nd, nd, sizeOf } from './nd.ts';
import { checkAsked } from './node.ts';
import { NODES } from './nodes.ts';
import type { Constants } from './ops.ts';
import { tableRows } from './own-nodes.ts';
import { MASKED } from './pointwise.ts';
import { OnnxProblem, onnxProblem } from './problem.ts';

/** The values of stored tensors, rounded to float32. */
export type TensorSource = (name: string) => Float32Array;

export interface LowerOptions extends InputSizes {
  /** The output that is read; absent: the first. */
  readonly output?: string | undefined;
  readonly source?: TensorSource | undefined;
  /** What becomes of operators that no op of ours stands for. */
  readonly unsupported?: 'refuse' | 'vector' | undefined;
}

export interface Lowered {
  readonly input: NetworkInput;
  /** The last one gives the network's output. */
  readonly ops: readonly Op[];
  readonly constants: Constants;
  /** Of the output, without the batch. */
  readonly shape: readonly number[];
  /** Learned values of the file that the output depends on. */
  readonly parameters: number;
}

/** @throws OnnxProblem for a graph that is broken, or that our ops cannot express. */
export function lower(given: OnnxGraph, options: LowerOptions): Lowered {
  const input = networkInput(given, options);
  const graph = opened(given);
  const output = options.output ?? graph.outputs[0];
  if (output === undefined || !graph.outputs.includes(output))
    throw onnxProblem(`no output ${output ?? ''}: known: ${graph.outputs.join(', ')}`);
  const l = new Lowering(graph);
  for (const tensor of graph.tensors)
    l.values.set(tensor.name, { kind: 'constant', nd: stored(tensor, options.source) });
  readInputs(l, input);
  const needed = neededNodes(graph, output);
  const strangers: Stranger[] = [];
  for (const node of needed) {
    for (const [place, name] of node.out.entries()) {
      l.order.set(name, l.order.size);
      if (place === 0) l.producers.set(name, node);
    }
    lowerNode(l, node, strangers);
  }
  const end = l.value(output);
  if (end.kind !== 'view') throw onnxProblem(`output ${output} does not depend on the input`);
  const shape = l.shape(end);
  const view = l.ops.unscaled(l.ops.plainOrder(end.view, Math.max(1, shape.length - 1)));
  const ops = alive(l.ops.b.ops, view.op!);
  const [broken] = graphProblems(ops);
  if (broken !== undefined) throw onnxProblem(`its sizes make no sense (${broken})`);
  if (options.unsupported !== 'vector' && strangers.length > 0) throw refusal(strangers, ops);
  const { constants } = l.ops;
  return { input, ops, constants, shape: shape.slice(1), parameters: learnedOf(ops, constants) };
}

/** Each array of the file once, with all of its rows. */
function learnedOf(ops: readonly Op[], { linear, norm, rows }: Constants): number {
  const arrays = ops.flatMap(op => {
    const known = op.kind === 'static' || op.kind === 'grouped' ? linear.get(op.weightId) : undefined;
    const own = norm.get(op.id);
    return [known?.weight, known?.bias, own?.gain, own?.shift, rows.get(op.id)];
  });
  let sum = 0;
  for (const size of allSources(arrays).values()) sum += size;
  return sum;
}

function stored({ name, type, shape, values }: OnnxTensor, source: TensorSource | undefined): Nd {
  const whole = isWholeType(type);
  const size = sizeOf(shape);
  const numbers = values && Float64Array.from(values, toNumber);
  const learned = !whole && size > 1 && !(numbers !== undefined && isMask(numbers));
  const sources = learned ? new Map([[name, size]]) : undefined;
  if (numbers !== undefined)
    return nd({ shape, whole, known: true, learned, key: name, sources, data: () => numbers });
  const data = (): Float32Array => {
    if (source === undefined) throw onnxProblem(`the values of ${name} are needed to build the network`);
    return source(name);
  };
  return nd({ shape, whole, known: false, learned, key: name, sources, data });
}

/** It says what counts, by 0 and 1 or by 0 and minus infinity: no network learns that. */
function isMask(numbers: Float64Array): boolean {
  const kinds = new Set(numbers);
  if (kinds.size !== 2 || !kinds.has(0)) return false;
  return kinds.has(1) || [...kinds].some(value => value <= MASKED);
}

/** The nodes that the output depends on, in order. @throws OnnxProblem for cycles and values that nothing gives */
function neededNodes({ nodes, tensors, inputs }: OnnxGraph, output: string): OnnxNode[] {
  const given = new Set([...tensors.map(t => t.name), ...inputs.map(i => i.name)]);
  const made = new Map<string, number>();
  for (const [i, { out }] of nodes.entries())
    for (const name of out) {
      if (name === '') continue;
      if (given.has(name) || made.has(name)) throw onnxProblem(`two nodes give ${name}`);
      made.set(name, i);
    }
  const wanted = new Set<number>();
  const queue = [output];
  while (queue.length > 0) {
    const name = queue.pop()!;
    if (name === '' || given.has(name)) continue;
    const i = made.get(name);
    if (i === undefined) throw onnxProblem(`nothing gives ${name}`);
    if (wanted.has(i)) continue;
    wanted.add(i);
    queue.push(...nodes[i].in);
  }
  const sorted: OnnxNode[] = [];
  const there = new Set(given);
  let left = [...wanted].sort((a, b) => a - b).map(i => nodes[i]);
  while (left.length > 0) {
    // Files are sorted: one turn is enough, unless there is a circle.
    const later: OnnxNode[] = [];
    for (const node of left)
      if (node.in.every(name => name === '' || there.has(name))) {
        sorted.push(node);
        for (const name of node.out) there.add(name);
      } else later.push(node);
    if (later.length === left.length)
      throw onnxProblem(`${later[0].name ?? later[0].op} depends on itself: the graph has a circle`);
    left = later;
  }
  return sorted;
}

/** An operator that a digital unit has to compute, and why. */
interface Stranger {
  readonly op: string;
  readonly macs: number;
  readonly why: string;
}

/** All of them, with their share of the work. */
function refusal(strangers: readonly Stranger[], ops: readonly Op[]): OnnxProblem {
  const total = ops.reduce((sum, op) => sum + macs(op), 0);
  const kinds = new Map<string, Stranger & { readonly count: number }>();
  for (const one of strangers) {
    const before = kinds.get(one.op);
    kinds.set(one.op, { ...one, macs: one.macs + (before?.macs ?? 0), count: 1 + (before?.count ?? 0) });
  }
  const share = (part: number): string =>
    `${total === 0 ? 0 : Number(((100 * part) / total).toPrecision(3))} % of MACs`;
  const list = [...kinds.values()].map(
    ({ op, macs: own, why, count }) => `${count} ${op} (${share(own)}: ${why})`,
  );
  return onnxProblem(
    `operators that have no place on this chip: ${list.join(', ')}; model.unsupported=vector runs them on the vector unit`,
  );
}

function lowerNode(l: Lowering, node: OnnxNode, strangers: Stranger[]): void {
  l.ops.stem = stemOf(node);
  try {
    const operands = node.in.map((name): Value | undefined => (name === '' ? undefined : l.value(name)));
    const folded = node.op === 'trex:Rows' ? tableRows(l, node) : constantOutputs(l, node, operands);
    if (folded !== undefined) {
      for (const [i, value] of folded.entries())
        if (node.out[i] !== undefined) l.values.set(node.out[i], { kind: 'constant', nd: value });
      checkAsked(node);
      return;
    }
    const found = composite(l, node);
    if (found !== undefined) {
      l.give(node, found);
      return;
    }
    if (idsPass(l, node, operands)) return;
    const rule = Object.hasOwn(NODES, node.op) ? NODES[node.op] : undefined;
    const why = tryRule(l, node, rule);
    if (why !== undefined) strangers.push({ ...byDigitalUnit(l, node, why), why });
    checkAsked(node);
  } catch (error) {
    if (!(error instanceof OnnxProblem) && error instanceof TrexError) throw error;
    const name = node.name === undefined ? '' : ` ${node.name.slice(0, 80)}`;
    throw onnxProblem(`${node.op.slice(0, 80)}${name}: ${told(error)}`);
  }
}

/** @throws OnnxProblem that says why it is no op of ours, where nobody knows its arithmetic either */
function byDigitalUnit(l: Lowering, node: OnnxNode, why: string): Omit<Stranger, 'why'> {
  try {
    return foreign(l, node, why);
  } catch (error) {
    throw error instanceof OnnxProblem ? onnxProblem(why) : error;
  }
}

/** Why a node cannot become ops of ours; undefined where it has. */
function tryRule(
  l: Lowering,
  node: OnnxNode,
  rule: ((l: Lowering, node: OnnxNode) => void) | undefined,
): string | undefined {
  if (rule === undefined) return 'not supported';
  try {
    rule(l, node);
    return undefined;
  } catch (error) {
    return told(error);
  }
}

/** Damaged sizes and attributes come to light wherever they are first used. */
const told = (error: unknown): string =>
  error instanceof OnnxProblem
    ? error.message
    : `its sizes or attributes make no sense (${(error as Error).message})`;

/** What a node gives where it depends on constants alone, or on shapes. */
function constantOutputs(
  l: Lowering,
  node: OnnxNode,
  operands: readonly (Value | undefined)[],
): Nd[] | undefined {
  if (node.op === 'Shape' || node.op === 'Size') {
    const [x] = operands;
    if (x === undefined) throw onnxProblem('operand 0 is missing');
    const shape = l.shape(x);
    return evaluate(
      node,
      [nd({ shape, whole: true, known: false, learned: false, data: () => new Float32Array(0) })],
      l.graph.opset,
    );
  }
  if (operands.some(value => value !== undefined && value.kind !== 'constant')) return undefined;
  const constants = operands.map(value => (value?.kind === 'constant' ? value.nd : undefined));
  const made = evaluate(node, constants, l.graph.opset);
  if (made === undefined) throw onnxProblem('is not supported on constants');
  return made;
}

/** The numbers of words go through conversions as they are; none of them is padding, which is cut off before. */
function idsPass(l: Lowering, node: OnnxNode, operands: readonly (Value | undefined)[]): boolean {
  const ids = operands.find(value => value?.kind === 'ids');
  if (ids?.kind !== 'ids') return false;
  if (['Cast', 'Identity'].includes(node.op)) l.values.set(node.out[0], ids);
  else if (['Reshape', 'Unsqueeze', 'Squeeze', 'Flatten'].includes(node.op)) {
    const { shape } = ids;
    const like = nd({ shape, whole: true, known: false, learned: false, data: () => new Float32Array(0) });
    const made = evaluate(
      node,
      operands.map((v, i) => (i === 0 ? like : v?.kind === 'constant' ? v.nd : undefined)),
      l.graph.opset,
    );
    l.values.set(node.out[0], { ...ids, shape: made![0].shape });
  } else if (['Equal', 'Not'].includes(node.op)) {
    const data = () => new Float64Array(sizeOf(ids.shape));
    l.values.set(node.out[0], {
      kind: 'constant',
      nd: nd({ shape: ids.shape, whole: true, known: true, learned: false, data }),
    });
  } else return false;
  return true;
}

/** The name of a node as part of the names of its ops. */
function stemOf({ name, op, out }: OnnxNode): string {
  const text = (name ?? `${op}_${out[0]}`).replace(/[^a-zA-Z0-9_]+/g, '.').replace(/^\.+|\.+$/g, '');
  return text === '' ? op : text.slice(-80).replace(/^\.+/, '');
}

/** Ops that the output needs; it stands last. */
export function alive(ops: readonly Op[], output: string): Op[] {
  const byId = new Map(ops.map(op => [op.id, op]));
  const needed = new Set<string>();
  const queue = [output];
  while (queue.length > 0) {
    const id = queue.pop()!;
    if (needed.has(id)) continue;
    needed.add(id);
    for (const dep of byId.get(id)!.deps) queue.push(dep.op);
  }
  const rest = ops.filter(op => needed.has(op.id) && op.id !== output);
  return [...rest, byId.get(output)!];
}
