/** The blocks of a decoder in a graph of ops: attention, its projection, the MLP, norms and sums, each found by what it reads. */
import { ACTIVATIONS, type Activation, type NormBy } from '../../workload/encoder-shape.ts';
import { onnxProblem } from '../../workload/onnx/problem.ts';
import type { DynamicOp, Op, StaticOp, VectorOp } from '../../workload/op.ts';

/** One block, by its ops. */
export interface Block {
  readonly norm1: VectorOp;
  readonly q: StaticOp;
  readonly k: StaticOp;
  readonly v: StaticOp;
  readonly qk: DynamicOp;
  /** What lies between the three and the projection, in order, and its last op. */
  readonly core: readonly Op[];
  readonly mixed: string;
  readonly projection: StaticOp;
  readonly norm2: VectorOp;
  readonly fc1: StaticOp;
  readonly fc1Value?: StaticOp | undefined;
  readonly activation: Activation;
  readonly fc2: StaticOp;
  /** Its output. */
  readonly end: string;
}

/** The ops of a graph by what they read, and which of them have been found. */
export class OpGraph {
  readonly ops: readonly Op[];
  readonly #byId: ReadonlyMap<string, Op>;
  readonly #users = new Map<string, Op[]>();
  readonly #found = new Set<string>();

  constructor(ops: readonly Op[]) {
    this.ops = ops;
    this.#byId = new Map(ops.map(op => [op.id, op]));
    for (const op of ops)
      for (const dep of op.deps) this.#users.set(dep.op, [...(this.#users.get(dep.op) ?? []), op]);
  }

  op(id: string): Op {
    return this.#byId.get(id)!;
  }

  users(id: string): readonly Op[] {
    return this.#users.get(id) ?? [];
  }

  found<T extends Op>(op: T): T {
    this.#found.add(op.id);
    return op;
  }

