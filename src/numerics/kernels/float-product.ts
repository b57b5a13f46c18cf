/** The float32 matrix product as work items: eight columns each. Where its operands lie, and the order of its sums. */
import type { WasmFunction } from '../../wasm/engine.ts';
import { KernelBuilder, load, store, times } from '../../wasm/expression.ts';
import { PANEL, STEP_BYTES, TILE_ROWS, tileKernel, UNROLL } from './float-tile.ts';

/** Products are summed over so many rows of the right operand, then the sums of these blocks are: all in float32, from the first row on. */
export const FLOAT_BLOCK = 64;
/** Bytes of the packed block: each thread has its own. */
export const PACKED_BYTES = FLOAT_BLOCK * STEP_BYTES;

export const floatFunctions = () =>
  [
    { name: 'pack', build: packKernel() },
    { name: 'tile', build: tileKernel() },
  ] as const;

export type FloatKernels = Readonly<Record<'pack' | 'tile', WasmFunction>>;

/** pack(b, stride, to, rows): eight columns of `rows` rows, one row behind the other. */
function packKernel(): KernelBuilder {
  const f = new KernelBuilder();
  const [b, stride, to, rows] = f.args(4);
  return f.emit(
    times(
      rows,
      store(to.get, load(b.get)),
      store(to.get, load(b.get, 16), 16),
      b.step(stride.get),
      to.step(STEP_BYTES),
    ),
  );
}

/** m x k times k x n, all row-major; rows of the left operand are padded with zeros to whole blocks. */
export interface FloatTask {
  readonly kind: 'float';
  readonly m: number;
  readonly k: number;
  readonly n: number;
  /** Addresses. */
  readonly a: number;
  readonly b: number;
  readonly c: number;
  /** Padded sizes of the left operand and of a row of sums. */
  readonly rows: number;
  readonly depth: number;
  readonly width: number;
}

type Memory = ArrayBuffer | SharedArrayBuffer;

/** A product whose operands lie from `at` on, and the bytes that they take. */
export function floatTask(at: number, m: number, k: number, n: number): { task: FloatTask; bytes: number } {
  const rows = Math.ceil(m / TILE_ROWS) * TILE_ROWS;
  // A block of rows behind the last one is multiplied by zeros.
  const depth = Math.ceil(k / FLOAT_BLOCK) * FLOAT_BLOCK;
  const width = Math.ceil(n / PANEL) * PANEL;
  const c = at + rows * depth * 4;
  const b = c + rows * width * 4;
  const task = { kind: 'float' as const, m, k, n, a: at, b, c, rows, depth, width };
  return { task, bytes: b + k * n * 4 + STEP_BYTES - at };
}

export function writeOperands(memory: Memory, task: FloatTask, a: Float32Array, b: Float32Array): void {
  const { m, k, n, rows, depth, width } = task;
  const left = new Float32Array(memory, task.a, rows * depth);
  left.fill(0);
  if (depth === k) left.set(a);
  else for (let i = 0; i < m; i++) left.set(a.subarray(i * k, (i + 1) * k), i * depth);
  new Float32Array(memory, task.c, rows * width).fill(0);
  new Float32Array(memory, task.b, k * n).set(b);
}

/** Eight columns of the product; `packed` is the address of `PACKED_BYTES` of scratch. */
export function floatPanel(
  kernels: FloatKernels,
  memory: Memory,
  task: FloatTask,
  panel: number,
  packed: number,
): void {
  const { k, n, a, b, c, rows, depth, width } = task;
  const column = panel * PANEL;
  for (let first = 0; first < k; first += FLOAT_BLOCK) {
    const count = Math.min(FLOAT_BLOCK, k - first);
    const turns = Math.ceil(count / UNROLL);
    if (turns * UNROLL > count) new Float32Array(memory, packed, (turns * UNROLL * STEP_BYTES) / 4).fill(0);
    kernels.pack(b + (first * n + column) * 4, n * 4, packed, count);
    kernels.tile(a + first * 4, depth * 4, packed, c + column * 4, width * 4, rows / TILE_ROWS, turns);
  }
}

export function readProduct(memory: Memory, { m, n, c, rows, width }: FloatTask): Float32Array {
  const sums = new Float32Array(memory, c, rows * width);
  const y = new Float32Array(m * n);
  if (width === n) y.set(sums.subarray(0, m * n));
  else for (let i = 0; i < m; i++) y.set(sums.subarray(i * width, i * width + n), i * n);
  return y;
}
