/** Loads a matrix that was programmed elsewhere: copies it, and measures how far its sums reach. */

import type { Arena } from '../../../wasm/arena.ts';
import type { ProgrammedMatrix } from '../programmed-matrix.ts';
import type { MvmPlan } from '../spec.ts';
import { type MatrixLayout, sumsBytes } from './block.ts';
import { finishKernel } from './finish-kernel.ts';
import type { Host } from './host.ts';
import { cellCount, layoutOf, writeCells, writeStart } from './layout.ts';
import type { LoadedCells } from './matrix.ts';
import { boundsOf, INT16, sumMode, type ValueBounds } from './value-bounds.ts';

/** A task of fewer cells is not worth waking other threads. */
const SMALL_CELLS = 2 ** 17;

/** Inside a queued job. */
export async function loadCells(host: Host, matrix: ProgrammedMatrix): Promise<LoadedCells> {
  const { plan, noise, offsets, inl } = matrix;
  const cellBytes = fitsShort(matrix.g) ? 2 : 4;
  const entries = noise.kind === 'none' ? 0 : noise.table.length;
  const place = (start: number) => layoutOf(plan, cellBytes, noise.kind === 'cells', entries, start);
  const { arena, at } = host.place(place(0).bytes);
  const { layout, bytes } = place(at);
  writeCells(arena.memory.buffer, matrix, layout);
  const bounds = cellBytes === 2 ? await measure(host, arena, plan, layout) : undefined;
  const converted = { plan, offsets, noise, inl, bounds };
  const mode = sumMode(converted);
  writeStart(arena.memory.buffer, converted, layout, mode);
  return { arena, layout, bytes, converted, mode };
}

async function measure(host: Host, arena: Arena, plan: MvmPlan, layout: MatrixLayout): Promise<ValueBounds> {
  const shape = { reference: false };
  const kernel = host.kernel(arena, 'measure', shape, () => [{ name: 'finish', build: finishKernel(shape) }]);
  const space = host.workspace(arena, sumsBytes(layout));
  const finish = { reference: 0, sums: space.at };
  const { rows, arrayRows, cols } = plan.spec;
  const task = { kind: 'program' as const, layout, rows, arrayRows, cols, squareSums: 0, finish };
  await host.work(space, [{ kernel, task }], { alone: isSmall(layout) });
  return boundsOf(new Int32Array(arena.memory.buffer, space.at, sumsBytes(layout) / 4), layout, plan);
}

function fitsShort(g: Int32Array): boolean {
  for (const units of g) if (units >= INT16 || units <= -INT16) return false;
  return true;
}

/** Whether the calling thread programs or measures the cells alone. */
export const isSmall = (layout: MatrixLayout): boolean => cellCount(layout) < SMALL_CELLS;
