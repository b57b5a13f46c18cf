/** Symmetric quantisation of a weight matrix, with one scale or one per output channel (Krishnamoorthi, arXiv 1806.08342, section 3.1). */
import { checkBits, largestOfColumns, roundAll } from './quantizer.ts';

/** weight = scale * integer, integers in -(2^(bits-1) - 1) to 2^(bits-1) - 1. */
export interface IntegerWeights {
  readonly in: number;
  readonly out: number;
  readonly bits: number;
  /** in x out, row-major. */
  readonly values: Int16Array;
  /** One per output channel (column); all equal for per-tensor quantisation. */
  readonly scales: Float64Array;
}

/** The largest magnitude of the tensor (or of each column) becomes the largest integer. */
export function quantizeWeights(
  weight: Float32Array,
  inSize: number,
  out: number,
  bits: number,
  perChannel: boolean,
): IntegerWeights {
  return withLargest(2 ** (bits - 1) - 1, { weight, in: inSize, out, bits, perChannel });
}

/**
 * Weights that are powers of two: the largest magnitude becomes the largest integer that is one, so that all of them that are no
 * fraction of a step stay exact.
 */
export function quantizePowers(
  weight: Float32Array,
  inSize: number,
  out: number,
  bits: number,
  perChannel: boolean,
): IntegerWeights {
  return withLargest(2 ** (bits - 2), { weight, in: inSize, out, bits, perChannel });
}

function withLargest(
  top: number,
  {
    weight,
    in: inSize,
    out,
    bits,
    perChannel,
  }: Pick<IntegerWeights, 'in' | 'out' | 'bits'> & {
    readonly weight: Float32Array;
    readonly perChannel: boolean;
  },
): IntegerWeights {
  checkBits(bits, 2);
  const high = 2 ** (bits - 1) - 1;
  const largest = Float64Array.from(largestOfColumns(weight, out));
  if (!perChannel) largest.fill(largest.reduce((most, size) => Math.max(most, size), 0));
  const scales = largest.map(size => (size > 0 ? size / top : 1));
  const values = roundAll(weight, scales, -high, high);
  return { in: inSize, out, bits, values, scales };
}
