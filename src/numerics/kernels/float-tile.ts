/** A tile of the float32 matrix product in WebAssembly SIMD: four rows by eight columns stay in registers while a panel of the right operand streams past. */
import {
  add,
  all,
  block,
  type Code,
  KernelBuilder,
  load,
  loadAll,
  mul,
  store,
  times,
} from '../../wasm/expression.ts';

export const TILE_ROWS = 4;
/** Columns of a panel. */
export const PANEL = 8;
/** Steps of one turn of the loop. */
export const UNROLL = 4;
/** A row of a panel. */
export const STEP_BYTES = 4 * PANEL;

/**
 * tile(a, aStride, b, c, cStride, tiles, turns): adds to `c`, four rows at a time, their products with `turns` x 4 steps of the
 * panel at `b`. A step takes 4 bytes of a row of `a`; strides in bytes.
 */
export function tileKernel(): KernelBuilder {
  const f = new KernelBuilder();
  const [a, aStride, b, c, cStride, tiles, turns] = f.args(7);
  const rows = f.ints(TILE_ROWS);
  const [at, left] = f.ints(2);
  const right = f.vectors(PANEL / 4);
  const [value] = f.vectors(1);
  const sums = rows.map(() => f.vectors(PANEL / 4));

  const step = (u: number): Code =>
    block(
      ...right.map((v, i) => v.set(load(at.get, u * STEP_BYTES + 16 * i))),
      ...rows.map((row, r) =>
        block(
          value.set(loadAll(row.get, 4 * u)),
          ...sums[r].map((sum, i) => sum.set(add(sum.get, mul(value.get, right[i].get)))),
        ),
      ),
    );
  return f.emit(
    times(
      tiles,
      ...rows.map(row => block(row.set(a.get), a.step(aStride.get))),
      ...sums.flat().map(sum => sum.set(all(0))),
      at.set(b.get),
      left.set(turns.get),
      times(
        left,
        ...Array.from({ length: UNROLL }, (_, u) => step(u)),
        ...rows.map(row => row.step(UNROLL * 4)),
        at.step(UNROLL * STEP_BYTES),
      ),
      ...sums.map(row =>
        block(
          ...row.map((sum, i) => store(c.get, add(load(c.get, 16 * i), sum.get), 16 * i)),
          c.step(cStride.get),
        ),
      ),
    ),
  );
}
