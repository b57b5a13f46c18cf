/**
 * Encoders in a graph of ops: each is what stands between two places where one value alone goes on, around one product of maps
 * and values behind a softmax. Their ops get the names and stages that our own encoders have, so that reuse, accounting and
 * reports know them.
 */
import { outputShape } from '../check.ts';
import type { DynamicOp, Op, Stage, StaticOp } from '../op.ts';
import type { Constants } from './ops.ts';
import { withNames } from './split-fused.ts';

export interface Encoders {
  readonly ops: readonly Op[];
  readonly count: number;
  /** Of the first encoder; zeros where there is none. */
  readonly shape: {
    readonly dim: number;
    readonly heads: number;
    readonly hidden: number;
    readonly tokens: number;
  };
}

/** The product of an attention map and the values, and the one that made the scores. */
interface Core {
  readonly qk: number;
  readonly sv: number;
}

interface Region {
  readonly core: Core;
  /** Places in the list: behind the first, up to the last. */
  readonly from: number;
  readonly to: number;
}

/** Names and labels the ops; the constants follow their names. */
export function findEncoders(ops: readonly Op[], constants: Constants): Encoders {
  const regions = regionsOf(ops);
  const labels = regions.length === 0 ? plainLabels(ops) : labelsOf(ops, regions);
  const names = new Map<string, string>();
  const taken = new Set<string>(ops.map(op => op.id));
  ops.forEach((op, i) => {
    const { name } = labels[i];
    if (name === undefined || taken.has(name)) return;
    taken.add(name);
    names.set(op.id, name);
  });
  const own = ops.map((op, i): Op => {
    const { stage, encoder } = labels[i];
    const id = names.get(op.id) ?? op.id;
    const named = withNames({ ...op, id, stage, encoder }, names);
    return 'weightId' in named && named.weightId === op.id ? { ...named, weightId: id } : named;
  });
  for (const map of [constants.linear, constants.norm, constants.rows] as Map<string, unknown>[])
    for (const [old, name] of names)
      if (map.has(old)) {
        map.set(name, map.get(old));
        map.delete(old);
      }
  return { ops: own, count: regions.length, shape: shapeOf(own, regions) };
}

function shapeOf(ops: readonly Op[], [first]: readonly Region[]): Encoders['shape'] {
  if (first === undefined) return { dim: 0, heads: 0, hidden: 0, tokens: 0 };
  const within = ops.slice(first.from + 1, first.to + 1);
  const { m, batch } = ops[first.core.qk] as DynamicOp;
  const statics = within.filter((op): op is StaticOp => op.kind === 'static');
  const dim = statics.find(op => op.stage === 'projection')?.out ?? 0;
  return { dim, heads: batch, hidden: statics.find(op => op.stage === 'mlp')?.out ?? 0, tokens: m };
}

function coresOf(ops: readonly Op[]): Core[] {
  const at = new Map(ops.map((op, i) => [op.id, i]));
  const cores: Core[] = [];
  ops.forEach((op, sv) => {
    if (op.kind !== 'dynamic') return;
    let back = ops[at.get(op.streamed)!];
    let soft = false;
    for (let steps = 0; steps < 16 && back !== undefined; steps++) {
      if (back.kind === 'dynamic') {
        if (soft) cores.push({ qk: at.get(back.id)!, sv });
        return;
      }
      if (back.kind !== 'vector' && back.kind !== 'layout') return;
      soft ||= back.kind === 'vector' && back.fn === 'softmax';
      const [dep] = back.deps;
      if (dep === undefined) return;
      back = ops[at.get(dep.op)!];
    }
  });
  return cores;
}

/** Places behind which one value alone goes on: that of the op there. */
function cutsOf(ops: readonly Op[]): boolean[] {
  const last = new Map<string, number>();
  ops.forEach((op, i) => {
    for (const { op: id } of op.deps) last.set(id, i);
  });
  const ends = new Array<number>(ops.length + 1).fill(0);
  let open = 0;
  return ops.map((op, i) => {
    open -= ends[i];
    const until = last.get(op.id) ?? i;
    if (until > i) {
      open++;
      ends[until]++;
    }
    return until > i && open === 1;
  });
}

