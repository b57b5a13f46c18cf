/** The float32 matrix product in WebAssembly SIMD, emitted at run time: four rows by eight columns, a block of rows of the right operand at a time. */
import { MAX_PAGES } from '../mvm/wasm/arena.ts';
import { assembleModule, FunctionBuilder } from '../mvm/wasm/assembler.ts';
import { PAGE_BYTES, wasmEngine } from '../mvm/wasm/engine.ts';
import { FLOAT_BLOCK } from './float-matmul.ts';

const TILE_ROWS = 4;
const PANEL = 8;
const VECTORS = PANEL / 4;
const UNROLL = 4;
/** A row of the packed block. */
const PACKED_BYTES = PANEL * 4;

export type FloatKernel = (a: Float32Array, m: number, b: Float32Array, k: number, n: number) => Float32Array;

/** A kernel with its own memory, which grows to the largest product that it was given; null without WebAssembly SIMD. */
export function floatKernel(): FloatKernel | null {
  const engine = wasmEngine();
  const bytes = assembleModule(
    [
      { name: 'pack', build: packKernel() },
      { name: 'block', build: blockKernel() },
    ],
    false,
    MAX_PAGES,
  );
  if (engine === undefined || !engine.validate(bytes)) return null;
  const memory = new engine.Memory({ initial: 1, maximum: MAX_PAGES, shared: false });
  const { exports } = new engine.Instance(new engine.Module(bytes), { env: { memory } });
  const packed = FLOAT_BLOCK * PACKED_BYTES;

  return (a, m, b, k, n) => {
    const rows = Math.ceil(m / TILE_ROWS) * TILE_ROWS;
    // A block of rows behind the last one is multiplied by zeros.
    const depth = Math.ceil(k / FLOAT_BLOCK) * FLOAT_BLOCK;
    const width = Math.ceil(n / PANEL) * PANEL;
    const aAt = packed;
    const cAt = aAt + rows * depth * 4;
    const bAt = cAt + rows * width * 4;
    const missing = bAt + k * n * 4 + PACKED_BYTES - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    const { buffer } = memory;
    const left = new Float32Array(buffer, aAt, rows * depth);
    left.fill(0);
    if (depth === k) left.set(a);
    else for (let i = 0; i < m; i++) left.set(a.subarray(i * k, (i + 1) * k), i * depth);
    const sums = new Float32Array(buffer, cAt, rows * width).fill(0);
    new Float32Array(buffer, bAt, k * n).set(b);
    for (let panel = 0; panel < n; panel += PANEL) {
      for (let first = 0; first < k; first += FLOAT_BLOCK) {
        const count = Math.min(FLOAT_BLOCK, k - first);
        const steps = Math.ceil(count / UNROLL);
        new Float32Array(buffer, 0, (steps * UNROLL * PACKED_BYTES) / 4).fill(0);
        exports.pack(bAt + (first * n + panel) * 4, n * 4, 0, count);
        exports.block(aAt + first * 4, depth * 4, 0, cAt + panel * 4, width * 4, rows / TILE_ROWS, steps);
      }
    }
    if (width === n) return sums.slice(0, m * n);
    const c = new Float32Array(m * n);
    for (let i = 0; i < m; i++) c.set(sums.subarray(i * width, i * width + n), i * n);
    return c;
  };
}

/** pack(b, stride, to, rows): eight columns of `rows` rows, one row behind the other. */
function packKernel(): FunctionBuilder {
  const f = new FunctionBuilder(['i32', 'i32', 'i32', 'i32']);
  const [b, stride, to, rows] = f.params.keys();
  f.countDown(rows, () => {
    for (let i = 0; i < VECTORS; i++)
      f.get(to, b)
        .at('v128_load', 16 * i)
        .at('v128_store', 16 * i);
    f.get(b, stride).op('i32_add').set(b);
    f.get(to).i32(PACKED_BYTES).op('i32_add').set(to);
  });
  return f;
}

/** block(a, aStride, b, c, cStride, tiles, steps): adds the sums over 4 `steps` packed rows of `b` to `c`, four rows at a time. */
function blockKernel(): FunctionBuilder {
  const f = new FunctionBuilder(Array.from({ length: 7 }, () => 'i32' as const));
  const [a, aStride, b, c, cStride, tiles, steps] = f.params.keys();
  const row = f.locals('i32', TILE_ROWS);
  const [at, counter] = f.locals('i32', 2);
  const right = f.locals('v128', VECTORS);
  const left = f.local('v128');
  const sums = row.map(() => f.locals('v128', VECTORS));

  f.countDown(tiles, () => {
    for (const r of row) f.get(a).set(r).get(a, aStride).op('i32_add').set(a);
    for (const sum of sums.flat()) f.lanes(0, 0, 0, 0).set(sum);
    f.get(b).set(at).get(steps).set(counter);
    f.countDown(counter, () => {
      for (let step = 0; step < UNROLL; step++) {
        for (const [i, v] of right.entries())
          f.get(at)
            .at('v128_load', step * PACKED_BYTES + 16 * i)
            .set(v);
        for (const [r, pointer] of row.entries()) {
          f.get(pointer)
            .at('v128_load32_splat', step * 4)
            .set(left);
          for (const [i, v] of right.entries())
            f.get(sums[r][i], left, v).op('f32_mul', 'f32_add').set(sums[r][i]);
        }
      }
      for (const pointer of row)
        f.get(pointer)
          .i32(UNROLL * 4)
          .op('i32_add')
          .set(pointer);
      f.get(at)
        .i32(UNROLL * PACKED_BYTES)
        .op('i32_add')
        .set(at);
    });
    for (const sum of sums) {
      for (const [i, v] of sum.entries())
        f.get(c, c)
          .at('v128_load', 16 * i)
          .get(v)
          .op('f32_add')
          .at('v128_store', 16 * i);
      f.get(c, cStride).op('i32_add').set(c);
    }
  });
  return f;
}
