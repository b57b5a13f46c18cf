/**
 * What lies between Q, K and V and the projection, tried on numbers: whatever its steps, it is causal attention where it gives
 * what causal attention gives (our own ops of it, on the same numbers).
 */
import { cos, sin } from '../../base/math.ts';
import { attention as causal } from '../../workload/attention/causal.ts';
import { GraphBuilder } from '../../workload/builder.ts';
import type { EncoderShape } from '../../workload/encoder-shape.ts';
import type { Matrix } from '../../workload/matrix.ts';
import { onnxProblem } from '../../workload/onnx/problem.ts';
import type { Op, VectorOp } from '../../workload/op.ts';
import { frequencies, type RotaryOptions } from '../../workload/rotary.ts';
import type { Learned } from '../../workload/vector-function.ts';
import type { Block } from './blocks.ts';
import { tried } from './region.ts';

/** Causal attention as a model file says it. */
export interface CausalAttention {
  readonly kind: 'causal';
  readonly kvHeads?: number;
  readonly headDim?: number;
  readonly headNorm?: boolean;
  readonly rotary?: RotaryOptions;
  readonly scale?: 'head' | 'none';
}

export interface Core {
  readonly heads: number;
  readonly attention: CausalAttention;
  /** Norms of the heads of Q and K, where they have some. */
  readonly headNorms: readonly [q: VectorOp, k: VectorOp] | undefined;
}

/** Far above float32's rounding, far below any other attention. */
const CLOSE = 1e-4;

/** @throws OnnxProblem for another attention, with the nearest reason */
export function coreOf(
  { q, k, v, qk, core, mixed }: Block,
  dim: number,
  learned: Learned,
  where: string,
): Core {
  const headDim = qk.k;
  const [heads, kvHeads] = [q.out / headDim, k.out / headDim];
  const tokens = q.rows;
  if (!Number.isInteger(heads) || !Number.isInteger(kvHeads) || heads % kvHeads !== 0 || v.out !== k.out)
    throw onnxProblem(`${where}: heads of Q, K and V that do not fit causal attention`);
  const given = new Map([q, k, v].map((op, i) => [op.id, sample(tokens, op.out, 17 + i)] as const));
  const got = values(core, given, learned, mixed, where);
  const norms = core.filter((op): op is VectorOp => op.kind === 'vector' && op.fn === 'rmsnorm');
  const headNorms = norms.length === 2 ? ([norms[0], norms[1]] as const) : undefined;
  if (norms.length !== 0 && norms.length !== 2)
    throw onnxProblem(`${where}: ${norms.length} norms within attention`);
  const rotaries: (RotaryOptions | undefined)[] = [undefined, ...rotaryOf(core, learned, headDim)];
  const plain = { kind: 'causal', ...(kvHeads !== heads && { kvHeads }) } as const;
  for (const scale of ['head', 'none'] as const)
    for (const rotary of rotaries)
      for (const swap of headNorms === undefined ? [false] : [false, true]) {
        const own = headNorms && (swap ? ([headNorms[1], headNorms[0]] as const) : headNorms);
        const attention: CausalAttention = {
          ...plain,
          ...(headDim * heads !== dim && { headDim }),
          ...(own !== undefined && { headNorm: true }),
          ...(rotary !== undefined && { rotary }),
          ...(scale === 'none' && { scale }),
        };
        const wanted = ours(
          { tokens, dim, heads, attention, norms: own },
          [q, k, v].map(op => given.get(op.id)!),
          learned,
        );
        if (same(got, wanted)) return { heads, attention, headNorms: own };
      }
  throw onnxProblem(
    `${where}: what it makes of Q, K and V is not causal attention of ${heads} heads (${kvHeads} of keys), without positions or with rotary ones of known frequencies (plain, linear, Llama 3)`,
  );
}

function values(
  core: readonly Op[],
  given: ReadonlyMap<string, Matrix>,
  learned: Learned,
  end: string,
  where: string,
): Matrix {
  try {
    return tried(core, given, learned).get(end)!;
  } catch (error) {
    throw onnxProblem(`${where}: ${(error as Error).message}`);
  }
}

function same(a: Matrix, b: Matrix): boolean {
  return (
    a.rows === b.rows &&
    a.columns === b.columns &&
    a.data.every((value, i) => Math.abs(value - b.data[i]) <= CLOSE)
  );
}

