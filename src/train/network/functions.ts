/** The digital functions of a graph in training: norms, softmax, activations, residual adds. */

import type { VectorOp } from '../../workload/op.ts';
import { type Kernels, vectorsOf } from '../wasm/kernels.ts';
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
