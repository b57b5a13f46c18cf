/** Kernels of the optimiser: gradients of several parts of a batch added up, their norm, and AdamW (Loshchilov & Hutter, arXiv 1711.05101). Counts are of vectors of four. */
import {
  across,
  add,
  all,
  div,
  KernelBuilder,
  load,
  mul,
  splat,
  sqrt,
  store,
  storeOne,
  sub,
  times,
} from '../../wasm/expression.ts';

/** sumParts(first, stride, parts, to, vectors): to = part 0 + part 1 + ..., in this order; stride in bytes from part to part. */
function sumParts(): KernelBuilder {
  const f = new KernelBuilder();
  const [first, stride, parts, to, count] = f.args(5);
  const [from, left] = f.ints(2);
  const [sum] = f.vectors(1);
  return f.emit(
    times(
      count,
      from.set(first.get),
      left.set(parts.get),
      sum.set(all(0)),
      times(left, sum.set(add(sum.get, load(from.get))), from.step(stride.get)),
      store(to.get, sum.get),
      first.step(16),
      to.step(16),
    ),
  );
}

/** squares(x, vectors, to): one float, the sum of x^2. */
function squares(): KernelBuilder {
  const f = new KernelBuilder();
  const [x, count, to] = f.args(3);
  const [sum, value] = f.vectors(2);
  return f.emit(
    sum.set(all(0)),
    times(count, value.set(load(x.get)), sum.set(add(sum.get, mul(value.get, value.get))), x.step(16)),
    across(sum, add),
    storeOne(to.get, sum.get),
  );
}

/**
 * adamw(p, g, m, v, vectors, clip, beta1, beta2, step, rootCorrection, eps, decay): g scaled by `clip`;
 * m, v its moments; p = p decay - step m / (sqrt(v) rootCorrection + eps), where step = rate / (1 - beta1^t),
 * rootCorrection = 1 / sqrt(1 - beta2^t) and decay = 1 - rate * weight decay.
 */
function adamw(): KernelBuilder {
  const f = new KernelBuilder();
  const [p, g, m, v, count] = f.args(5);
  const [clip, beta1, beta2, step, rootCorrection, eps, decay] = f
    .scalars(7)
    .map(scalar => splat(scalar.get));
  const [gradient, first, second] = f.vectors(3);
  return f.emit(
    times(
      count,
      gradient.set(mul(load(g.get), clip)),
      first.set(add(mul(load(m.get), beta1), mul(gradient.get, sub(all(1), beta1)))),
      store(m.get, first.get),
      second.set(add(mul(load(v.get), beta2), mul(mul(gradient.get, gradient.get), sub(all(1), beta2)))),
      store(v.get, second.get),
      first.set(div(mul(first.get, step), add(mul(sqrt(second.get), rootCorrection), eps))),
      store(p.get, sub(mul(load(p.get), decay), first.get)),
      ...[p, g, m, v].map(pointer => pointer.step(16)),
    ),
  );
}

export const optimizerKernels = () => ({
  sumParts: sumParts(),
  squares: squares(),
  adamw: adamw(),
});
