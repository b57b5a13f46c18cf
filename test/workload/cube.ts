/** A vector function that stands in no folder of the source: x^3. */
import { elementwise, type VectorFunction } from '../../src/workload/vector-function.ts';

export const cube = {
  name: 'cube',
  reduction: 'none',
  gives: 'rows',
  learns: 'nothing',
  options: [],
  cost: { unit: 'vector', entry: 'add', omitted: false, why: 'made for tests' },
  arithmetic: elementwise(() => x => x * x * x),
  gradient: { value: () => x => x * x * x, derivative: () => x => 3 * x * x },
} as const satisfies VectorFunction;
