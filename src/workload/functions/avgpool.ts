/** Mean of each window; zeros of the padding count, as PyTorch's count_include_pad has it by default. */
import { forTaps, pooled, tapsOf } from '../pooling.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'avgpool',
  reduction: 'column',
  gives: 'windows',
  learns: 'nothing',
  options: ['window'],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: true,
    why: 'one addition for each element of each window (assumed: the division by a power of two, or in the same pass)',
  },
  arithmetic: op => {
    const taps = tapsOf(op);
    return pooled(
      op,
      0,
      (sum, value) => sum + value,
      sum => sum / taps,
    );
  },
  gradient: {
    backward: op => {
      const taps = tapsOf(op);
      return ({ by: { columns, data } }, [into]) => {
        if (into === undefined) return;
        forTaps(op, (window, pixel) => {
          for (let c = 0; c < columns; c++) into[pixel * columns + c] += data[window * columns + c] / taps;
        });
      };
    },
  },
} as const satisfies VectorFunction;
