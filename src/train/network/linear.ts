/** A linear layer in training: y = x W + b, dx = dy W^T, dW += x^T dy, db += column sums of dy. Its weights were packed for the step. */
import type { StaticOp } from '../../workload/op.ts';
import { PANEL_BYTES } from '../wasm/gemm.ts';
import { vectorsOf } from '../wasm/kernels.ts';
import { getRecord } from './crossbar-record.ts';
import { type Chunk, drawsPerRow, floatsOf, type Layer, type Wiring } from './layer.ts';

/** Addresses of a layer's weights: as parameters, and packed as `gemm` wants them. */
export interface LinearWiring {
  /** Packed W (in x out) and W^T, with the noise of this step. */
  readonly forwardPanels: number;
  readonly backwardPanels: number;
  /** Of the bias; 0 for none. */
  readonly bias: number;
  /** Byte offsets in a gradient vector. */
  readonly weightOffset: number;
  readonly biasOffset: number;
}

/**
 * With crossbars the inputs are quantised, the sums carry the error of the reads, and the derivative by a clipped input is
 * zero (straight-through estimator).
 */
export function linearLayer(op: StaticOp, wiring: Wiring, weights: LinearWiring): Layer {
  const { kernels, inputs, output, gradient, inputGradients, scratch, crossbar } = wiring;
  const [x] = inputs;
  const [dx] = inputGradients;
  const [inBytes, outBytes] = [op.in * 4, op.out * 4];
  const floats = floatsOf(x);
  const biasStep = weights.bias === 0 ? 0 : PANEL_BYTES;
  const bias = weights.bias === 0 ? scratch.zeros : weights.bias;

  /** Address of the inputs as the layer sees them. */
  const seen = ({ samples, noisy }: Chunk): number => {
    if (crossbar === undefined || !noisy) return x.at;
    const { step, low, high } = getRecord(crossbar.record);
    kernels.quantize(x.at, scratch.streamed, vectorsOf(samples * floats), 0, 1 / step, step, low, high);
    return scratch.streamed;
  };

  return {
    forward(chunk) {
      const m = chunk.samples * op.rows;
      kernels.gemm(
        ...[seen(chunk), inBytes, 4, weights.forwardPanels, output.at, outBytes, m, op.out, op.in],
        ...[bias, biasStep, 0, scratch.tile],
      );
      if (crossbar === undefined || !chunk.noisy) return;
      const { step, sigma } = getRecord(crossbar.record);
      const { factors, means, normals } = crossbar;
      const counter = chunk.before * op.rows * drawsPerRow(op.out);
      kernels.addNoise(
        ...[output.at, outBytes, m, op.out, factors, means, crossbar.readKey(chunk.part), counter],
        ...[normals, step, sigma],
      );
    },
    backward(chunk) {
      const m = chunk.samples * op.rows;
      const { gradients } = chunk;
      kernels.pack(gradient, outBytes, m, op.out, scratch.panels);
      kernels.gemmColumns(
        ...[seen(chunk), 4, inBytes, scratch.panels, gradients + weights.weightOffset, outBytes],
        ...[op.in, op.out, m, scratch.zeros, 0, 1, scratch.tile],
      );
      if (op.bias) kernels.columnSums(gradient, outBytes, m, op.out, gradients + weights.biasOffset);
      if (dx.at === 0) return;
      const clipped = crossbar !== undefined && chunk.noisy;
      const [to, accumulate] = clipped ? [scratch.derivative, 0] : [dx.at, dx.accumulate];
      kernels.gemm(
        ...[gradient, outBytes, 4, weights.backwardPanels, to, inBytes, m, op.in, op.out],
        ...[scratch.zeros, 0, accumulate, scratch.tile],
      );
      if (!clipped) return;
      const { step, low, high } = getRecord(crossbar.record);
      const count = vectorsOf(chunk.samples * floats);
      kernels.straightThrough(x.at, to, dx.at, count, dx.accumulate, low * step, high * step);
    },
  };
}
