/** From ONNX nodes to our ops: the values that are there so far, and what every kind of node needs of them. */

import { broadcastShape, EVALUATE, reshaped, transposed } from './evaluate.ts';
import type { OnnxGraph, OnnxNode } from './graph.ts';
import { derived, type Nd, sizeOf } from './nd.ts';
import { type Attributes, attributes } from './node.ts';
import { OpList } from './ops.ts';
import { onnxProblem } from './problem.ts';
import { type Atom, aligned, atom, shapeOf, stored, taken, type View } from './view.ts';

/** A constant, activations, or the numbers of words and segments that a text network reads. */
export type Value =
  | { readonly kind: 'constant'; readonly nd: Nd }
  | { readonly kind: 'view'; readonly view: View }
  | { readonly kind: 'ids'; readonly table: 'words' | 'types'; readonly shape: readonly number[] };

export class Lowering {
  readonly graph: OnnxGraph;
  readonly ops = new OpList();
  readonly values = new Map<string, Value>();
  /** How many nodes and outputs read a value. */
  readonly readers = new Map<string, number>();
  /** By the value that they give. */
  readonly producers = new Map<string, OnnxNode>();

  /** When a value was made. */
  readonly order = new Map<string, number>();

  constructor(graph: OnnxGraph) {
    this.graph = graph;
  }

  value(name: string): Value {
    const value = this.values.get(name);
    if (value === undefined) throw onnxProblem(`${name} is read before any node gives it`);
    return value;
  }

  optional(node: OnnxNode, place: number): Value | undefined {
    const name = node.in[place];
    return name === undefined || name === '' ? undefined : this.value(name);
  }

  operand(node: OnnxNode, place: number): Value {
    const value = this.optional(node, place);
    if (value === undefined) throw onnxProblem(`operand ${place} is missing`);
    return value;
  }

  /** @throws OnnxProblem for activations */
  constant(node: OnnxNode, place: number): Nd | undefined {
    const value = this.optional(node, place);
    if (value === undefined) return undefined;
    if (value.kind !== 'constant') throw onnxProblem(`operand ${place} must be a constant`);
    return value.nd;
  }

  /** @throws OnnxProblem for activations, and where it is left out */
  known(node: OnnxNode, place: number): Nd {
    const nd = this.constant(node, place);
    if (nd === undefined) throw onnxProblem(`operand ${place} is missing`);
    return nd;
  }

  /** @throws OnnxProblem for anything but activations */
  view(node: OnnxNode, place = 0): View {
    const value = this.operand(node, place);
    if (value.kind === 'view') return value.view;
    throw onnxProblem(
      value.kind === 'ids' ? 'arithmetic on the numbers of words' : `operand ${place} must not be a constant`,
    );
  }

  give(node: OnnxNode, view: View, place = 0): void {
    this.values.set(node.out[place], { kind: 'view', view });
  }

  attributes(node: OnnxNode): Attributes {
    return attributes(node);
  }

  shape(value: Value): readonly number[] {
    if (value.kind === 'constant') return value.nd.shape;
    return value.kind === 'ids' ? value.shape : shapeOf(value.view);
  }

  /** One row, or a row for each row, of a constant beside a settled view of the same tensor. */
  beside(view: View, c: Nd): { readonly second?: 'row'; readonly nd: Nd } {
    const shape = shapeOf(view);
    const rank = shape.length;
    const padded = [...new Array<number>(Math.max(0, rank - c.shape.length)).fill(1), ...c.shape];
    if (padded.length > rank || padded.some((dim, d) => dim !== 1 && dim !== shape[d]))
      throw onnxProblem(`a constant of [${c.shape.join(', ')}] beside [${shape.join(', ')}]`);
    const full = view.dims.map((atoms, d) => (padded[d] === 1 ? [] : atoms));
    const own = full.flat();
    const inRows = view.rows.some(a => own.includes(a));
    const order = [...(inRows ? view.rows : []), ...view.columns];
    // Own atoms in the order of the tensor, then in the order of the matrix, with room for the others.
    const there = order.filter(a => own.includes(a));
    const array = transposed(
      reshaped(
        c,
        own.map(a => a.size),
      ),
      there.map(a => own.indexOf(a)),
    );
    const sizes = order.map(a => a.of);
    const whole = expandedTo(
      array,
      order.map(a => own.includes(a)),
      sizes,
    );
    return inRows ? { nd: whole } : { second: 'row', nd: whole };
  }

