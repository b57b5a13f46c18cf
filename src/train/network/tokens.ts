/** Changes of the token count in training: learned rows in front, a slice, the rows with most attention. */
import { attended, bestRows } from '../../numerics/execute/vector/tokens.ts';
import type { TokensOp } from '../../workload/op.ts';
import { floatsOf, type Layer, type Wiring } from './layer.ts';

/** Learned rows in front of each sample. `learned`: floats; its offset: floats in a gradient vector. */
export function prependLayer(
  op: TokensOp,
  { inputs: [x], output, gradient, inputGradients: [dx] }: Wiring,
  floats: Float32Array,
  learned: { at: number; offset: number },
): Layer {
  const [size, own] = [floatsOf(output), (op.to - op.from) * op.width];
  return {
    forward({ samples }) {
      for (let i = 0; i < samples; i++) {
        const to = output.at / 4 + i * size;
        floats.copyWithin(to, learned.at / 4, learned.at / 4 + own);
        floats.copyWithin(to + own, x.at / 4 + i * (size - own), x.at / 4 + (i + 1) * (size - own));
      }
    },
    backward({ samples, gradients }) {
      const to = (gradients + learned.offset) / 4;
      for (let i = 0; i < samples; i++) {
        const from = gradient / 4 + i * size;
        for (let j = 0; j < own; j++) floats[to + j] += floats[from + j];
        addInto(floats, dx, dx.at / 4 + i * (size - own), from + own, size - own);
      }
    },
  };
}

/** Rows `start` to `start + to` of each sample. */
export function sliceLayer(
  op: TokensOp,
  { inputs: [x], output, gradient, inputGradients: [dx] }: Wiring,
  floats: Float32Array,
): Layer {
  const [size, all, skip] = [floatsOf(output), floatsOf(x), op.start * op.width];
  return {
    forward({ samples }) {
      for (let i = 0; i < samples; i++) {
        const from = x.at / 4 + i * all + skip;
        floats.copyWithin(output.at / 4 + i * size, from, from + size);
      }
    },
    backward({ samples }) {
      const to = dx.at / 4;
      if (dx.accumulate === 0) floats.fill(0, to, to + samples * all);
      for (let i = 0; i < samples; i++)
        addInto(floats, { ...dx, accumulate: 1 }, to + i * all + skip, gradient / 4 + i * size, size);
    },
  };
}

/** The rows of each sample that its first row attends to most; the choice passes no derivative on. */
export function keepLayer(
  { from, to, width, heads }: TokensOp,
  { inputs: [x, attention], output, gradient, inputGradients: [dx] }: Wiring,
  floats: Float32Array,
  samples: number,
): Layer {
  if (heads === undefined) throw new Error('no derivative of a predictor');
  const kept = new Int32Array(samples * to);
  const scores = floatsOf(attention);
  return {
    forward(chunk) {
      for (let i = 0; i < chunk.samples; i++) {
        const row = floats.subarray(attention.at / 4 + i * scores, attention.at / 4 + (i + 1) * scores);
        kept.set(bestRows(attended(row, heads, from), from, to), i * to);
        for (let k = 0; k < to; k++) {
          const at = x.at / 4 + (i * from + kept[i * to + k]) * width;
          floats.copyWithin(output.at / 4 + (i * to + k) * width, at, at + width);
        }
      }
    },
    backward(chunk) {
      const start = dx.at / 4;
      if (dx.accumulate === 0) floats.fill(0, start, start + chunk.samples * from * width);
      for (let i = 0; i < chunk.samples; i++)
        for (let k = 0; k < to; k++) {
          const row = start + (i * from + kept[i * to + k]) * width;
          addInto(floats, { ...dx, accumulate: 1 }, row, gradient / 4 + (i * to + k) * width, width);
        }
    },
  };
}

/** floats[to ...] (+)= floats[from ...]. */
function addInto(
  floats: Float32Array,
  { at, accumulate }: { at: number; accumulate: 0 | 1 },
  to: number,
  from: number,
  count: number,
): void {
  if (at === 0) return;
  if (accumulate === 0) floats.copyWithin(to, from, from + count);
  else for (let j = 0; j < count; j++) floats[to + j] += floats[from + j];
}
