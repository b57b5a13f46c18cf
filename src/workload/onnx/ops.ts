/** Ops for ONNX nodes: what a lowering has added so far, the constants that belong to them, and matrices brought into the order that an op reads. */
import { GraphBuilder, type Place } from '../builder.ts';
import { outputShape } from '../check.ts';
import type { LayoutOp, Op, StaticOp } from '../op.ts';
import { type Nd, sizeOf } from './nd.ts';
import { onnxProblem } from './problem.ts';
import { type Atom, inOrder, isCut, shapeOf, stored, taken, type View } from './view.ts';

/** Far above any network. */
const MOST_OPS = 2 ** 15;
/** Each row is simulated; as a list of layers has them. */
const MOST_ROWS = 2 ** 20;
const MOST_COLUMNS = 2 ** 20;

/** What an op has learned, row-major. */
export interface Constants {
  /** By weightId: in x out (of a grouped op taps x outputs), and a value for each output. */
  readonly linear: Map<string, { readonly weight: Nd; readonly bias: Nd | undefined }>;
  /** By op id: one value a column. */
  readonly norm: Map<string, { readonly gain: Nd; readonly shift: Nd }>;
  /** By op id. */
  readonly rows: Map<string, Nd>;
}

export class OpList {
  readonly b = new GraphBuilder();
  readonly constants: Constants = { linear: new Map(), norm: new Map(), rows: new Map() };
  readonly #names = new Map<string, number>();
  readonly #known = new Map<string, string>();
  readonly #places = new Map<string, number>();
  readonly #uses = new Map<string, number>();
  #seen = 0;
  /** The node that is being lowered: its ops bear its name. */
  stem = 'op';

  /** Of the op that is added next. */
  place(name = ''): Place {
    const base = [this.stem, name].filter(part => part !== '').join('.');
    const count = this.#names.get(base) ?? 0;
    this.#names.set(base, count + 1);
    if (this.b.ops.length > MOST_OPS) throw onnxProblem(`more than ${MOST_OPS} operations`);
    return { id: count === 0 ? base : `${base}.${count}`, stage: 'mlp', encoder: null };
  }

  op(id: string): Op {
    const at = this.#placeOf(id);
    if (at === undefined) throw new Error(`no op ${id}`);
    return this.b.ops[at];
  }

  /** Brings what is known of the list up to date. */
  #placeOf(id: string): number | undefined {
    const { ops } = this.b;
    for (; this.#seen < ops.length; this.#seen++) {
      const op = ops[this.#seen];
      this.#places.set(op.id, this.#seen);
      for (const dep of op.deps) this.#uses.set(dep.op, (this.#uses.get(dep.op) ?? 0) + 1);
    }
    return this.#places.get(id);
  }

  /** Puts another op in the place of one. */
  replace(id: string, op: Op): void {
    this.b.ops[this.#placeOf(id)!] = op;
  }

  /** A matrix and its bias, by the op that it is for. */
  holds(place: Place, weight: Nd, bias?: Nd): Place {
    this.constants.linear.set(place.id, { weight, bias });
    return place;
  }

  /** Nothing has to move for this order. */
  lies(view: View, rows: readonly Atom[], columns: readonly Atom[]): boolean {
    if (view.op === null || inOrder(view).some(isCut)) return false;
    return this.follows(view, rows, columns) && stored(view.rows) === taken(rows);
  }

  /** The matrix has these atoms in this order, once its cuts are made. */
  follows(view: View, rows: readonly Atom[], columns: readonly Atom[]): boolean {
    const wanted = [...rows, ...columns].filter(a => a.size > 1);
    const now = inOrder(view).filter(a => a.size > 1);
    return now.length === wanted.length && now.every((a, i) => a === wanted[i]);
  }

  /** The matrix of a view with these atoms as its rows and columns, in this order; values move only where they must. */
  arrange(view: View, rows: readonly Atom[], columns: readonly Atom[]): View {
    if (this.lies(view, rows, columns)) return { ...view, rows, columns };
    const cuts = inOrder(view).filter(isCut);
    return this.#moved(view, rows, columns, cuts);
  }

  /** All cuts but the last in steps of their own: a layout takes one. */
  #moved(view: View, rows: readonly Atom[], columns: readonly Atom[], cuts: readonly Atom[]): View {
    const [first, ...others] = cuts;
    if (others.length > 0) {
      const whole = { of: first.size, start: 0, size: first.size };
      const list = (atoms: readonly Atom[]) =>
        atoms.flatMap(a => (a === first ? (first.size > 1 ? [whole] : []) : [a]));
      const next = this.#layout(view, first, [view.rows, view.columns]);
      const less: View = {
        ...view,
        op: next,
        rows: list(view.rows),
        columns: list(view.columns),
        dims: view.dims.map(list),
      };
      return this.#moved(less, list(rows), list(columns), others);
    }
    const fresh = new Map<Atom, Atom>();
    for (const a of [...rows, ...columns])
      fresh.set(a, isCut(a) ? { of: a.size, start: 0, size: a.size } : a);
    const renew = (atoms: readonly Atom[]) => atoms.map(a => fresh.get(a) ?? a);
    const op = this.#layout(view, first, [rows, columns]);
    return { ...view, op, rows: renew(rows), columns: renew(columns), dims: view.dims.map(renew) };
  }