interface Ours {
  readonly tokens: number;
  readonly dim: number;
  readonly heads: number;
  readonly attention: CausalAttention;
  readonly norms: readonly [VectorOp, VectorOp] | undefined;
}

/** Our own attention on the same numbers. */
function ours(
  { tokens, dim, heads, attention, norms }: Ours,
  [q, k, v]: readonly Matrix[],
  learned: Learned,
): Matrix {
  const b = new GraphBuilder();
  const shape = {
    tokens,
    dim,
    heads,
    qkvBias: false,
    normEps: norms?.[0].eps ?? 1e-5,
    share: 1,
  } as EncoderShape;
  const options = causal.schema.parse(attention);
  const { output } = causal.add(b, shape, 0, { tokens: () => 'x', previous: undefined }, options)!;
  const own: Learned = {
    norm: id => learned.norm(id),
    embedding: id => learned.embedding(id),
    rows: id => learned.rows(id === 'e0.qNorm' ? norms![0].id : id === 'e0.kNorm' ? norms![1].id : id),
  };
  const given = new Map([
    ['e0.q', q],
    ['e0.k', k],
    ['e0.v', v],
  ]);
  return tried(
    b.ops.filter(op => op.kind !== 'static'),
    given,
    own,
  ).get(output)!;
}

/** Numbers between -1 and 1 that no rule made even. */
function sample(rows: number, columns: number, seed: number): Matrix {
  let state = seed;
  const data = Float32Array.from({ length: rows * columns }, () => {
    state = (state * 48271) % 2147483647;
    return (state / 2147483647) * 2 - 1;
  });
  return { rows, columns, data };
}

/** Rotary positions whose sines stand among the constants of the attention. */
function rotaryOf(core: readonly Op[], learned: Learned, headDim: number): RotaryOptions[] {
  const half = headDim / 2;
  for (const op of core) {
    if (op.kind !== 'vector' || op.fn !== 'multiply' || op.parameters === 0 || op.rows < 2) continue;
    const rows = learned.rows(op.id);
    const width = rows.length / op.rows;
    // Sines are nothing at the first place, and the frequencies are those of the second.
    if (!Number.isInteger(width) || rows.subarray(0, width).some(value => value !== 0)) continue;
    const angles = [...new Set(Array.from(rows.subarray(width, 2 * width), value => Math.abs(value)))].map(
      asin,
    );
    angles.sort((a, b) => b - a);
    if (angles.length !== half) continue;
    const found = lawOf(angles, headDim);
    if (found !== undefined) return [found];
  }
  return [];
}

/** By Newton's method; angles from 0 to 1. */
function asin(y: number): number {
  let x = y;
  for (let i = 0; i < 6; i++) x -= (sin(x) - y) / cos(x);
  return x;
}

/** Texts that Llama's scaling began from, and its slow and fast turns (huggingface.co meta-llama config.json). */
const ORIGINALS = [8192, 4096, 2048, 32768];

function lawOf(angles: readonly number[], headDim: number): RotaryOptions | undefined {
  const half = angles.length;
  const fits = (law: RotaryOptions): boolean => {
    const own = frequencies(law, half);
    return angles.every((angle, j) => Math.abs(angle - own[j]) <= 1e-4 * own[j] + 1e-7);
  };
  const factor = 1 / angles[0];
  const of = (ratio: number): number => tidy(Math.exp((Math.log(ratio) * headDim) / 2));
  const theta = half < 2 ? 10_000 : of(angles[0] / angles[1]);
  if (!(theta > 1)) return undefined;
  if (Math.abs(factor - 1) > 1e-4) {
    const law = { theta, scaling: { kind: 'linear', factor: tidy(factor) } } as const;
    return fits(law) ? law : undefined;
  }
  if (fits({ theta })) return { theta };
  const slow = frequencies({ theta }, half)[half - 1] / angles[half - 1];
  for (const original of ORIGINALS) {
    const scaling = { kind: 'llama3', factor: tidy(slow), lowFactor: 1, highFactor: 4, original } as const;
    if (fits({ theta, scaling })) return { theta, scaling };
  }
  return undefined;
}

/** The number of three digits, or the whole one, that is as near as float32 tells. */
function tidy(x: number): number {
  for (const near of [Number(x.toPrecision(2)), Number(x.toPrecision(3)), Math.round(x)])
    if (Math.abs(near - x) <= 1e-3 * x) return near;
  return x;
}
