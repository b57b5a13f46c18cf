/** Kernels along rows of any length: LayerNorm (arXiv 1607.06450), softmax (TReX, arXiv 2408.12742, Eq. 2), sums over rows; with their derivatives. */

import {
  across,
  add,
  all,
  block,
  type Code,
  div,
  iAnd,
  int,
  iShl,
  iShr,
  iSub,
  KernelBuilder,
  type Local,
  load,
  loadAll,
  max,
  mul,
  splat,
  splatInt,
  sqrt,
  storeOne,
  sub,
  times,
  toFloats,
  when,
} from '../../wasm/expression.ts';
import { alongRow, type Width } from './along-row.ts';
import { expCode } from './math.ts';

/** Puts pointers back to the start of a row of `length` values. */
const rewind = (length: Code, ...pointers: readonly Local[]): Code =>
  block(...pointers.map(p => p.set(iSub(p.get, iShl(length, 2)))));

/** layerNorm(x, gain, shift, y, stats, rows, width, eps): stats keeps mean and 1 / deviation of each row. */
function layerNorm(): KernelBuilder {
  const f = new KernelBuilder();
  const [x, gain, shift, y, stats, rows, width] = f.args(7);
  const [eps] = f.scalars(1);
  const [count] = f.ints(1);
  const [sum, mean, factor, value, perWidth] = f.vectors(5);
  return f.emit(
    perWidth.set(div(all(1), toFloats(splatInt(width.get)))),
    times(
      rows,
      sum.set(all(0)),
      alongRow(count, width.get, [x], w => sum.set(add(sum.get, w.read(x)))),
      across(sum, add),
      mean.set(mul(sum.get, perWidth.get)),
      rewind(width.get, x),
      sum.set(all(0)),
      alongRow(count, width.get, [x], w =>
        block(value.set(w.keep(sub(w.read(x), mean.get))), sum.set(add(sum.get, mul(value.get, value.get)))),
      ),
      across(sum, add),
      factor.set(div(all(1), sqrt(add(mul(sum.get, perWidth.get), splat(eps.get))))),
      storeOne(stats.get, mean.get),
      storeOne(stats.get, factor.get, 4),
      stats.step(8),
      rewind(width.get, x),
      alongRow(count, width.get, [x, gain, shift, y], w =>
        w.write(y, add(mul(mul(sub(w.read(x), mean.get), factor.get), w.read(gain)), w.read(shift))),
      ),
      rewind(width.get, gain, shift),
    ),
  );
}

/**
 * layerNormBackward(x, gain, dy, stats, dx, dGain, dShift, rows, width, accumulate): dx (+)=
 * (g - mean(g) - h mean(g h)) / deviation with g = dy gain and h the normalised x; dGain += dy h; dShift += dy.
 */
function layerNormBackward(): KernelBuilder {
  const f = new KernelBuilder();
  const [x, gain, dy, stats, dx, dGain, dShift, rows, width, accumulate] = f.args(10);
  const [count] = f.ints(1);
  const [mean, factor, g, h, sum, product, perWidth] = f.vectors(7);
  const normalised = (w: Width): Code => w.keep(mul(sub(w.read(x), mean.get), factor.get));
  return f.emit(
    perWidth.set(div(all(1), toFloats(splatInt(width.get)))),
    times(
      rows,
      mean.set(loadAll(stats.get)),
      factor.set(loadAll(stats.get, 4)),
      stats.step(8),
      sum.set(all(0)),
      product.set(all(0)),
      alongRow(count, width.get, [x, gain, dy, dGain, dShift], w =>
        block(
          h.set(normalised(w)),
          w.write(dGain, add(w.read(dGain), mul(w.read(dy), h.get))),
          w.write(dShift, add(w.read(dShift), w.read(dy))),
          g.set(mul(w.read(dy), w.read(gain))),
          sum.set(add(sum.get, g.get)),
          product.set(add(product.get, mul(g.get, h.get))),
        ),
      ),
      rewind(width.get, x, gain, dy, dGain, dShift),
      across(sum, add),
      across(product, add),
      sum.set(mul(sum.get, perWidth.get)),
      product.set(mul(product.get, perWidth.get)),
      alongRow(count, width.get, [x, gain, dy, dx], w =>
        block(
          h.set(normalised(w)),
          g.set(mul(w.read(dy), w.read(gain))),
          g.set(mul(factor.get, sub(sub(g.get, sum.get), mul(h.get, product.get)))),
          when(accumulate.get, g.set(add(g.get, w.read(dx)))),
          w.write(dx, g.get),
        ),
      ),
      rewind(width.get, gain),
    ),
  );
}