  #layout(view: View, one: Atom | undefined, wanted: readonly [readonly Atom[], readonly Atom[]]): string {
    const now = inOrder(view);
    const order = wanted.flat().filter(a => a.of > 1);
    // What is cut to one place stands in no dimension of the tensor.
    const rest = now.filter(a => !order.includes(a));
    const axes = [...rest, ...order].map(a => now.indexOf(a));
    if (axes.includes(-1)) throw new Error('a layout of atoms that are not there');
    const size = (atoms: readonly Atom[]) => sizeOf(atoms.map(a => (a === one ? a.size : a.of)));
    const [rows, columns] = [size(wanted[0]), size(wanted[1])];
    const parts = [{ rows: stored(view.rows), columns: stored(view.columns) }];
    const dims = now.length === 0 ? [1] : now.map(a => a.of);
    const take = one === undefined ? undefined : { dim: now.indexOf(one), start: one.start, size: one.size };
    const byRow =
      view.op !== null && rows === stored(view.rows) && view.rows.every((a, i) => a === wanted[0][i]);
    return this.layout(
      view.op === null ? [] : [view.op],
      {
        parts,
        join: 'columns',
        dims,
        axes: now.length === 0 ? [0] : axes,
        rows,
        columns,
        ...(take && { take }),
      },
      byRow,
    );
  }

  /** A layout op, or an equal one that is there already. */
  layout(
    inputs: readonly string[],
    order: Omit<LayoutOp, 'id' | 'stage' | 'encoder' | 'kind' | 'deps'>,
    byRow = false,
  ): string {
    if (order.rows > MOST_ROWS) throw onnxProblem(`${order.rows} rows are more than ${MOST_ROWS}`);
    if (order.columns > MOST_COLUMNS)
      throw onnxProblem(`${order.columns} columns are more than ${MOST_COLUMNS}`);
    const key = JSON.stringify([inputs, order]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const id = this.b.layout(this.place('order'), inputs, order, byRow);
    this.#known.set(key, id);
    return id;
  }

  /** The matrix as it is, its cuts made: its own order of rows and columns. */
  settled(view: View): View {
    if (view.op !== null && !inOrder(view).some(isCut)) return view;
    const there = new Set(view.dims.flat());
    const list = (atoms: readonly Atom[]) => atoms.filter(a => there.has(a));
    return this.arrange(view, list(view.rows), list(view.columns));
  }

  /** The tensor as one row of all its values, its dimensions in their order; rows are the dimensions before `split`. */
  plainOrder(view: View, split: number): View {
    const { dims } = view;
    return this.arrange(view, dims.slice(0, split).flat(), dims.slice(split).flat());
  }

  /** The tensor without its factor. */
  unscaled(view: View): View {
    if (view.factor === 1) return view;
    const own = this.settled(view);
    const { rows, rowLength } = this.sizes(own);
    const op = this.b.vector(this.place('scale'), 'scale', [own.op!], {
      rows,
      rowLength,
      scale: view.factor,
    });
    return { ...own, op, factor: 1 };
  }

  /** Rows and columns of a settled view. */
  sizes(view: View): { readonly rows: number; readonly rowLength: number } {
    const sizes = { rows: stored(view.rows), rowLength: stored(view.columns) };
    if (view.op !== null) {
      const { rows, columns } = outputShape(this.op(view.op));
      if (rows !== sizes.rows || columns !== sizes.rowLength)
        throw new Error(`${view.op} gives ${rows} x ${columns}, seen as ${sizes.rows} x ${sizes.rowLength}`);
    }
    return sizes;
  }

  /** Shape of the tensor in words. */
  text = (view: View): string => `[${shapeOf(view).join(', ')}]`;

  /** Uses of an op's output so far. */
  uses(id: string): number {
    this.#placeOf(id);
    return this.#uses.get(id) ?? 0;
  }

  staticOp(id: string | null): StaticOp | undefined {
    const op = id === null ? undefined : this.op(id);
    return op?.kind === 'static' ? op : undefined;
  }
}
