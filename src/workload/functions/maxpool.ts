/** Largest value of each window; padding is never the largest, as in PyTorch. */
import { forTaps, pooled } from '../pooling.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'maxpool',
  reduction: 'column',
  gives: 'windows',
  learns: 'nothing',
  options: ['window'],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: true,
    why: 'one comparison for each element of each window: one pass, as an addition',
  },
  arithmetic: op =>
    pooled(
      op,
      Number.NEGATIVE_INFINITY,
      (most, value) => (value > most ? value : most),
      most => most,
    ),
  gradient: {
    backward: op => {
      return ({ operands: [x], output: y, by: { columns, data } }, [into]) => {
        if (into === undefined) return;
        // Of equals the first one has the whole derivative, as in PyTorch.
        const given = new Uint8Array(data.length);
        forTaps(op, (window, pixel) => {
          for (let c = 0; c < columns; c++) {
            const at = window * columns + c;
            if (given[at] === 1 || x.data[pixel * columns + c] !== y.data[at]) continue;
            given[at] = 1;
            into[pixel * columns + c] += data[at];
          }
        });
      };
    },
  },
} as const satisfies VectorFunction;
