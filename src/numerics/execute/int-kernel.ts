/** The integer matrix product in WebAssembly SIMD, emitted at run time: four rows by eight columns, pairs of int16 products added in int32 lanes. */
import { assembleModule, FunctionBuilder } from '../mvm/wasm/assembler.ts';
import { PAGE_BYTES, wasmEngine } from '../mvm/wasm/engine.ts';
import { INT_PANEL, type IntPanels } from './panels.ts';

const ROWS = 4;
const UNROLL = 4;
const VECTORS = INT_PANEL / 4;
/** 32-bit address space. */
const MAX_PAGES = 65536;

export type IntKernel = (a: Int16Array, m: number, b: IntPanels) => Int32Array;

/** A kernel with its own memory, which grows to the largest product that it was given; null without WebAssembly SIMD. */
export function intKernel(): IntKernel | null {
  const engine = wasmEngine();
  const bytes = assembleModule([{ name: 'panel', build: panelKernel() }], false, MAX_PAGES);
  if (engine === undefined || !engine.validate(bytes)) return null;
  const memory = new engine.Memory({ initial: 1, maximum: MAX_PAGES, shared: false });
  const { exports } = new engine.Instance(new engine.Module(bytes), { env: { memory } });

  return (a, m, b) => {
    const { k, n, steps, data } = b;
    const rows = Math.ceil(m / ROWS) * ROWS;
    const width = data.length / (2 * steps);
    const [aBytes, cBytes] = [rows * steps * 4, rows * width * 4];
    const missing = aBytes + cBytes + data.byteLength - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    const bAt = aBytes + cBytes;

    const left = new Int16Array(memory.buffer, 0, aBytes / 2);
    left.fill(0);
    for (let i = 0; i < m; i++) left.set(a.subarray(i * k, (i + 1) * k), i * steps * 2);
    new Int16Array(memory.buffer, bAt, data.length).set(data);
    for (let panel = 0; panel < width; panel += INT_PANEL)
      exports.panel(0, bAt + panel * steps * 4, aBytes + panel * 4, rows / ROWS, steps, width * 4);
    const sums = new Int32Array(memory.buffer, aBytes, rows * width);
    const c = new Int32Array(m * n);
    for (let i = 0; i < m; i++) c.set(sums.subarray(i * width, i * width + n), i * n);
    return c;
  };
}

/**
 * panel(a, b, c, tiles, steps, cStride): all rows of one panel, four at a time. A row of `a` is steps x 4 bytes, a step
 * of `b` 32 bytes, a row of `c` cStride bytes.
 */
function panelKernel(): FunctionBuilder {
  const f = new FunctionBuilder(Array.from({ length: 6 }, () => 'i32' as const));
  const [a, b, c, tiles, steps, cStride] = f.params.keys();
  const row = f.locals('i32', ROWS);
  const [at, counter] = f.locals('i32', 2);
  const right = f.locals('v128', VECTORS);
  const pair = f.local('v128');
  const sums = row.map(() => f.locals('v128', VECTORS));

  f.countDown(tiles, () => {
    for (const r of row) {
      f.get(a).set(r);
      f.get(a, steps).i32(2).op('i32_shl', 'i32_add').set(a);
    }
    for (const sum of sums.flat()) f.lanes(0, 0, 0, 0).set(sum);
    f.get(b).set(at);
    f.get(steps).i32(Math.log2(UNROLL)).op('i32_shr_u').set(counter);
    f.countDown(counter, () => {
      for (let step = 0; step < UNROLL; step++) {
        for (const [i, v] of right.entries()) {
          f.get(at)
            .at('v128_load', (step * VECTORS + i) * 16)
            .set(v);
        }
        for (const [r, pointer] of row.entries()) {
          f.get(pointer)
            .at('v128_load32_splat', step * 4)
            .set(pair);
          for (const [i, v] of right.entries()) f.get(sums[r][i], pair, v).op('dot', 'add').set(sums[r][i]);
        }
      }
      for (const pointer of row)
        f.get(pointer)
          .i32(UNROLL * 4)
          .op('i32_add')
          .set(pointer);
      f.get(at)
        .i32(UNROLL * VECTORS * 16)
        .op('i32_add')
        .set(at);
    });
    for (const sum of sums) {
      for (const [i, v] of sum.entries()) f.get(c, v).at('v128_store', i * 16);
      f.get(c, cStride).op('i32_add').set(c);
    }
  });
  return f;
}
