/** Exponential, normal distribution and tanh of four floats at a time, to about one unit in the last place of their result (Cephes expf; Abramowitz & Stegun 7.1.26). */
import {
  abs,
  add,
  all,
  allInts,
  block,
  type Code,
  choose,
  div,
  intAdd,
  intShl,
  type KernelBuilder,
  type Local,
  less,
  max,
  min,
  mul,
  nearest,
  neg,
  sub,
  toInts,
} from '../../wasm/expression.ts';

/** Beyond these, e^x leaves the range of normal floats. */
const LOWEST = -87.3;
const HIGHEST = 88;
/** ln 2 in two parts: the first has few digits, so that its multiples are exact. */
const LN2_HIGH = 0.693359375;
const LN2_LOW = -2.1219444e-4;
const EXP = [1.9875691e-4, 1.3981999e-3, 8.3334519e-3, 4.1665795e-2, 1.6666665e-1, 5.0000001e-1];

/** Complementary error function: t (c4 + t (c3 + ...)) e^(-z^2) with t = 1 / (1 + P z); absolute error 1.5e-7. */
const P = 0.3275911;
const ERFC = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];

/** Horner's scheme, highest coefficient first. */
const polynomial = (coefficients: readonly number[], x: Code): Code =>
  coefficients.slice(1).reduce((sum, c) => add(mul(sum, x), all(c)), all(coefficients[0]));

/** Code that sets `x` to e^x. */
export function expCode(f: KernelBuilder): (x: Local) => Code {
  const [n, r] = f.vectors(2);
  return x =>
    block(
      x.set(min(max(x.get, all(LOWEST)), all(HIGHEST))),
      n.set(nearest(mul(x.get, all(Math.LOG2E)))),
      r.set(sub(sub(x.get, mul(n.get, all(LN2_HIGH))), mul(n.get, all(LN2_LOW)))),
      x.set(add(add(mul(mul(polynomial(EXP, r.get), r.get), r.get), r.get), all(1))),
      x.set(mul(x.get, intShl(intAdd(toInts(n.get), allInts(127)), 23))),
    );
}

/** Code that sets `bell` to e^(-x^2 / 2) and `phi` to the normal distribution at x. */
export function normalCode(f: KernelBuilder): (x: Local, bell: Local, phi: Local) => Code {
  const exp = expCode(f);
  const [t] = f.vectors(1);
  return (x, bell, phi) =>
    block(
      bell.set(mul(mul(x.get, x.get), all(-0.5))),
      exp(bell),
      t.set(div(all(1), add(all(1), mul(abs(x.get), all(P * Math.SQRT1_2))))),
      phi.set(mul(mul(mul(polynomial(ERFC, t.get), t.get), bell.get), all(0.5))),
      phi.set(choose(less(x.get, all(0)), phi.get, sub(all(1), phi.get))),
    );
}

/** Code that sets `y` to tanh(x). */
export function tanhCode(f: KernelBuilder): (x: Local, y: Local) => Code {
  const exp = expCode(f);
  return (x, y) =>
    block(
      y.set(mul(abs(x.get), all(-2))),
      exp(y),
      y.set(div(sub(all(1), y.get), add(all(1), y.get))),
      y.set(choose(less(x.get, all(0)), neg(y.get), y.get)),
    );
}