  /** @throws OnnxProblem for an op that nobody has found */
  checkAll(): void {
    const left = this.ops.find(op => !this.#found.has(op.id));
    if (left !== undefined) throw onnxProblem(`${left.id} has no place in a decoder`);
  }

  /** What an op depends on, itself too, without `stop` and what lies behind. */
  behind(id: string, stop: ReadonlySet<string>): Set<string> {
    const seen = new Set<string>();
    const queue = [id];
    while (queue.length > 0) {
      const next = queue.pop()!;
      if (seen.has(next) || stop.has(next)) continue;
      seen.add(next);
      for (const dep of this.op(next).deps) queue.push(dep.op);
    }
    return seen;
  }
}

const isNorm = (op: Op): op is VectorOp =>
  op.kind === 'vector' && (op.fn === 'layernorm' || op.fn === 'rmsnorm') && op.batch === 1;

/** A plain sum of two activations. */
const isSum = (op: Op, a: string, b: string): boolean =>
  op.kind === 'vector' &&
  op.fn === 'add' &&
  op.scale === undefined &&
  op.second === undefined &&
  op.deps.length === 2 &&
  op.deps.every(dep => dep.op === a || dep.op === b) &&
  a !== b;

/** The norm that a value goes through. */
export function normOf(g: OpGraph, id: string, where: string): VectorOp {
  const op = g.op(id);
  if (op === undefined || !isNorm(op)) throw onnxProblem(`${where}: no LayerNorm or RMSNorm in front of it`);
  return g.found(op);
}

export const normKind = ({ fn }: VectorOp): NormBy => (fn === 'rmsnorm' ? 'rmsnorm' : 'layernorm');

/** The matrix that a value has come from, through ops of one operand. */
function matrixBehind(g: OpGraph, id: string, where: string): StaticOp {
  let op = g.op(id);
  for (let steps = 0; steps < 64; steps++) {
    if (op.kind === 'static') return op;
    // Copies of one value, and a value and its other half, are of one matrix.
    const [first] = op.deps;
    if (first === undefined || op.kind === 'dynamic') break;
    op = g.op(first.op);
  }
  throw onnxProblem(`${where}: ${id} does not come from a matrix`);
}

/** Block `i` behind the value `x`, around one product of maps and values. @throws OnnxProblem for one that is built otherwise */
export function blockAt(g: OpGraph, i: number, x: string): Block {
  const where = `block ${i}`;
  const [qk, sv] = [`e${i}.qk`, `e${i}.sv`].map(id => g.op(id));
  if (qk?.kind !== 'dynamic' || sv?.kind !== 'dynamic') throw onnxProblem(`${where}: no attention`);
  const [q, k, v] = [qk.streamed, qk.stationary, sv.stationary].map(id => matrixBehind(g, id, where));
  const input = q.deps[0].op;
  if (k.deps[0].op !== input || v.deps[0].op !== input)
    throw onnxProblem(`${where}: Q, K and V are not of one value`);
  const norm1 = normOf(g, input, `${where}, attention`);
  if (norm1.deps[0].op !== x)
    throw onnxProblem(`${where}: attention does not begin with a norm of what came in`);
  let mixed: Op = sv;
  let projection: StaticOp | undefined;
  while (projection === undefined) {
    const [next, ...others] = g.users(mixed.id);
    if (next === undefined || others.length > 0 || (next.kind !== 'layout' && next.kind !== 'static'))
      throw onnxProblem(`${where}: no matrix behind attention`);
    if (next.kind === 'static') projection = g.found(next);
    else mixed = next;
  }
  const within = g.behind(mixed.id, new Set([q.id, k.id, v.id]));
  const core = g.ops.filter(op => within.has(op.id));
  const strange = core.find(op => op.kind === 'static' || op.kind === 'grouped' || op.deps.length === 0);
  if (strange !== undefined) throw onnxProblem(`${where}: ${strange.id} within attention`);
  for (const op of [q, k, v, ...core]) g.found(op);
  const y = sumBehind(g, projection.id, x, `${where}, attention`);
  const norm2 = normOf(g, g.users(y).find(isNorm)?.id ?? '', `${where}, MLP`);
  const mlp = mlpOf(g, norm2.id, where);
  const end = sumBehind(g, mlp.fc2.id, y, `${where}, MLP`);
  return { norm1, q, k, v, qk, core, mixed: mixed.id, projection, norm2, ...mlp, end };
}

function sumBehind(g: OpGraph, part: string, x: string, where: string): string {
  const [sum, ...others] = g.users(part);
  if (sum === undefined || others.length > 0 || !isSum(sum, part, x))
    throw onnxProblem(`${where}: its output is not added to what came in alone`);
  return g.found(sum).id;
}

function mlpOf(
  g: OpGraph,
  input: string,
  where: string,
): Pick<Block, 'fc1' | 'fc1Value' | 'activation' | 'fc2'> {
  const layers = g.users(input).filter((op): op is StaticOp => op.kind === 'static');
  const active = layers.flatMap(fc1 =>
    g
      .users(fc1.id)
      .flatMap(op => (op.kind === 'vector' && activationOf(op) !== undefined ? [{ fc1, op }] : [])),
  );
  if (layers.length < 1 || layers.length > 2 || active.length !== 1)
    throw onnxProblem(
      `${where}: no MLP of two matrices, or of three with a gate, and a function that is known`,
    );
  const [{ fc1, op }] = active;
  const fc1Value = layers.find(layer => layer !== fc1);
  let last: Op = g.found(op);
  if (fc1Value !== undefined) {
    const gate = g.users(op.id).find(user => user.kind === 'vector' && user.fn === 'multiply');
    if (gate === undefined || !gate.deps.every(dep => dep.op === op.id || dep.op === fc1Value.id))
      throw onnxProblem(`${where}: the MLP's gate`);
    last = g.found(gate);
    g.found(fc1Value);
  }
  const [fc2, ...others] = g.users(last.id);
  if (fc2?.kind !== 'static' || others.length > 0) throw onnxProblem(`${where}: the MLP's last matrix`);
  return { fc1: g.found(fc1), fc1Value, activation: activationOf(op)!, fc2: g.found(fc2) };
}

function activationOf(op: VectorOp): Activation | undefined {
  return (Object.keys(ACTIVATIONS) as Activation[]).find(name => {
    const { fn, options } = ACTIVATIONS[name];
    const { approximate, scale } = options as { approximate?: 'tanh'; scale?: number };
    return op.fn === fn && op.approximate === approximate && op.scale === scale && op.deps.length === 1;
  });
}