function regionsOf(ops: readonly Op[]): Region[] {
  const cores = coresOf(ops);
  const cuts = cutsOf(ops);
  const lastCut = (before: number, behind: number): number => {
    for (let p = before - 1; p > behind; p--) if (cuts[p]) return p;
    return -1;
  };
  const starts = cores.map(({ qk }, i) => lastCut(qk, i === 0 ? -1 : cores[i - 1].sv));
  // Two products between one cut and the next are no encoders of ours.
  if (cores.length === 0 || starts.some(start => start < 0)) return [];
  const end = endOf(ops, cuts, cores, starts);
  if (end === undefined) return [];
  return cores.map((core, i) => ({ core, from: starts[i], to: starts[i + 1] ?? end }));
}

/** Where the last encoder ends: as many matrices behind its attention as in the one before it. */
function endOf(
  ops: readonly Op[],
  cuts: readonly boolean[],
  cores: readonly Core[],
  starts: readonly number[],
): number | undefined {
  const known = (from: number, to: number): number =>
    ops.slice(from, to + 1).filter(op => op.kind === 'static').length;
  const n = cores.length - 1;
  const { sv } = cores[n];
  const like = ops[starts[n]];
  const size = outputShape(ops[starts[0]]);
  const isLike = (op: Op): boolean => {
    const { rows, columns } = outputShape(op);
    return rows === size.rows && columns === size.columns;
  };
  const places = ops
    .map((_, p) => p)
    .filter(p => p > sv && (cuts[p] || p === ops.length - 1) && isLike(ops[p]));
  if (n > 0) {
    const wanted = known(cores[n - 1].sv, starts[n]);
    const fn = like.kind === 'vector' ? like.fn : like.kind;
    const same = places.filter(p => known(sv, p) === wanted);
    return same.find(p => fnOf(ops[p]) === fn) ?? same.at(-1) ?? places.at(-1);
  }
  const isPost = !ops.slice(starts[0] + 1, sv).some(op => op.kind === 'vector' && isNorm(op.fn));
  return (
    places.filter(p => fnOf(ops[p]) === 'add' || (isPost && isNorm(fnOf(ops[p])))).at(-1) ?? places.at(-1)
  );
}

const fnOf = (op: Op): string => (op.kind === 'vector' ? op.fn : op.kind);
const isNorm = (fn: string): boolean => fn === 'layernorm' || fn === 'rmsnorm';

interface Label {
  readonly stage: Stage;
  readonly encoder: number | null;
  readonly name?: string;
}

function labelsOf(ops: readonly Op[], regions: readonly Region[]): Label[] {
  const labels: Label[] = ops.map((op, i) => {
    if (i <= regions[0].from) return { stage: readsImage(op) ? 'stem' : 'embedding', encoder: null };
    return { stage: endStage(op), encoder: null };
  });
  regions.forEach((region, encoder) => {
    labelEncoder(ops, region, encoder, labels);
  });
  return labels;
}

const readsImage = (op: Op): boolean =>
  (op.kind === 'static' || op.kind === 'grouped') && op.conv !== undefined;

function endStage(op: Op): Stage {
  if (op.kind === 'vector')
    return isNorm(op.fn) ? 'norm' : op.fn === 'mean' || op.fn === 'rowreduce' ? 'pool' : 'head';
  return op.kind === 'layout' || op.kind === 'tokens' ? 'pool' : 'head';
}

/** The ops that an op depends on, within a part of the list. */
function ancestors(ops: readonly Op[], id: string, from: number): Set<string> {
  const at = new Map(ops.map((op, i) => [op.id, i]));
  const found = new Set<string>();
  const queue = [id];
  while (queue.length > 0) {
    const next = queue.pop()!;
    if (found.has(next) || at.get(next)! <= from) continue;
    found.add(next);
    for (const dep of ops[at.get(next)!].deps) queue.push(dep.op);
  }
  return found;
}

