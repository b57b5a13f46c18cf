/** Uniform quantisation of a tensor without zero point: value = scale * integer (Krishnamoorthi, arXiv 1806.08342, section 2.2). */
import { usageError } from '../../base/errors.ts';
import { type QuantizeKernels, quantizeKernels, ROUNDING_BIAS } from './quantize-kernel.ts';
import type { Range } from './range.ts';

let kernels: QuantizeKernels | null | undefined;

export interface Quantizer {
  readonly bits: number;
  /** Two's complement, else unsigned. */
  readonly signed: boolean;
  /** Value of one step. */
  readonly scale: number;
  /** Smallest and largest integer. */
  readonly low: number;
  readonly high: number;
}

/**
 * The quantizer that covers a range. Unsigned if nothing is negative: 0 to 2^bits - 1; else signed and symmetric:
 * the larger side meets 2^(bits-1) - 1. @throws TrexError (usage) for a width that cannot be.
 */
export function quantizerOf({ min, max }: Range, bits: number): Quantizer {
  const signed = min < 0;
  checkBits(bits, signed ? 2 : 1);
  const high = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  const clip = Math.max(-min, max);
  return { bits, signed, scale: clip > 0 ? clip / high : 1, low: signed ? -high - 1 : 0, high };
}

/** Whole numbers, rounded to the nearest (ties to even) and clamped. */
export const quantize = (values: Float32Array, { scale, low, high }: Quantizer): Int16Array =>
  roundAll(values, [scale], low, high);

/** round(values[i] / scales[i mod scales.length]) as `roundClamped`, for whole rows of as many values. */
export function roundAll(
  values: Float32Array,
  scales: ArrayLike<number>,
  low: number,
  high: number,
): Int16Array {
  if (kernels === undefined) kernels = quantizeKernels();
  if (kernels === null || values.length === 0) return plainRoundAll(values, scales, low, high);
  return kernels.round(values, scales, low, high);
}

/** The largest magnitude of each column of [row][col] values. */
export function largestOfColumns(values: Float32Array, columns: number): Float32Array {
  if (kernels === undefined) kernels = quantizeKernels();
  if (kernels === null || values.length === 0) return plainLargest(values, columns);
  return kernels.largest(values, columns);
}

/** The same in a plain loop. */
export function plainLargest(values: Float32Array, columns: number): Float32Array {
  const largest = new Float32Array(columns);
  for (let at = 0; at < values.length; )
    for (let j = 0; j < columns; j++, at++) {
      const size = Math.abs(values[at]);
      if (size > largest[j]) largest[j] = size;
    }
  return largest;
}

/** The same in a plain loop. */
export function plainRoundAll(
  values: Float32Array,
  scales: ArrayLike<number>,
  low: number,
  high: number,
): Int16Array {
  const out = new Int16Array(values.length);
  const columns = scales.length;
  for (let i = 0, j = 0; i < out.length; i++, j = j + 1 === columns ? 0 : j + 1)
    out[i] = roundClamped(values[i] / scales[j], low, high);
  return out;
}

/** Nearest whole number in [low, high], ties to even. */
export const roundClamped = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value)) + ROUNDING_BIAS - ROUNDING_BIAS;

/** @throws TrexError (usage) */
export function checkBits(bits: number, least: number): void {
  if (!Number.isInteger(bits) || bits < least || bits > 8)
    throw usageError(`${bits} bits: an operand has ${least} to 8 bits`);
}
