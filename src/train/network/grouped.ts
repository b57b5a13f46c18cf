/** Grouped and depthwise layers in training, in plain loops: each group meets the filter that it has, and all groups of a filter share its derivative. */

import { filtersOf } from '../../workload/count.ts';
import { filterOf } from '../../workload/diagonal.ts';
import type { GroupedOp } from '../../workload/op.ts';
import type { LearnedAt } from './functions.ts';
import { floatsOf, type Layer, type Wiring } from './layer.ts';

/** `bias` undefined: none. Weights are in x (filters out), as a dense layer's. */
export function groupedLayer(
  op: GroupedOp,
  { inputs: [x], output, gradient, inputGradients: [dx] }: Wiring,
  floats: Float32Array,
  { weight, bias }: { weight: LearnedAt; bias: LearnedAt | undefined },
): Layer {
  const { groups, in: rows, out } = op;
  const width = filtersOf(op) * out;
  const columns = Int32Array.from({ length: groups }, (_, group) => filterOf(op, group) * out);
  /** Visits every vector: where it starts in x and in y. */
  const forVectors = (samples: number, visit: (x: number, y: number) => void): void => {
    for (let i = 0; i < samples * op.rows; i++) visit(i * groups * rows, i * groups * out);
  };
  return {
    forward({ samples }) {
      const [from, w, to] = [x.at / 4, weight.at / 4, output.at / 4];
      forVectors(samples, (xAt, yAt) => {
        for (let group = 0; group < groups; group++)
          for (let j = 0; j < out; j++) {
            const column = columns[group] + j;
            let sum = bias === undefined ? 0 : floats[bias.at / 4 + column];
            const first = from + xAt + group * rows;
            for (let row = 0; row < rows; row++)
              sum += floats[first + row] * floats[w + row * width + column];
            floats[to + yAt + group * out + j] = sum;
          }
      });
    },
    backward({ samples, gradients }) {
      const [from, w, by] = [x.at / 4, weight.at / 4, gradient / 4];
      const dw = (gradients + weight.offset) / 4;
      if (dx.at !== 0 && dx.accumulate === 0) floats.fill(0, dx.at / 4, dx.at / 4 + samples * floatsOf(x));
      forVectors(samples, (xAt, yAt) => {
        for (let group = 0; group < groups; group++)
          for (let j = 0; j < out; j++) {
            const column = columns[group] + j;
            const share = floats[by + yAt + group * out + j];
            if (bias !== undefined) floats[(gradients + bias.offset) / 4 + column] += share;
            const first = xAt + group * rows;
            for (let row = 0; row < rows; row++) {
              floats[dw + row * width + column] += share * floats[from + first + row];
              if (dx.at !== 0) floats[dx.at / 4 + first + row] += share * floats[w + row * width + column];
            }
          }
      });
    },
  };
}
