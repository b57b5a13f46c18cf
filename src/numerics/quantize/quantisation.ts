/** How the matmuls of a network become integers: widths, scales of weights, and the calibrated range of every operand. */
import { usageError } from '../../base/errors.ts';
import type { DynamicOp } from '../../workload/op.ts';
import { checkBits, type Quantizer, quantize, quantizerOf } from './quantizer.ts';
import type { Range } from './range.ts';

/** Ranges by op id, as a calibration run found them; plain data, so that it can be kept in a file. */
export interface Calibration {
  /** Of the operand that streams in, for static and dynamic ops. */
  readonly inputs: Readonly<Record<string, Range>>;
  /** Of the operand that is written into the arrays, for dynamic ops. */
  readonly stationary: Readonly<Record<string, Range>>;
}

/** How keys and values are kept in a decoder's cache. */
export interface CacheQuantisation {
  /** Width of keys and of values; absent: as K^T and V of other networks. */
  readonly keyBits?: number | undefined;
  readonly valueBits?: number | undefined;
  /**
   * They are clipped at this share of the largest magnitude that calibration has seen, so that the levels of the cells lie closer
   * (ClipFormer, arXiv 2402.02586); absent: 1.
   */
  readonly clip?: number | undefined;
  /** Values below this share of where they are clipped are written as zero; absent: none. */
  readonly prune?: number | undefined;
}

/** A product whose stationary operand is quantised, and whether that is a cache. */
type Written = Pick<DynamicOp, 'id' | 'transposed' | 'cached'>;

/** How operands become integers. */
export interface Quantisation {
  readonly calibration: Calibration;
  /** Width of weights, and of K^T and V in their arrays; default 8. */
  readonly weightBits?: number;
  /** Width of inputs; default 8. */
  readonly inputBits?: number;
  /** One weight scale per output channel instead of one per layer; default true. */
  readonly perChannel?: boolean;
  /** Of decoders. */
  readonly cache?: CacheQuantisation | undefined;
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
export function stationaryQuantizer(q: Quantisation, op: Written): Quantizer {
  const { min, max } = rangeOf(q.calibration.stationary, op.id);
  const cache = cacheOf(q, op);
  const bits = (op.transposed ? cache.keyBits : cache.valueBits) ?? weightBitsOf(q);
  checkBits(bits, 2);
  const clip = Math.max(-min, max) * (cache.clip ?? 1);
  const high = 2 ** (bits - 1) - 1;
  return { bits, signed: true, scale: clip > 0 ? clip / high : 1, low: -high, high };
}

/** What is said of the cache that an op writes; nothing of an operand that is none. */
const cacheOf = ({ cache = {} }: Quantisation, { cached }: Written): CacheQuantisation =>
  cached === undefined ? {} : cache;

/** The integers of an op's stationary operand: small ones of a cache may be pruned. */
export function stationaryCodes(
  q: Quantisation,
  op: Written,
  values: Float32Array,
  quantizer: Quantizer,
): Int16Array {
  const { prune = 0 } = cacheOf(q, op);
  if (prune === 0) return quantize(values, quantizer);
  const least = prune * quantizer.high * quantizer.scale;
  return quantize(
    values.map(value => (Math.abs(value) < least ? 0 : value)),
    quantizer,
  );
}

function rangeOf(ranges: Readonly<Record<string, Range>>, id: string): Range {
  if (!Object.hasOwn(ranges, id)) throw usageError(`${id} was not calibrated: calibrate on this graph`);
  return ranges[id];
}
