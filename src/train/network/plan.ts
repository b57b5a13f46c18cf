/** Where the values and derivatives of a network lie in a thread's workspace. */
import { largest } from '../../base/extremes.ts';
import { outputShape } from '../../workload/check.ts';
import { isKnown } from '../../workload/matmul.ts';
import type { Op } from '../../workload/op.ts';
import { PANEL_BYTES, TILE_ROWS } from '../wasm/gemm.ts';
import { packedBytes } from '../wasm/pack.ts';
import { featuresOf } from './classifier.ts';
import { rowStats } from './function-layer.ts';
import { floatsOf, type GradientSlot, type Scratch, type Value } from './layer.ts';
import { addressesFrom, type Layout } from './layout.ts';

/** What lies in a thread's workspace; made twice: once to know its size, once at its place. */
export interface Plan {
  readonly values: ReadonlyMap<string, Value>;
  readonly windows: ReadonlyMap<string, Value>;
  readonly stats: ReadonlyMap<string, number>;
  readonly gradients: ReadonlyMap<string, number>;
  /** By op: where the derivatives by its operands go. */
  readonly slots: ReadonlyMap<string, readonly GradientSlot[]>;
  readonly scratch: Scratch;
  readonly bytes: number;
}

export type PlanSizes = Pick<Layout, 'spec' | 'chunkSamples' | 'zeros'>;

const NO_WINDOWS = { rows: 0, columns: 0 };

/** Bytes of a thread's workspace. */
export const workspaceBytes = (sizes: PlanSizes): number => planOf(sizes, 0).bytes;

export function planOf({ spec: { graph }, chunkSamples, zeros }: PlanSizes, start: number): Plan {
  const places = addressesFrom(start);
  const place = (shape: { rows: number; columns: number }): Value => ({
    ...shape,
    at: places.floats(chunkSamples * floatsOf(shape)),
  });
  const values = new Map<string, Value>();
  const windows = new Map<string, Value>();
  const stats = new Map<string, number>();
  for (const op of graph.ops) {
    values.set(op.id, place(outputShape(op)));
    if (isKnown(op) && op.conv !== undefined)
      windows.set(op.id, place({ rows: op.rows, columns: op.kind === 'static' ? op.in : op.groups * op.in }));
    const kept = op.kind === 'vector' ? op.rows * rowStats(op) : 0;
    if (kept > 0) stats.set(op.id, places.floats(chunkSamples * kept));
  }
  const { gradients, slots } = planGradients(
    graph.ops,
    featuresOf(graph).id,
    id => places.floats(chunkSamples * floatsOf(values.get(id)!)),
    id => floatsOf(values.get(id)!),
  );
  const most = largest([...values.values(), ...windows.values()].map(floatsOf)) * chunkSamples;
  const inner =
    chunkSamples *
    largest([
      0,
      ...graph.ops.filter(op => op.deps.length > 0).map(op => floatsOf(windows.get(op.id) ?? NO_WINDOWS)),
    ]);
  const panels = largest(
    graph.ops.map(op => {
      if (op.kind === 'static') return packedBytes(chunkSamples * op.rows, op.out);
      if (op.kind !== 'dynamic') return 0;
      const { m, k, n } = op;
      return largest(
        [
          [k, n],
          [n, k],
          [m, k],
          [m, n],
          [n, m],
        ].map(([rows, columns]) => packedBytes(rows, columns)),
      );
    }),
  );
  const scratch = {
    zeros,
    tile: places.allocate(TILE_ROWS * PANEL_BYTES),
    panels: places.allocate(panels),
    streamed: places.floats(most),
    stationary: places.floats(most),
    derivative: places.floats(most),
    windows: places.floats(inner),
  };
  return { values, windows, stats, gradients, slots, scratch, bytes: places.end - start };
}

/**
 * Backwards through the ops: a buffer for a derivative is taken when its first share is written and given back when its op has
 * passed it on, so that a stack of encoders lives in a few buffers.
 */
function planGradients(
  ops: readonly Op[],
  features: string,
  allocate: (id: string) => number,
  size: (id: string) => number,
): Pick<Plan, 'gradients' | 'slots'> {
  const gradients = new Map<string, number>();
  const slots = new Map<string, readonly GradientSlot[]>();
  const free = new Map<number, number[]>();
  const needed = needsGradient(ops);
  const take = (id: string): number => free.get(size(id))?.pop() ?? allocate(id);
  const written = new Set<string>();
  for (const id of [ops.at(-1)!.id, features]) {
    gradients.set(id, take(id));
    written.add(id);
  }
  for (const op of ops.toReversed()) {
    const own = gradients.get(op.id);
    if (own === undefined) continue;
    slots.set(
      op.id,
      op.deps.map(dep => {
        // Which rows attention keeps has no derivative; a predictor's scores have one.
        const choice = op.kind === 'tokens' && dep.op === op.scores && op.heads !== undefined;
        if (choice || !needed.has(dep.op)) return { at: 0, accumulate: 0 };
        let at = gradients.get(dep.op);
        if (at === undefined) gradients.set(dep.op, (at = take(dep.op)));
        const accumulate = written.has(dep.op) ? 1 : 0;
        written.add(dep.op);
        return { at, accumulate };
      }),
    );
    // Logits and features are written by the loss, before all others.
    if (op !== ops.at(-1) && op.id !== features)
      free.set(size(op.id), [...(free.get(size(op.id)) ?? []), own]);
  }
  return { gradients, slots };
}

/** Ops with learned values at or before them. */
function needsGradient(ops: readonly Op[]): Set<string> {
  const needed = new Set<string>();
  for (const op of ops) {
    const learns = isKnown(op) || ((op.kind === 'vector' || op.kind === 'tokens') && op.parameters > 0);
    if (learns || op.deps.some(dep => needed.has(dep.op))) needed.add(op.id);
  }
  return needed;
}
