/** A tile of a matrix product in WebAssembly SIMD: four rows by eight columns stay in registers while a panel of the right operand streams past. */
import {
  add,
  allInts,
  block,
  type Code,
  dot,
  intAdd,
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
/** A step of a panel: eight float32, or eight pairs of int16. */
export const STEP_BYTES = 4 * PANEL;

/** sum + a b of four lanes. */
type MultiplyAdd = (sum: Code, a: Code, b: Code) => Code;
const MULTIPLY_ADD = {
  float32: (sum, a, b) => add(sum, mul(a, b)),
  /** A lane holds two neighbouring values of a row, or of a column. */
  int16: (sum, a, b) => intAdd(sum, dot(a, b)),
} satisfies Record<string, MultiplyAdd>;
const ADD = { float32: add, int16: intAdd };

/**
 * tile(a, aStride, b, c, cStride, tiles, turns): adds to `c`, four rows at a time, their products with `turns` x 4 steps of the
 * panel at `b`. A step takes 4 bytes of a row of `a`; strides in bytes.
 */
export function tileKernel(type: keyof typeof MULTIPLY_ADD): KernelBuilder {
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
          ...sums[r].map((sum, i) => sum.set(MULTIPLY_ADD[type](sum.get, value.get, right[i].get))),
        ),
      ),
    );
  return f.emit(
    times(
      tiles,
      ...rows.map(row => block(row.set(a.get), a.step(aStride.get))),
      ...sums.flat().map(sum => sum.set(allInts(0))),
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
          ...row.map((sum, i) => store(c.get, ADD[type](load(c.get, 16 * i), sum.get), 16 * i)),
          c.step(cStride.get),
        ),
      ),
    ),
  );
}
