/** Kernels that treat every value alike: activation functions with their derivatives, sums, quantisation. Counts are of vectors of four. */
import {
  add,
  all,
  block,
  type Code,
  choose,
  KernelBuilder,
  type Local,
  less,
  load,
  max,
  min,
  mul,
  nearest,
  splat,
  store,
  sub,
  times,
  when,
} from '../../wasm/expression.ts';
import { normalCode, tanhCode } from './math.ts';

const GELU_CUBIC = 0.044715;
const GELU_SLOPE = Math.sqrt(2 / Math.PI);
const BELL = 1 / Math.sqrt(2 * Math.PI);

/** What a kernel computes: statements that set `y` from `x`, scalars among `scalars` (in all lanes). */
type Formula = (f: KernelBuilder) => (x: readonly Local[], y: Local, scalars: readonly Code[]) => Code;

/** kernel(...inputs, y, vectors, accumulate, ...scalars): y (+)= formula(inputs). */
function elementwise(inputs: number, scalars: number, formula: Formula): KernelBuilder {
  const f = new KernelBuilder();
  const sources = f.args(inputs);
  const [to, count, accumulate] = f.args(3);
  const factors = f.scalars(scalars);
  const values = f.vectors(inputs);
  const [y] = f.vectors(1);
  const compute = formula(f);
  return f.emit(
    times(
      count,
      ...values.map((value, i) => value.set(load(sources[i].get))),
      compute(
        values,
        y,
        factors.map(s => splat(s.get)),
      ),
      when(accumulate.get, y.set(add(y.get, load(to.get)))),
      store(to.get, y.get),
      ...sources.map(source => source.step(16)),
      to.step(16),
    ),
  );
}

const gelu: Formula = f => {
  const normal = normalCode(f);
  const [bell, phi] = f.vectors(2);
  return ([x], y) => block(normal(x, bell, phi), y.set(mul(x.get, phi.get)));
};

/** Inputs x, dy: dy (Phi + x phi). */
const geluBackward: Formula = f => {
  const normal = normalCode(f);
  const [bell, phi] = f.vectors(2);
  return ([x, dy], y) =>
    block(normal(x, bell, phi), y.set(mul(dy.get, add(phi.get, mul(x.get, mul(bell.get, all(BELL)))))));
};

/** Sets `t` to tanh(sqrt(2/pi) (x + 0.044715 x^3)). */
const innerTanh = (f: KernelBuilder) => {
  const tanh = tanhCode(f);
  const [inner] = f.vectors(1);
  return (x: Local, t: Local): Code =>
    block(
      inner.set(mul(mul(x.get, x.get), all(GELU_CUBIC))),
      inner.set(mul(mul(x.get, all(GELU_SLOPE)), add(all(1), inner.get))),
      tanh(inner, t),
    );
};

const geluTanh: Formula = f => {
  const inner = innerTanh(f);
  const [t] = f.vectors(1);
  return ([x], y) => block(inner(x, t), y.set(mul(mul(x.get, all(0.5)), add(all(1), t.get))));
};

const geluTanhBackward: Formula = f => {
  const inner = innerTanh(f);
  const [t, slope] = f.vectors(2);
  return ([x, dy], y) =>
    block(
      inner(x, t),
      slope.set(mul(mul(x.get, x.get), all(3 * GELU_CUBIC))),
      slope.set(mul(mul(x.get, all(0.5 * GELU_SLOPE)), add(all(1), slope.get))),
      slope.set(mul(slope.get, sub(all(1), mul(t.get, t.get)))),
      y.set(mul(dy.get, add(mul(all(0.5), add(all(1), t.get)), slope.get))),
    );
};

const relu: Formula =
  () =>
  ([x], y) =>
    y.set(max(x.get, all(0)));

const reluBackward: Formula =
  () =>
  ([x, dy], y) =>
    y.set(choose(less(all(0), x.get), dy.get, all(0)));

const tanh: Formula = f => {
  const code = tanhCode(f);
  return ([x], y) => code(x, y);
};

const tanhBackward: Formula = f => {
  const code = tanhCode(f);
  const [t] = f.vectors(1);
  return ([x, dy], y) => block(code(x, t), y.set(mul(dy.get, sub(all(1), mul(t.get, t.get)))));
};

/** a + s b. */
const addScaled: Formula =
  () =>
  ([a, b], y, [s]) =>
    y.set(add(a.get, mul(s, b.get)));

/** s x. */
const scale: Formula =
  () =>
  ([x], y, [s]) =>
    y.set(mul(s, x.get));

/** Scalars steps per unit, step, low, high: the value of the nearest step in [low, high] (in steps). */
const quantize: Formula =
  () =>
  ([x], y, [perUnit, step, low, high]) =>
    y.set(mul(step, nearest(min(max(mul(x.get, perUnit), low), high))));

/** Inputs x, dy; scalars low, high: straight through where x was not clipped (Bengio et al., arXiv 1308.3432). */
const straightThrough: Formula =
  () =>
  ([x, dy], y, [low, high]) =>
    y.set(choose(less(x.get, low), all(0), choose(less(high, x.get), all(0), dy.get)));

export const elementwiseKernels = () => ({
  gelu: elementwise(1, 0, gelu),
  geluBackward: elementwise(2, 0, geluBackward),
  geluTanh: elementwise(1, 0, geluTanh),
  geluTanhBackward: elementwise(2, 0, geluTanhBackward),
  relu: elementwise(1, 0, relu),
  reluBackward: elementwise(2, 0, reluBackward),
  tanh: elementwise(1, 0, tanh),
  tanhBackward: elementwise(2, 0, tanhBackward),
  addScaled: elementwise(2, 1, addScaled),
  scale: elementwise(1, 1, scale),
  quantize: elementwise(1, 4, quantize),
  straightThrough: elementwise(2, 2, straightThrough),
});
