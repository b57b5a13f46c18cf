/** Emits the float32 matrix product: four rows by eight columns, a block of rows of the right operand at a time. */
import { type ExportedFunction, FunctionBuilder } from './assembler.ts';
import { PACKED_BYTES, PANEL, TILE_ROWS, UNROLL } from './float-work.ts';

const VECTORS = PANEL / 4;

export const floatFunctions = (): ExportedFunction[] => [
  { name: 'pack', build: packKernel() },
  { name: 'block', build: blockKernel() },
];

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
