/** The matmuls of a network as integer products on which the error of the reads is measured. */
import { type Quantizer, quantize } from '../../numerics/quantize/quantizer.ts';
import { quantizeWeights } from '../../numerics/quantize/weights.ts';
import type { DynamicOp, StaticOp } from '../../workload/op.ts';
import type { MeasuredProduct } from './column-error.ts';

/** A static layer on at most `count` rows, spread over all samples. Weights: in x out. */
export function staticProduct(
  op: StaticOp,
  weights: { readonly values: Float32Array; readonly bits: number },
  input: Quantizer,
  streamed: readonly Float32Array[],
  count: number,
): MeasuredProduct {
  const { values } = quantizeWeights(weights.values, op.in, op.out, weights.bits, true);
  const rows = streamed.flatMap(sample =>
    Array.from({ length: sample.length / op.in }, (_, i) => sample.subarray(i * op.in, (i + 1) * op.in)),
  );
  const stride = Math.max(1, Math.floor(rows.length / count));
  const picked = rows.filter((_, i) => i % stride === 0).slice(0, count);
  const codes = new Int16Array(picked.length * op.in);
  for (const [i, row] of picked.entries()) codes.set(quantize(row, input), i * op.in);
  return { rows: op.in, cols: op.out, weightBits: weights.bits, weights: values, input, codes };
}

/** Steps of an op's operands. */
export interface Steps {
  readonly input: Quantizer;
  readonly written: Quantizer;
}

/** One head of one sample; its operands hold all heads side by side. */
export function dynamicProduct(
  { m, k, n, batch, transposed, streamedTransposed }: DynamicOp,
  head: number,
  { input, written }: Steps,
  streamed: Float32Array,
  stationary: Float32Array,
): MeasuredProduct {
  const tokens = streamedTransposed ? m : streamed.length / (batch * k);
  const x = new Float32Array(tokens * k);
  for (let i = 0; i < tokens; i++)
    for (let j = 0; j < k; j++)
      x[i * k + j] = streamedTransposed
        ? (streamed[(j * batch + head) * m + i] ?? 0)
        : streamed[(i * batch + head) * k + j];
  const weights = new Float32Array(k * n);
  const width = transposed ? k : n;
  for (let i = 0; i < k; i++)
    for (let j = 0; j < n; j++) {
      const [token, column] = transposed ? [j, i] : [i, j];
      // A padded token holds nothing.
      weights[i * n + j] = stationary[(token * batch + head) * width + column] ?? 0;
    }
  return {
    rows: k,
    cols: n,
    weightBits: written.bits,
    input,
    weights: quantize(weights, written),
    codes: quantize(x, input),
  };
}
