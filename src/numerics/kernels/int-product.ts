/** The integer matrix product, exact in int32, in WebAssembly SIMD: two rows by sixteen columns, pairs of int16 products added up. */
import type { WasmFunction } from '../../wasm/engine.ts';
import {
  allInts,
  block,
  dot,
  iAdd,
  intAdd,
  iShl,
  KernelBuilder,
  load,
  loadAll,
  store,
  times,
} from '../../wasm/expression.ts';

/** Columns of a panel. */
export const INT_PANEL = 16;
const VECTORS = [0, 1, 2, 3];
/** A step of a panel: two neighbouring rows. */
const STEP_BYTES = INT_PANEL * 4;

/** k x n integers: [panel][step][column in panel][2], a step being two neighbouring rows; filled up with zeros. */
export interface IntPanels {
  readonly k: number;
  readonly n: number;
  readonly data: Int16Array;
}

/** m x k times k x n: the left operand and the sums lie from `at` on, the panels at `panels`. */
export interface IntTask {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly at: number;
  readonly panels: number;
}

const stepsOf = (k: number): number => Math.ceil(k / 2);
const widthOf = (n: number): number => Math.ceil(n / INT_PANEL) * INT_PANEL;

/** From a row-major k x n array. */
export function intPanels(values: Int16Array, k: number, n: number): IntPanels {
  const steps = stepsOf(k);
  const data = new Int16Array(widthOf(n) * steps * 2);
  for (let i = 0; i < k; i++)
    for (let j = 0; j < n; j++) {
      const step = Math.floor(j / INT_PANEL) * steps + (i >> 1);
      data[(step * INT_PANEL + (j % INT_PANEL)) * 2 + (i & 1)] = values[i * n + j];
    }
  return { k, n, data };
}

export const intFunctions = () => [{ name: 'product', build: productKernel() }] as const;

/** product(a, b, c, cStride, rowPairs, steps): all rows of one panel, two at a time. A row of `a` is steps x 4 bytes. */
function productKernel(): KernelBuilder {
  const f = new KernelBuilder();
  const [a, b, c, cStride, rowPairs, steps] = f.args(6);
  const [left, at, second] = f.ints(3);
  const sums = [f.vectors(4), f.vectors(4)];
  const values = f.vectors(2);
  const [right] = f.vectors(1);
  return f.emit(
    times(
      rowPairs,
      ...sums.flat().map(sum => sum.set(allInts(0))),
      left.set(steps.get),
      at.set(b.get),
      second.set(iAdd(a.get, iShl(steps.get, 2))),
      times(
        left,
        ...[a, second].map((row, r) => values[r].set(loadAll(row.get))),
        ...VECTORS.map(v =>
          block(
            right.set(load(at.get, 16 * v)),
            ...sums.map((sum, r) => sum[v].set(intAdd(sum[v].get, dot(right.get, values[r].get)))),
          ),
        ),
        at.step(STEP_BYTES),
        a.step(4),
        second.step(4),
      ),
      a.set(second.get),
      ...sums.map(row => block(...row.map((sum, v) => store(c.get, sum.get, 16 * v)), c.step(cStride.get))),
    ),
  );
}

/** Bytes of the left operand, and of the sums behind it. */
export function intBytes({ m, k, n }: Pick<IntTask, 'm' | 'k' | 'n'>): readonly [number, number] {
  const rows = Math.ceil(m / 2) * 2;
  return [Math.ceil((rows * stepsOf(k) * 4) / 64) * 64, rows * widthOf(n) * 4];
}

/** `a` (row-major) times the panels. */
export function intProduct(
  product: WasmFunction,
  memory: ArrayBuffer | SharedArrayBuffer,
  task: IntTask,
  a: Int16Array | Int8Array | Uint8Array,
): Int32Array {
  const { m, k, n, at, panels } = task;
  const [steps, width] = [stepsOf(k), widthOf(n)];
  const [leftBytes, sumBytes] = intBytes(task);
  const left = new Int16Array(memory, at, leftBytes / 2);
  if (k % 2 === 0) left.set(a.subarray(0, m * k));
  else {
    left.fill(0);
    for (let i = 0; i < m; i++) left.set(a.subarray(i * k, (i + 1) * k), i * steps * 2);
  }
  const c = at + leftBytes;
  for (let column = 0; column < width; column += INT_PANEL)
    product(at, panels + column * steps * 4, c + column * 4, width * 4, Math.ceil(m / 2), steps);
  const sums = new Int32Array(memory, c, sumBytes / 4);
  const y = new Int32Array(m * n);
  if (width === n) y.set(sums.subarray(0, m * n));
  else for (let i = 0; i < m; i++) y.set(sums.subarray(i * width, i * width + n), i * n);
  return y;
}
