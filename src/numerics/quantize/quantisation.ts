/** How the matmuls of a network become integers: widths, scales of weights, and the calibrated range of every operand. */
import { usageError } from '../../base/errors.ts';
import { checkBits, type Quantizer, quantizerOf } from './quantizer.ts';
import type { Range } from './range.ts';

/** Ranges by op id, as a calibration run found them; plain data, so that it can be kept in a file. */
export interface Calibration {
  /** Of the operand that streams in, for static and dynamic ops. */
  readonly inputs: Readonly<Record<string, Range>>;
  /** Of the operand that is written into the arrays, for dynamic ops. */
  readonly stationary: Readonly<Record<string, Range>>;
}

/** How operands become integers. */
export interface Quantisation {
  readonly calibration: Calibration;
  /** Width of weights, and of K^T and V in their arrays; default 8. */
  readonly weightBits?: number;
  /** Width of inputs; default 8. */
  readonly inputBits?: number;
  /** One weight scale per output channel instead of one per layer; default true. */
  readonly perChannel?: boolean;
}

/** Default widths (TReX, arXiv 2408.12742, Table III). */
export const weightBitsOf = (q: Quantisation): number => q.weightBits ?? 8;
const inputBitsOf = (q: Quantisation): number => q.inputBits ?? 8;

/** Quantizer of the operand that streams into op `id`. @throws TrexError (usage) if it was not calibrated. */
export const inputQuantizer = (q: Quantisation, id: string): Quantizer =>
  quantizerOf(rangeOf(q.calibration.inputs, id), inputBitsOf(q));

/**
 * Quantizer of the operand that op `id` writes into its arrays: as weights, signed, -(2^(bits-1) - 1) to
 * 2^(bits-1) - 1. @throws TrexError (usage) if it was not calibrated.
 */
export function stationaryQuantizer(q: Quantisation, id: string): Quantizer {
  const { min, max } = rangeOf(q.calibration.stationary, id);
  const bits = weightBitsOf(q);
  checkBits(bits, 2);
  const clip = Math.max(-min, max);
  const high = 2 ** (bits - 1) - 1;
  return { bits, signed: true, scale: clip > 0 ? clip / high : 1, low: -high, high };
}

function rangeOf(ranges: Readonly<Record<string, Range>>, id: string): Range {
  if (!Object.hasOwn(ranges, id)) throw usageError(`${id} was not calibrated: calibrate on this graph`);
  return ranges[id];
}
