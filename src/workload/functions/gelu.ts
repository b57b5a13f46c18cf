/** GELU (arXiv 1606.08415), computed in float64: with the exact normal distribution, or by its tanh formula. */
import { erf } from '../../base/erf.ts';
import { elementwise, type FunctionShape, type VectorFunction } from '../vector-function.ts';

/** x Phi(x): PyTorch's `gelu` with approximate = none. */
export const gelu = (x: number): number => 0.5 * x * (1 + erf(x * Math.SQRT1_2));

/** x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))): approximate = tanh, BERT's and GPT-2's first form. */
const geluTanh = (x: number): number =>
  0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));

export const vectorFunction = {
  name: 'gelu',
  reduction: 'none',
  gives: 'rows',
  learns: 'nothing',
  options: ['approximate'],
  cost: { unit: 'vector', entry: 'gelu', omitted: true, why: 'an entry of its own' },
  arithmetic: elementwise(({ approximate }: FunctionShape) => (approximate === 'tanh' ? geluTanh : gelu)),
  gradient: 'kernel',
} as const satisfies VectorFunction;
