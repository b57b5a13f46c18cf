/** Attention's products of two activations in training, head by head: QK^T, where the second operand is used transposed, and SV. */
import type { DynamicOp } from '../../workload/op.ts';
import { vectorsOf } from '../wasm/kernels.ts';
import { getRecord } from './crossbar-record.ts';
import { type Chunk, drawsPerRow, floatsOf, type Layer, type Wiring } from './layer.ts';

/** Where the operands of one call lie: as computed, or as the crossbars see them. */
interface Operands {
  readonly streamed: number;
  readonly stationary: number;
}

/**
 * y = a b per sample and head; da = dy b^T, db = a^T dy. With crossbars `a` is quantised, `b` is written into cells with their
 * variation, and the sums carry the error of the reads; derivatives pass straight through where nothing was clipped.
 */
export function productLayer(op: DynamicOp, wiring: Wiring): Layer {
  const { kernels, inputs, output, gradient, inputGradients, scratch, crossbar } = wiring;
  const { batch, m, k, n, transposed, streamedTransposed = false } = op;
  const [a, b] = inputs;
  const [da, db] = inputGradients;
  const [aRow, bRow, yRow] = [a.columns * 4, b.columns * 4, output.columns * 4];
  const [aSample, bSample, ySample] = [a, b, output].map(v => floatsOf(v) * 4);
  const aHead = (streamedTransposed ? m : k) * 4;
  const bHead = (transposed ? k : n) * 4;

  const seen = ({ samples, noisy, part, before }: Chunk): Operands => {
    if (crossbar === undefined || !noisy) return { streamed: a.at, stationary: b.at };
    const { step, low, high, writtenStep, writtenHigh } = getRecord(crossbar.record);
    kernels.quantize(
      ...[a.at, scratch.streamed, vectorsOf(samples * floatsOf(a)), 0],
      ...[1 / step, step, low, high],
    );
    kernels.writeCells(
      ...[b.at, scratch.stationary, vectorsOf(samples * floatsOf(b)), crossbar.sigmas],
      ...[crossbar.writeKey(part), before * floatsOf(b), crossbar.normals, writtenStep, writtenHigh],
    );
    return scratch;
  };

  /** Calls `visit` with the byte offsets of every sample and head in a, b and y. */
  const forHeads = (samples: number, visit: (a: number, b: number, y: number) => void): void => {
    for (let sample = 0; sample < samples; sample++)
      for (let head = 0; head < batch; head++)
        visit(
          sample * aSample + head * aHead,
          sample * bSample + head * bHead,
          sample * ySample + head * n * 4,
        );
  };

  const { panels, zeros, tile } = scratch;
  /** k x n of a head's stationary operand, packed. */
  const packB = transposed ? kernels.packTransposed : kernels.pack;
  /** m x k of a head's streamed operand. */
  const packA = streamedTransposed ? kernels.packTransposed : kernels.pack;
  /** The stationary operand, n x k. */
  const packBack = transposed ? kernels.pack : kernels.packTransposed;

  return {
    forward(chunk) {
      const { streamed, stationary } = seen(chunk);
      forHeads(chunk.samples, (aAt, bAt, yAt) => {
        packB(stationary + bAt, bRow, k, n, panels);
        const rest = [panels, output.at + yAt, yRow, m, n, k, zeros, 0, 0, tile] as const;
        if (streamedTransposed) kernels.gemmColumns(streamed + aAt, 4, aRow, ...rest);
        else kernels.gemm(streamed + aAt, aRow, 4, ...rest);
      });
      if (crossbar === undefined || !chunk.noisy) return;
      const { step, writtenStep, sigma } = getRecord(crossbar.record);
      const { factors, means, normals } = crossbar;
      const counter = chunk.before * m * drawsPerRow(output.columns);
      kernels.addNoise(
        ...[output.at, yRow, chunk.samples * m, output.columns, factors, means],
        ...[crossbar.readKey(chunk.part), counter, normals, step * writtenStep, sigma],
      );
    },
    backward(chunk) {
      const { samples } = chunk;
      const clipped = crossbar !== undefined && chunk.noisy;
      const { streamed, stationary } = seen(chunk);
      const [toA, accumulateA] = clipped ? [scratch.derivative, 0] : [da.at, da.accumulate];
      forHeads(samples, (aAt, bAt, yAt) => {
        if (streamedTransposed) {
          // a is stored k x m, and so is its derivative: b dy^T.
          kernels.packTransposed(gradient + yAt, yRow, n, m, panels);
          const rest = [panels, toA + aAt, aRow, k, m, n, zeros, 0, accumulateA, tile] as const;
          if (transposed) kernels.gemmColumns(stationary + bAt, 4, bRow, ...rest);
          else kernels.gemm(stationary + bAt, bRow, 4, ...rest);
          return;
        }
        packBack(stationary + bAt, bRow, n, k, panels);
        kernels.gemm(gradient + yAt, yRow, 4, panels, toA + aAt, aRow, m, k, n, zeros, 0, accumulateA, tile);
      });
      if (clipped) {
        const { step, low, high } = getRecord(crossbar.record);
        const count = vectorsOf(samples * floatsOf(a));
        kernels.straightThrough(a.at, toA, da.at, count, da.accumulate, low * step, high * step);
      }
      const [toB, accumulateB] = clipped ? [scratch.derivative, 0] : [db.at, db.accumulate];
      forHeads(samples, (aAt, bAt, yAt) => {
        if (transposed) {
          // b is n x k: db = dy^T a.
          packA(streamed + aAt, aRow, m, k, panels);
          kernels.gemmColumns(
            ...[gradient + yAt, 4, yRow, panels, toB + bAt, bRow, n, k, m, zeros, 0, accumulateB, tile],
          );
        } else {
          kernels.pack(gradient + yAt, yRow, m, n, panels);
          const rest = [panels, toB + bAt, bRow, k, n, m, zeros, 0, accumulateB, tile] as const;
          if (streamedTransposed) kernels.gemm(streamed + aAt, aRow, 4, ...rest);
          else kernels.gemmColumns(streamed + aAt, 4, aRow, ...rest);
        }
      });
      if (clipped) {
        const { writtenStep, writtenHigh } = getRecord(crossbar.record);
        const limit = writtenStep * writtenHigh;
        const count = vectorsOf(samples * floatsOf(b));
        kernels.straightThrough(b.at, toB, db.at, count, db.accumulate, -limit, limit);
      }
    },
  };
}
