/** Changes of the token count in training: learned rows in front, a slice, the rows with most attention. */
import { attended, bestRows, predicted } from '../../numerics/execute/vector/tokens.ts';
import type { Matrix } from '../../workload/matrix.ts';
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

/**
 * The rows of each sample that its first row attends to most, or those that a predictor rates highest. Attention gets no
 * derivative. A predictor's is that of straight-through gates: as if a row that goes on were multiplied by its share of being
 * kept over what that share is now; rows that go say nothing of themselves.
 */
export function keepLayer(
  { from, to, width, heads, firstAbsent }: TokensOp,
  { inputs: [x, scores], output, gradient, inputGradients: [dx, dScores] }: Wiring,
  floats: Float32Array,
  samples: number,
): Layer {
  const kept = new Int32Array(samples * to);
  const size = floatsOf(scores);
  /** Rows that are scored, and not here. */
  const absent = firstAbsent ? 1 : 0;
  const given = (sample: number): Matrix => ({
    rows: scores.rows,
    columns: scores.columns,
    data: floats.subarray(scores.at / 4 + sample * size, scores.at / 4 + (sample + 1) * size),
  });
  /** Place of the `k`th row that goes on, among those of its sample's input. */
  const source = (sample: number, k: number): number =>
    x.at / 4 + (sample * from + kept[sample * to + k]) * width;
  return {
    forward(chunk) {
      for (let i = 0; i < chunk.samples; i++) {
        const rows = from + absent;
        const score = heads === undefined ? predicted(given(i)) : attended(given(i).data, heads, rows);
        for (const [k, row] of bestRows(score, rows, to + absent)
          .slice(absent)
          .entries())
          kept[i * to + k] = row - absent;
        for (let k = 0; k < to; k++) {
          const at = source(i, k);
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
      if (dScores.at === 0) return;
      const first = dScores.at / 4;
      if (dScores.accumulate === 0) floats.fill(0, first, first + chunk.samples * size);
      for (let i = 0; i < chunk.samples; i++) {
        const score = predicted(given(i));
        // Row 0 of all, which always goes on, has no scores.
        for (let k = 1 - absent; k < to; k++) {
          let product = 0;
          const [by, at] = [gradient / 4 + (i * to + k) * width, source(i, k)];
          for (let j = 0; j < width; j++) product += floats[by + j] * floats[at + j];
          const row = kept[i * to + k] + absent;
          const share = 1 / (1 + Math.exp(-score(row)));
          const pair = first + i * size + (row - 1) * 2;
          floats[pair] += product * share * (1 - share);
          floats[pair + 1] -= product * share * (1 - share);
        }
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
