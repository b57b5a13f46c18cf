/** Functions of single values that networks of other tools are written in (onnx/onnx Operators.md), by their names. */
import { erf } from '../../base/erf.ts';
import { cos, pow, sin } from '../../base/math.ts';
import { elementwise, type FunctionShape, type VectorFunction } from '../vector-function.ts';

/** To the nearest whole number, halves to the even one. */
function roundEven(x: number): number {
  const down = Math.floor(x);
  if (x - down !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}

const softplus = (x: number): number => Math.log(1 + Math.exp(-Math.abs(x))) + Math.max(x, 0);

/** By name; some have numbers of their own. */
const FORMULAS = {
  sqrt: () => Math.sqrt,
  reciprocal: () => x => 1 / x,
  exp: () => Math.exp,
  log: () => Math.log,
  erf: () => erf,
  sin: () => sin,
  cos: () => cos,
  abs: () => Math.abs,
  sign: () => Math.sign,
  floor: () => Math.floor,
  ceil: () => Math.ceil,
  round: () => roundEven,
  trunc: () => Math.trunc,
  softplus: () => softplus,
  mish: () => x => x * Math.tanh(softplus(x)),
  softsign: () => x => x / (1 + Math.abs(x)),
  power:
    ([exponent]) =>
    x =>
      pow(x, exponent),
  clip:
    ([least, most]) =>
    x =>
      Math.min(most, Math.max(least, x)),
  leaky:
    ([slope]) =>
    x =>
      x < 0 ? slope * x : x,
  elu:
    ([alpha]) =>
    x =>
      x < 0 ? alpha * (Math.exp(x) - 1) : x,
  celu:
    ([alpha]) =>
    x =>
      x < 0 ? alpha * (Math.exp(x / alpha) - 1) : x,
  selu:
    ([alpha, gamma]) =>
    x =>
      gamma * (x < 0 ? alpha * (Math.exp(x) - 1) : x),
  hardsigmoid:
    ([slope, offset]) =>
    x =>
      Math.min(1, Math.max(0, slope * x + offset)),
  // A value as the nearest of the codes `least` to `most` of a step (QuantizeLinear and back).
  codes:
    ([step, zero, least, most]) =>
    x =>
      (Math.min(most, Math.max(least, roundEven(x / step) + zero)) - zero) * step,
} as const satisfies Record<string, (numbers: readonly number[]) => (x: number) => number>;

export type Formula = keyof typeof FORMULAS;

export const vectorFunction = {
  name: 'pointwise',
  reduction: 'none',
  gives: 'rows',
  learns: 'nothing',
  options: ['formula', 'numbers'],
  cost: {
    unit: 'vector',
    entry: 'gelu',
    omitted: true,
    why: 'a look-up table, as the gelu entry is (assumed: one pass for each of these functions)',
  },
  arithmetic: elementwise(({ id, formula, numbers = [] }: FunctionShape) => {
    if (formula === undefined || !Object.hasOwn(FORMULAS, formula)) throw new Error(`${id}: no formula`);
    return FORMULAS[formula as Formula](numbers);
  }),
  gradient: 'refused',
} as const satisfies VectorFunction;
