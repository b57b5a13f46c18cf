/** Cuts the right operand of a product into the panels that `gemm` streams (Goto & van de Geijn, 2008, section 5). */
import {
  block,
  type Code,
  iAdd,
  iAnd,
  iMul,
  int,
  iShr,
  iSub,
  isLess,
  isMore,
  KernelBuilder,
  load,
  loadOne,
  select,
  shuffle,
  store,
  storeOne,
  times,
  whileTrue,
} from '../../wasm/expression.ts';
import { PANEL, PANEL_BYTES } from './gemm.ts';

/** Bytes of a packed k x n matrix. */
export const packedBytes = (k: number, n: number): number => Math.ceil(n / PANEL) * PANEL_BYTES * k;

/**
 * pack(source, stride, k, n, to): B(p, j) at source + p stride + 4 j. What a short last panel has beyond column n is whatever
 * stands there: gemm never stores those sums.
 */
export function packKernel(): KernelBuilder {
  const f = new KernelBuilder();
  const [source, stride, k, n, to] = f.args(5);
  const [from, count] = f.ints(2);
  return f.emit(
    whileTrue(
      isMore(n.get, int(0)),
      from.set(source.get),
      count.set(k.get),
      times(
        count,
        ...quads.map(v => store(to.get, load(from.get, 16 * v), 16 * v)),
        from.step(stride.get),
        to.step(PANEL_BYTES),
      ),
      source.step(PANEL_BYTES),
      n.step(-PANEL),
    ),
  );
}

/** packTransposed(source, stride, k, n, to): B(p, j) at source + j stride + 4 p. A short last panel repeats column n - 1. */
export function packTransposedKernel(): KernelBuilder {
  const f = new KernelBuilder();
  const [source, stride, k, n, to] = f.args(5);
  const [count] = f.ints(1);
  const columns = f.ints(PANEL);
  const rows = f.vectors(4);
  const pairs = f.vectors(4);

  /** Four columns, four steps: a 4 x 4 transpose in registers. */
  const square = (v: number): Code => {
    const [a, b, c, d] = pairs.map(p => p.get);
    const r = rows.map(row => row.get);
    return block(
      ...rows.map((row, i) => row.set(load(columns[4 * v + i].get))),
      pairs[0].set(shuffle(r[0], r[1], 0, 4, 1, 5)),
      pairs[1].set(shuffle(r[2], r[3], 0, 4, 1, 5)),
      pairs[2].set(shuffle(r[0], r[1], 2, 6, 3, 7)),
      pairs[3].set(shuffle(r[2], r[3], 2, 6, 3, 7)),
      store(to.get, shuffle(a, b, 0, 1, 4, 5), 16 * v),
      store(to.get, shuffle(a, b, 2, 3, 6, 7), 16 * v + PANEL_BYTES),
      store(to.get, shuffle(c, d, 0, 1, 4, 5), 16 * v + 2 * PANEL_BYTES),
      store(to.get, shuffle(c, d, 2, 3, 6, 7), 16 * v + 3 * PANEL_BYTES),
    );
  };

  return f.emit(
    whileTrue(
      isMore(n.get, int(0)),
      ...columns.map((column, j) => {
        const valid = select(isLess(int(j), n.get), int(j), iSub(n.get, int(1)));
        return column.set(iAdd(source.get, iMul(valid, stride.get)));
      }),
      count.set(iShr(k.get, 2)),
      times(count, ...quads.map(square), ...columns.map(c => c.step(16)), to.step(4 * PANEL_BYTES)),
      count.set(iAnd(k.get, int(3))),
      times(
        count,
        ...columns.map((c, j) => block(storeOne(to.get, loadOne(c.get), 4 * j), c.step(4))),
        to.step(PANEL_BYTES),
      ),
      source.step(iMul(stride.get, int(PANEL))),
      n.step(-PANEL),
    ),
  );
}

const quads = Array.from({ length: PANEL / 4 }, (_, v) => v);
