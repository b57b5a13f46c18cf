/** The layers of a graph's digital functions in training: norms, softmax, activations, residual adds, and any function that declares its derivative. */
import type { VectorOp } from '../../workload/op.ts';
import type { Derivative } from '../../workload/vector-function.ts';
import { type Kernels, vectorsOf } from '../wasm/kernels.ts';
import { type Chunk, floatsOf, type Layer, type Wiring } from './layer.ts';

/** Address of an array of learned values, and its byte offset in a gradient vector. */
export interface LearnedAt {
  readonly at: number;
  readonly offset: number;
}

/** A function as it declares itself, value by value. */
export function plainLayer(op: VectorOp, declared: Derivative, wiring: Wiring, floats: Float32Array): Layer {
  const { output, gradient } = wiring;
  const [x, dx] = [wiring.inputs[0], wiring.inputGradients[0]];
  const [value, derivative] = [declared.value(op), declared.derivative(op)];
  const [from, to, by] = [x.at / 4, output.at / 4, gradient / 4];
  const count = ({ samples }: Chunk): number => samples * floatsOf(output);
  return {
    forward(chunk) {
      for (let i = 0, n = count(chunk); i < n; i++) floats[to + i] = value(floats[from + i]);
    },
    backward(chunk) {
      if (dx.at === 0) return;
      for (let i = 0, n = count(chunk); i < n; i++) {
        const share = floats[by + i] * derivative(floats[from + i], floats[to + i]);
        floats[dx.at / 4 + i] = dx.accumulate === 0 ? share : floats[dx.at / 4 + i] + share;
      }
    },
  };
}

/** f(x) element by element; the derivative is computed again from x. */
export function activationLayer(
  forwardName: keyof Kernels,
  backwardName: keyof Kernels,
  { kernels, inputs: [x], output, gradient, inputGradients: [dx] }: Wiring,
): Layer {
  const { [forwardName]: forward, [backwardName]: backward } = kernels;
  const count = (chunk: Chunk): number => vectorsOf(chunk.samples * floatsOf(x));
  return {
    forward: chunk => forward(x.at, output.at, count(chunk), 0),
    backward: chunk => backward(x.at, gradient, dx.at, count(chunk), dx.accumulate),
  };
}

/** LayerNorm; `stats`: address of two floats per row. */
export function layerNormLayer(
  op: VectorOp,
  { kernels, inputs: [x], output, gradient, inputGradients: [asked], scratch }: Wiring,
  gain: LearnedAt,
  shift: LearnedAt,
  stats: number,
): Layer {
  const { eps } = op;
  // Of the image itself nobody asks for a derivative, and the kernel writes one.
  const dx = asked.at === 0 ? { at: scratch.derivative, accumulate: 0 } : asked;
  if (eps === undefined) throw new Error(`${op.id}: a layernorm without eps`);
  const rows = ({ samples }: Chunk): number => samples * op.rows;
  return {
    forward: chunk =>
      kernels.layerNorm(x.at, gain.at, shift.at, output.at, stats, rows(chunk), op.rowLength, eps),
    backward: chunk =>
      kernels.layerNormBackward(
        ...[x.at, gain.at, gradient, stats, dx.at],
        ...[chunk.gradients + gain.offset, chunk.gradients + shift.offset],
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
  learned?: LearnedAt,
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
        // What comes straight from the image gets no derivative.
        if (da.at !== 0) passOn(chunk);
        if (db.at !== 0) kernels.scale(gradient, db.at, whole(chunk), db.accumulate, scale);
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

/** factor x + offset. */
export function scaleLayer(
  op: VectorOp,
  { kernels, inputs: [x], output, gradient, inputGradients: [dx] }: Wiring,
  floats: Float32Array,
): Layer {
  const { scale = 1, offset = 0 } = op;
  const count = ({ samples }: Chunk): number => vectorsOf(samples * floatsOf(x));
  return {
    forward(chunk) {
      kernels.scale(x.at, output.at, count(chunk), 0, scale);
      if (offset === 0) return;
      const end = output.at / 4 + chunk.samples * floatsOf(output);
      for (let i = output.at / 4; i < end; i++) floats[i] += offset;
    },
    backward: chunk => kernels.scale(gradient, dx.at, count(chunk), dx.accumulate, scale),
  };
}