  /** The tensor with dimensions of 1 repeated. */
  expanded(view: View, shape: readonly number[]): View {
    const own = shapeOf(view);
    if (broadcastShape(own, shape).join() !== shape.join())
      throw onnxProblem(`[${own.join(', ')}] cannot become [${shape.join(', ')}]`);
    const lead = shape.length - own.length;
    const more: Atom[] = [];
    const dims = shape.map((size, d) => {
      const old = view.dims[d - lead];
      if (d >= lead && taken(old) === size) return old;
      if (size === 1) return [];
      const repeat = atom(size);
      more.push(repeat);
      return [repeat];
    });
    if (more.length === 0) return { ...view, dims };
    const copies = taken(more);
    if (copies > MOST_COPIES)
      throw onnxProblem(`${copies} copies of [${own.join(', ')}] are more than ${MOST_COPIES}`);
    const { rows, columns, op } = this.ops.settled(view);
    const part = { rows: stored(rows), columns: stored(columns) };
    const size = part.rows * part.columns;
    const settled = this.ops.settled(view);
    const fresh = dims.map((atoms, d) =>
      atoms.some(a => more.includes(a)) ? atoms : (settled.dims[d - lead] ?? []),
    );
    const id = this.ops.layout(new Array<string>(copies).fill(op!), {
      parts: new Array<typeof part>(copies).fill(part),
      join: 'rows',
      dims: [copies, size],
      axes: [0, 1],
      rows: copies * part.rows,
      columns: part.columns,
    });
    return { op: id, rows: [...more, ...rows], columns, dims: fresh, factor: view.factor };
  }

  /** Two views of one shape in one order of matrix: the first one's. */
  together(a: View, b: View): readonly [View, View] {
    const first = this.ops.settled(a);
    let pair = aligned(first, b);
    if (pair === undefined) {
      const plain = (view: View): View => {
        const { op, factor } = this.ops.plainOrder(view, view.dims.length - 1);
        const shape = shapeOf(view);
        const dims = shape.map(size => (size > 1 ? [atom(size)] : []));
        return { op, rows: dims.slice(0, -1).flat(), columns: dims.slice(-1).flat(), dims, factor };
      };
      pair = aligned(plain(a), plain(b))!;
    }
    const [x, y] = pair;
    const places = new Map<Atom, Atom>();
    const mine = x.dims.flat();
    y.dims.flat().forEach((other, i) => {
      places.set(mine[i], other);
    });
    const list = (atoms: readonly Atom[]) =>
      atoms.filter(own => places.has(own)).map(own => places.get(own)!);
    return [x, this.ops.arrange(y, list(x.rows), list(x.columns))];
  }
}

const MOST_COPIES = 4096;

/** An array that has a dimension for each `has`, repeated over the others. */
function expandedTo(array: Nd, has: readonly boolean[], sizes: readonly number[]): Nd {
  const own = [...array.shape];
  const ones = has.map(there => (there ? own.shift()! : 1));
  const size = sizeOf(sizes);
  const flat = reshaped(array, ones);
  if (array.size === size) return reshaped(flat, [size]);
  const [whole] = EVALUATE.Expand(
    [flat, derived([], [sizes.length], () => Float64Array.from(sizes), { whole: true })],
    attributes({ op: 'Expand', in: [], out: [''] }),
    13,
  );
  return reshaped(whole, [size]);
}
