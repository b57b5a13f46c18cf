/** The float32 matrix product in WebAssembly SIMD: a tile of C stays in registers while a packed panel of B streams past (Goto & van de Geijn, 2008). */
import {
  add,
  block,
  type Code,
  iAdd,
  iAnd,
  iMul,
  int,
  iShl,
  iShr,
  iSub,
  isLess,
  isMore,
  KernelBuilder,
  type Local,
  load,
  loadAll,
  loadOne,
  mul,
  select,
  store,
  storeOne,
  times,
  when,
  whileTrue,
} from '../../wasm/expression.ts';

/** Rows of a tile. Its sums, two vectors of B and two temporaries fill the 15 registers that V8 hands out. */
export const TILE_ROWS = 5;
const VECTORS = 2;
/** Columns of a panel. */
export const PANEL = 4 * VECTORS;
export const PANEL_BYTES = 4 * PANEL;
const UNROLL = 4;

/**
 * gemm(a, aRow, aStep, b, c, cRow, m, n, k, bias, biasStep, accumulate, scratch): C (+)= A B + bias.
 *
 * A(i, p) stands at a + i aRow + p aStep; `rows` has aStep = 4 and runs along its rows, `columns` takes any. B is packed:
 * [panel][k][PANEL], a short last panel filled up. C(i, j) at c + i cRow + 4 j. `bias` holds n floats, rounded up to whole panels,
 * with biasStep = PANEL_BYTES; or one panel of zeros with biasStep = 0. Scratch: TILE_ROWS * PANEL_BYTES. Strides in bytes.
 */
export function gemmKernel(along: 'rows' | 'columns'): KernelBuilder {
  const f = new KernelBuilder();
  const [a, aRow, aStep, b, c, cRow, m, n, k, bias, biasStep, accumulate, scratch] = f.args(13);
  const [aTile, cTile, left, bAt, count, valid, row, col, to, from] = f.ints(10);
  const pointers = f.ints(TILE_ROWS);
  const sums = pointers.map(() => f.vectors(VECTORS));
  const columns = f.vectors(VECTORS);
  const [value] = f.vectors(1);

  /** The address of row i of a tile, the last row standing in for rows beyond the end: their sums are stored as equals. */
  const rowAt = (base: Local, i: number, stride: Local): Code =>
    iAdd(base.get, iMul(select(isLess(int(i), valid.get), int(i), iSub(valid.get, int(1))), stride.get));

  const multiplyAdd = (offset: number): Code =>
    block(
      ...columns.map((column, v) => column.set(load(bAt.get, offset * PANEL_BYTES + 16 * v))),
      ...pointers.map((p, i) =>
        block(
          value.set(loadAll(p.get, 4 * offset)),
          ...sums[i].map((sum, v) => sum.set(add(sum.get, mul(columns[v].get, value.get)))),
        ),
      ),
    );

  const product: Code =
    along === 'rows'
      ? block(
          count.set(iShr(k.get, 2)),
          times(
            count,
            ...Array.from({ length: UNROLL }, (_, u) => multiplyAdd(u)),
            bAt.step(UNROLL * PANEL_BYTES),
            ...pointers.map(p => p.step(4 * UNROLL)),
          ),
          count.set(iAnd(k.get, int(UNROLL - 1))),
          times(count, multiplyAdd(0), bAt.step(PANEL_BYTES), ...pointers.map(p => p.step(4))),
        )
      : block(
          count.set(k.get),
          times(count, multiplyAdd(0), bAt.step(PANEL_BYTES), ...pointers.map(p => p.step(aStep.get))),
        );

  const wholePanel = block(
    ...pointers.map((p, i) => p.set(rowAt(cTile, i, cRow))),
    when(
      accumulate.get,
      block(...pointers.flatMap((p, i) => sums[i].map((s, v) => s.set(add(s.get, load(p.get, 16 * v)))))),
    ),
    ...pointers.flatMap((p, i) => sums[i].map((s, v) => store(p.get, s.get, 16 * v))),
  );

  const shortPanel = block(
    ...sums.flatMap((row, i) => row.map((s, v) => store(scratch.get, s.get, i * PANEL_BYTES + 16 * v))),
    row.set(valid.get),
    to.set(cTile.get),
    from.set(scratch.get),
    times(
      row,
      col.set(n.get),
      times(
        col,
        value.set(loadOne(from.get)),
        when(accumulate.get, value.set(add(value.get, loadOne(to.get)))),
        storeOne(to.get, value.get),
        to.step(4),
        from.step(4),
      ),
      to.step(iSub(cRow.get, iShl(n.get, 2))),
      from.step(iSub(int(PANEL_BYTES), iShl(n.get, 2))),
    ),
  );

  return f.emit(
    whileTrue(
      isMore(n.get, int(0)),
      aTile.set(a.get),
      cTile.set(c.get),
      left.set(m.get),
      whileTrue(
        isMore(left.get, int(0)),
        valid.set(select(isLess(left.get, int(TILE_ROWS)), left.get, int(TILE_ROWS))),
        ...pointers.map((p, i) => p.set(rowAt(aTile, i, aRow))),
        ...sums.map(row => block(...row.map((s, v) => s.set(load(bias.get, 16 * v))))),
        bAt.set(b.get),
        product,
        when(isLess(n.get, int(PANEL)), shortPanel, wholePanel),
        aTile.step(iMul(aRow.get, int(TILE_ROWS))),
        cTile.step(iMul(cRow.get, int(TILE_ROWS))),
        left.step(-TILE_ROWS),
      ),
      b.step(iMul(k.get, int(PANEL_BYTES))),
      c.step(PANEL_BYTES),
      bias.step(biasStep.get),
      n.step(-PANEL),
    ),
  );
}
