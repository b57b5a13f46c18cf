/** A standard deviation in fixed point, and the noise drawn with it: products of two 12-bit integers, exact in float32. */
import { log2 } from '../../base/math.ts';
import { hashCounter, type StreamKey } from '../../base/random.ts';
import { Z_BITS, Z_TABLE } from './normal-table.ts';

const HALF = 4096;
/** Mantissas of standard deviations stay below 2^12: times |z| < 2^12 the product is below 2^24. */
export const MAX_MANTISSA = HALF - 1;

/** `sigma` units = mantissa * 2^-exponent; noise = floor((mantissa * z + 2^(shift - 1)) / 2^shift), shift = exponent + 9. */
export interface SigmaScale {
  readonly exponent: number;
  readonly shift: number;
}

/** The finest scale on which `largest` units of standard deviation still have a 12-bit mantissa. */
export function sigmaScale(largest: number): SigmaScale {
  const finest = Math.floor(log2(MAX_MANTISSA / Math.max(largest, 2 ** -8)));
  const exponent = Math.max(1 - Z_BITS, Math.min(23 - Z_BITS, finest));
  return { exponent, shift: exponent + Z_BITS };
}

/** The mantissa of `sigma` units on a scale. */
export const mantissa = (sigma: number, { exponent }: SigmaScale): number =>
  Math.min(MAX_MANTISSA, Math.round(sigma * 2 ** exponent));

/** z at a counter: normal, standard deviation 2^9, |z| < 2^12. */
export function drawZ(key: StreamKey, counter: number): number {
  const hash = hashCounter(key, counter);
  return Z_TABLE[hash >> 12] + Z_TABLE[hash & 4095];
}

/** Normal noise in units: `mantissa` on a scale times z. */
export const scaled = (sigma: number, z: number, { shift }: Pick<SigmaScale, 'shift'>): number =>
  (sigma * z + (1 << (shift - 1))) >> shift;