/**
 * softmax(x, y, segments, length, valid, scale): y = softmax(scale x) over the first `valid` values of each segment, zero
 * beyond: padding gets no attention.
 */
function softmax(): KernelBuilder {
  const f = new KernelBuilder();
  const [x, y, segments, length, valid] = f.args(5);
  const [scale] = f.scalars(1);
  const [count] = f.ints(1);
  const [largest, value, sum] = f.vectors(3);
  const exp = expCode(f);
  const rest = iSub(length.get, valid.get);
  return f.emit(
    times(
      segments,
      largest.set(mul(loadAll(x.get), splat(scale.get))),
      // Lanes without a value repeat the first one: they never are the largest alone.
      value.set(largest.get),
      count.set(iShr(valid.get, 2)),
      times(count, largest.set(max(largest.get, mul(load(x.get), splat(scale.get)))), x.step(16)),
      count.set(iAnd(valid.get, int(3))),
      times(count, largest.set(max(largest.get, mul(loadAll(x.get), splat(scale.get)))), x.step(4)),
      across(largest, max),
      rewind(valid.get, x),
      sum.set(all(0)),
      alongRow(count, valid.get, [x, y], w =>
        block(
          value.set(sub(mul(w.read(x), splat(scale.get)), largest.get)),
          exp(value),
          sum.set(add(sum.get, w.keep(value.get))),
          w.write(y, value.get),
        ),
      ),
      across(sum, add),
      sum.set(div(all(1), sum.get)),
      rewind(valid.get, y),
      alongRow(count, valid.get, [y], w => w.write(y, mul(w.read(y), sum.get))),
      alongRow(count, rest, [y], w => w.write(y, all(0))),
      x.step(iShl(rest, 2)),
    ),
  );
}

/** softmaxBackward(y, dy, dx, segments, length, accumulate, scale): dx (+)= scale y (dy - sum of y dy). */
function softmaxBackward(): KernelBuilder {
  const f = new KernelBuilder();
  const [y, dy, dx, segments, length, accumulate] = f.args(6);
  const [scale] = f.scalars(1);
  const [count] = f.ints(1);
  const [sum, value] = f.vectors(2);
  return f.emit(
    times(
      segments,
      sum.set(all(0)),
      alongRow(count, length.get, [y, dy], w => sum.set(add(sum.get, mul(w.read(y), w.read(dy))))),
      across(sum, add),
      rewind(length.get, y, dy),
      alongRow(count, length.get, [y, dy, dx], w =>
        block(
          value.set(mul(mul(w.read(y), splat(scale.get)), sub(w.read(dy), sum.get))),
          when(accumulate.get, value.set(add(value.get, w.read(dx)))),
          w.write(dx, value.get),
        ),
      ),
    ),
  );
}

/** columnSums(x, stride, rows, width, to): to[j] += sum over rows of x(i, j), first row first; stride in bytes. */
function columnSums(): KernelBuilder {
  const f = new KernelBuilder();
  const [x, stride, rows, width, to] = f.args(5);
  const [count, from, left] = f.ints(3);
  const [sum] = f.vectors(1);
  return f.emit(
    alongRow(count, width.get, [x, to], w =>
      block(
        from.set(x.get),
        left.set(rows.get),
        sum.set(w.read(to)),
        times(left, sum.set(add(sum.get, w.read(from))), from.step(stride.get)),
        w.write(to, sum.get),
      ),
    ),
  );
}

export const rowKernels = () => ({
  layerNorm: layerNorm(),
  layerNormBackward: layerNormBackward(),
  softmax: softmax(),
  softmaxBackward: softmaxBackward(),
  columnSums: columnSums(),
});