function labelEncoder(
  ops: readonly Op[],
  { core, from, to }: Region,
  encoder: number,
  labels: Label[],
): void {
  const qk = ops[core.qk] as DynamicOp;
  const sv = ops[core.sv] as DynamicOp;
  const map = ancestors(ops, sv.streamed, from);
  const scores = ancestors(ops, qk.id, from);
  const before = ancestors(ops, sv.id, from);
  const [ofQ, ofK, ofV] = [qk.streamed, qk.stationary, sv.stationary].map(id => ancestors(ops, id, from));
  const matrices = { projection: false, mlp: 0, norms: 0, sums: 0 };
  for (let i = from + 1; i <= to; i++) {
    const op = ops[i];
    const give = (stage: Stage, name?: string): void => {
      labels[i] = { stage, encoder, ...(name !== undefined && { name: `e${encoder}.${name}` }) };
    };
    const known = op.kind === 'static' || op.kind === 'grouped';
    if (i === core.qk) give('qk', 'qk');
    else if (i === core.sv) give('sv', 'sv');
    else if (before.has(op.id)) {
      if (map.has(op.id) && !scores.has(op.id))
        give('softmax', op.kind === 'vector' && op.fn === 'softmax' ? 'softmax' : undefined);
      else if (op.kind === 'vector' && isNorm(op.fn) && !known && !hasMatrixBehind(ops, op.id, from, i))
        give('norm1', 'norm1');
      else if (known) {
        const of = [ofQ, ofK, ofV].map(set => set.has(op.id));
        const only = of.filter(Boolean).length === 1;
        give('qkv', only ? ['q', 'k', 'v'][of.indexOf(true)] : 'qkv');
      } else give('qkv');
    } else if (known) {
      if (!matrices.projection) {
        matrices.projection = true;
        give('projection', 'projection');
      } else give('mlp', `fc${++matrices.mlp}`);
    } else if (op.kind === 'vector' && isNorm(op.fn)) {
      const isFirst =
        matrices.norms++ === 0 &&
        ![...before].some(id => labels[ops.findIndex(o => o.id === id)]?.stage === 'norm1');
      give(isFirst ? 'norm1' : 'norm2', isFirst ? 'norm1' : 'norm2');
    } else if (op.kind === 'vector' && op.fn === 'add' && op.deps.length === 2)
      give('residual', `residual${++matrices.sums}`);
    else if (op.kind === 'vector')
      give(matrices.mlp > 0 ? 'gelu' : 'projection', matrices.mlp > 0 ? op.fn : undefined);
    else give(matrices.projection ? 'mlp' : 'sv');
  }
}

/** A matrix stands between the encoder's input and this op: its norm is one of queries or keys. */
function hasMatrixBehind(ops: readonly Op[], id: string, from: number, until: number): boolean {
  const found = ancestors(ops, id, from);
  return ops
    .slice(from + 1, until)
    .some(op => found.has(op.id) && (op.kind === 'static' || op.kind === 'grouped'));
}

/** A network without encoders: convolutions, pools, and the matrix at its end. */
function plainLabels(ops: readonly Op[]): Label[] {
  const matrices = ops.flatMap((op, i) => (op.kind === 'static' || op.kind === 'grouped' ? [i] : []));
  const [first] = matrices;
  const last = matrices.at(-1);
  return ops.map((op, i) => {
    if (i === first && i !== last) return { stage: 'stem', encoder: null };
    if (i === last && op.kind === 'static' && op.rows === 1) return { stage: 'head', encoder: null };
    if (op.kind === 'static' || op.kind === 'grouped')
      return { stage: op.conv === undefined ? 'mlp' : 'conv', encoder: null };
    if (op.kind === 'vector' && (op.window !== undefined || op.fn === 'mean'))
      return { stage: 'pool', encoder: null };
    if (op.kind === 'vector' && op.fn === 'add' && op.deps.length === 2)
      return { stage: 'residual', encoder: null };
    return { stage: op.kind === 'vector' && isNorm(op.fn) ? 'norm' : 'gelu', encoder: null };
  });
}
