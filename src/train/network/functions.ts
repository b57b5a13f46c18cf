/** The digital ops of a graph in training: norms, softmax, activations, residual adds, changes of the token count. */

import { attended, bestRows } from '../../numerics/execute/vector/tokens.ts';
import type { TokensOp, VectorOp } from '../../workload/op.ts';
import { vectorsOf } from '../arena.ts';
import type { Kernels } from '../wasm/kernels.ts';
import { type Chunk, floatsOf, type Layer, type Wiring } from './layer.ts';

/** Kernels of the functions that treat every value alike, with their derivative. */
const PAIRS = {
  gelu: ['gelu', 'geluBackward'],
  'gelu-tanh': ['geluTanh', 'geluTanhBackward'],
  relu: ['relu', 'reluBackward'],
  tanh: ['tanh', 'tanhBackward'],
} as const satisfies Record<string, readonly [keyof Kernels, keyof Kernels]>;

/** f(x) element by element; the derivative is computed again from x. */
export function activationLayer(
  name: keyof typeof PAIRS,
  { kernels, inputs: [x], output, gradient, inputGradients: [dx] }: Wiring,
): Layer {
  const [forward, backward] = PAIRS[name].map(kernel => kernels[kernel]);
  const count = (chunk: Chunk): number => vectorsOf(chunk.samples * floatsOf(x));
  return {
    forward: chunk => forward(x.at, output.at, count(chunk), 0),
    backward: chunk => backward(x.at, gradient, dx.at, count(chunk), dx.accumulate),
  };
}

/** LayerNorm. `gain` and `shift`: addresses; the offsets: bytes in a gradient vector; `stats`: two floats per row. */
export function layerNormLayer(
  op: VectorOp,
  { kernels, inputs: [x], output, gradient, inputGradients: [dx] }: Wiring,
  at: { gain: number; shift: number; gainOffset: number; shiftOffset: number; stats: number },
): Layer {
  const { eps } = op;
  if (eps === undefined) throw new Error(`${op.id}: a layernorm without eps`);
  const rows = ({ samples }: Chunk): number => samples * op.rows;
  return {
    forward: chunk =>
      kernels.layerNorm(x.at, at.gain, at.shift, output.at, at.stats, rows(chunk), op.rowLength, eps),
    backward: chunk =>
      kernels.layerNormBackward(
        ...[x.at, at.gain, gradient, at.stats, dx.at],
        ...[chunk.gradients + at.gainOffset, chunk.gradients + at.shiftOffset],
        ...[rows(chunk), op.rowLength, dx.accumulate],
      ),
  };
}

/** Softmax over the segments of a row; `lengths` of the batch's texts, absent for images: padding gets no attention. */
export function softmaxLayer(
  op: VectorOp,
  { kernels, inputs: [x], output, gradient, inputGradients: [dx] }: Wiring,
  lengths?: Int32Array,
): Layer {
  const { scale = 1, rowLength } = op;
  const segments = op.rows * op.batch;
  const bytes = floatsOf(output) * 4;
  return {
    forward({ first, samples }) {
      if (lengths === undefined) {
        kernels.softmax(x.at, output.at, samples * segments, rowLength, rowLength, scale);
        return;
      }
      for (let i = 0; i < samples; i++)
        kernels.softmax(
          x.at + i * bytes,
          output.at + i * bytes,
          segments,
          rowLength,
          lengths[first + i],
          scale,
        );
    },
    backward: ({ samples }) =>
      kernels.softmaxBackward(
        ...[output.at, gradient, dx.at, samples * segments, rowLength, dx.accumulate, scale],
      ),
  };
}

/** a + scale b, or a + a learned matrix: `learned` is its address and its byte offset in a gradient vector. */
export function addLayer(
  op: VectorOp,
  { kernels, inputs, output, gradient, inputGradients }: Wiring,
  learned?: { at: number; offset: number },
): Layer {
  const { scale = 1 } = op;
  const [a, b] = inputs;
  const [da, db] = inputGradients;
  const size = floatsOf(output);
  const whole = ({ samples }: Chunk): number => vectorsOf(samples * size);
  const passOn = (chunk: Chunk): void => kernels.scale(gradient, da.at, whole(chunk), da.accumulate, 1);
  if (learned === undefined)
    return {
      forward: chunk => kernels.addScaled(a.at, b.at, output.at, whole(chunk), 0, scale),
      backward(chunk) {
        passOn(chunk);
        kernels.scale(gradient, db.at, whole(chunk), db.accumulate, scale);
      },
    };
  return {
    forward({ samples }) {
      // Ascending: a sample's last vector may reach into the next one, which is written after it.
      for (let i = 0; i < samples; i++)
        kernels.addScaled(
          a.at + i * size * 4,
          learned.at,
          output.at + i * size * 4,
          vectorsOf(size),
          0,
          scale,
        );
    },
    backward(chunk) {
      if (da.at !== 0) passOn(chunk);
      if (scale !== 1) throw new Error(`${op.id}: a learned matrix with a factor`);
      kernels.columnSums(gradient, size * 4, chunk.samples, size, chunk.gradients + learned.offset);
    },
  };
}

/** factor x. */
export function scaleLayer(
  op: VectorOp,
  { kernels, inputs: [x], output, gradient, inputGradients: [dx] }: Wiring,
): Layer {
  const { scale = 1 } = op;
  const count = ({ samples }: Chunk): number => vectorsOf(samples * floatsOf(x));
  return {
    forward: chunk => kernels.scale(x.at, output.at, count(chunk), 0, scale),
    backward: chunk => kernels.scale(gradient, dx.at, count(chunk), dx.accumulate, scale),
  };
}

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
