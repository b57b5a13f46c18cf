/** One matrix for queries, keys and values is three: each part of its columns that is read alone is a matrix of its own. */
import type { LayoutOp, Op, StaticOp } from '../op.ts';
import { reshaped, sliced } from './evaluate.ts';
import { type Nd, sizeOf } from './nd.ts';
import type { Constants } from './ops.ts';

/** The same network with its fused matrices apart; adds their constants. */
export function splitFused(ops: readonly Op[], constants: Constants): Op[] {
  const users = new Map<string, Op[]>();
  for (const op of ops) for (const { op: id } of op.deps) users.set(id, [...(users.get(id) ?? []), op]);
  const instead = new Map<string, string>();
  const out: Op[] = [];
  const parts = new Map<string, Part>();
  for (const op of ops) {
    const renamed = withNames(op, instead);
    if (op.kind === 'static' && op.conv === undefined) {
      const cuts = partsOf(op, users.get(op.id) ?? []);
      if (cuts !== undefined) {
        const made = new Map<string, StaticOp>();
        for (const [i, cut] of cuts.entries()) {
          const key = `${cut.start}:${cut.size}`;
          const id = `${op.id}.${cut.start / cut.size}`;
          if (!made.has(key)) {
            made.set(key, {
              ...(renamed as StaticOp),
              id,
              weightId: id,
              out: cut.outer * cut.size * cut.inner,
            });
            constants.linear.set(id, cutColumns(constants.linear.get(op.weightId)!, cut));
          }
          parts.set(cuts[i].layout.id, { cut, op: made.get(key)! });
        }
        out.push(...made.values());
        continue;
      }
    }
    const part = parts.get(op.id);
    if (op.kind !== 'layout' || part === undefined) {
      out.push(renamed);
      continue;
    }
    const rest = withoutTake(op, part.op);
    if (isPlain(rest)) instead.set(op.id, part.op.id);
    else out.push(rest);
  }
  return out;
}

interface Cut {
  readonly layout: LayoutOp;
  readonly outer: number;
  readonly of: number;
  readonly inner: number;
  readonly start: number;
  readonly size: number;
}

interface Part {
  readonly cut: Cut;
  readonly op: StaticOp;
}

/** The columns that each user takes; undefined where some takes all, or where the parts overlap. */
function partsOf(op: StaticOp, users: readonly Op[]): Cut[] | undefined {
  if (users.length < 2) return undefined;
  const cuts: Cut[] = [];
  for (const user of users) {
    if (
      user.kind !== 'layout' ||
      user.take === undefined ||
      user.parts.length !== 1 ||
      user.window !== undefined
    )
      return undefined;
    const { dims, take } = user;
    // The dims of the columns are the last ones whose product they are.
    let first = dims.length;
    let columns = 1;
    while (first > 0 && columns < op.out) columns *= dims[--first];
    if (columns !== op.out || take.dim < first) return undefined;
    const outer = sizeOf(dims.slice(first, take.dim));
    const of = dims[take.dim];
    if (of % take.size !== 0 || take.start % take.size !== 0 || (outer !== 1 && of / take.size !== 3))
      return undefined;
    cuts.push({
      layout: user,
      outer,
      of,
      inner: sizeOf(dims.slice(take.dim + 1)),
      start: take.start,
      size: take.size,
    });
  }
  const [{ outer, size }] = cuts;
  return cuts.every(cut => cut.outer === outer && cut.size === size) ? cuts : undefined;
}

function cutColumns({ weight, bias }: { readonly weight: Nd; readonly bias: Nd | undefined }, cut: Cut) {
  const { outer, of, inner, start, size } = cut;
  const pick = (a: Nd, lead: readonly number[]): Nd => {
    const apart = reshaped(a, [...lead, outer, of, inner]);
    return reshaped(sliced(apart, lead.length + 1, start, size), [...lead, outer * size * inner]);
  };
  const [rows] = weight.shape;
  return { weight: pick(weight, [rows]), bias: bias && pick(bias, []) };
}

/** The layout of a part alone. */
function withoutTake({ take, ...op }: LayoutOp, part: StaticOp): LayoutOp {
  const dims = op.dims.map((dim, d) => (d === take!.dim ? take!.size : dim));
  return {
    ...op,
    deps: op.deps.map(dep => ({ ...dep, op: part.id })),
    dims,
    parts: [{ rows: part.rows, columns: part.out }],
  };
}

const isPlain = ({ dims, axes, rows, columns, parts }: LayoutOp): boolean => {
  const moved = axes.filter(d => dims[d] > 1);
  return (
    rows === parts[0].rows &&
    columns === parts[0].columns &&
    moved.every((d, i) => i === 0 || d > moved[i - 1])
  );
};

/** An op that reads others under their new names. */
export function withNames(op: Op, names: ReadonlyMap<string, string>): Op {
  const of = (id: string): string => names.get(id) ?? id;
  const deps = op.deps.map(dep => ({ ...dep, op: of(dep.op) }));
  if (op.kind === 'dynamic') return { ...op, deps, streamed: of(op.streamed), stationary: of(op.stationary) };
  return { ...op, deps };
}
