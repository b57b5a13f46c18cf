/** A network of ONNX nodes as ops with encoders, and with TReX's reuse of attention where a plan asks for it. */
import { GraphBuilder } from '../builder.ts';
import type { EncoderShape } from '../encoder-shape.ts';
import type { Op, StaticOp } from '../op.ts';
import type { ReusePlan } from '../reuse.ts';
import { transformationBlock } from '../transformation-block.ts';
import { type Encoders, findEncoders } from './encoders.ts';
import type { OnnxGraph } from './graph.ts';
import { alive, type Lowered, type LowerOptions, lower } from './lower.ts';
import type { Constants } from './ops.ts';
import { splitFused, withNames } from './split-fused.ts';

export interface OnnxNetwork extends Pick<Lowered, 'input' | 'shape' | 'parameters'> {
  readonly ops: readonly Op[];
  readonly constants: Constants;
  readonly encoders: Pick<Encoders, 'count' | 'shape'>;
}

/** @throws OnnxProblem */
export function onnxNetwork(graph: OnnxGraph, options: LowerOptions): OnnxNetwork {
  const { input, shape, constants, ops, parameters } = lower(graph, options);
  const apart = splitFused(ops, constants);
  const found = findEncoders(inTurn(apart), constants);
  return { input, shape, constants, parameters, ops: shared(found.ops, constants), encoders: found };
}

/** Each op as late as its first reader allows, so that what starts early and is read late is not open in between. */
function inTurn(ops: readonly Op[]): Op[] {
  const output = ops[ops.length - 1];
  const byId = new Map(ops.map(op => [op.id, op]));
  const done = new Set<string>();
  const out: Op[] = [];
  for (const op of ops) {
    // What has no operands stands where it is read.
    if (op.deps.length === 0 && op !== ops[0] && op.kind === 'vector') continue;
    for (const { op: id } of op.deps) {
      const source = byId.get(id)!;
      if (done.has(id)) continue;
      done.add(id);
      out.push(source);
    }
    done.add(op.id);
    out.push(op);
  }
  if (out[out.length - 1] !== output) throw new Error('the output does not stand last');
  return out;
}

/** Equal stored matrices are on one set of crossbars: those that are the same array, not only the same values. */
function shared(ops: readonly Op[], { linear }: Constants): Op[] {
  const first = new Map<string, string>();
  return ops.map(op => {
    if (op.kind !== 'static' && op.kind !== 'grouped') return op;
    const known = linear.get(op.weightId)!;
    const { key } = known.weight;
    const bias = known.bias === undefined ? '' : known.bias.key;
    if (key === undefined || bias === undefined) return op;
    const text = `${key}|${bias}|${op.kind}`;
    const weightId = first.get(text) ?? op.weightId;
    first.set(text, weightId);
    return { ...op, weightId };
  });
}

/** What an encoder's Projection reads. */
interface Attending {
  readonly id: string;
  readonly rows: number;
  readonly width: number;
}

const projectionOf = (ops: readonly Op[], encoder: number): StaticOp | undefined => {
  const op = ops.find(o => o.encoder === encoder && o.stage === 'projection' && o.kind === 'static');
  return op?.kind === 'static' ? op : undefined;
};

/** Encoders that can take over the attention of an earlier one: as large as it. */
export function ableEncoders({ ops, encoders: { count } }: OnnxNetwork): number[] {
  const sizes = Array.from({ length: count }, (_, i) => projectionOf(ops, i));
  return sizes.flatMap((op, i) => {
    const before = sizes.slice(0, i).findLast(one => one !== undefined);
    return op !== undefined && before?.rows === op.rows && before.in === op.in ? [i] : [];
  });
}

/** The ops of a run: the encoders of the plan read transformed attention of earlier ones. */
export function withReuse(network: OnnxNetwork, reuse: ReusePlan): readonly Op[] {
  if (reuse.encoders.length === 0) return network.ops;
  const { ops, encoders } = network;
  const reused = new Set(reuse.encoders);
  const able = new Set(ableEncoders(network));
  let source: Attending | undefined;
  const out: Op[] = [];
  for (const op of ops) {
    const { encoder } = op;
    if (encoder === null || op !== projectionOf(ops, encoder)) {
      out.push(op);
      continue;
    }
    if (!reused.has(encoder) || !able.has(encoder) || source === undefined) {
      const [{ op: id }] = op.deps;
      source = { id, rows: op.rows, width: op.in };
      out.push(op);
      continue;
    }
    const b = new GraphBuilder();
    const normEps = epsOf(ops, encoder);
    const shape = {
      ...encoders.shape,
      tokens: source.rows,
      dim: source.width,
      normEps,
      share: 1,
    } as EncoderShape;
    const block = transformationBlock(b, shape, encoder, source.id);
    out.push(...b.ops, withNames(op, new Map([[op.deps[0].op, block]])));
  }
  return alive(out, ops[ops.length - 1].id);
}

function epsOf(ops: readonly Op[], encoder: number): number {
  for (const op of ops)
    if (op.encoder === encoder && op.kind === 'vector' && op.eps !== undefined) return op.eps;
  return 1e-6;
}
