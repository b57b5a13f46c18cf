/** The bow of a converter's curve (INL) in fixed point. */

import { usageError } from '../../base/errors.ts';
import { log2 } from '../../base/math.ts';

/** Largest INL whose product with the bow stays exact in float32. */
const MAX_INL_LSB = 4;

/**
 * INL in fixed point, on the analog value v in units: u = clamp(floor(v / 2^coarse), 0, 255),
 * added = floor(u (255 - u) factor / 2^shift). u (255 - u) < 2^14 and |factor| <= 2^10, so float32 is exact.
 */
export interface Inl {
  readonly coarse: number;
  readonly factor: number;
  readonly shift: number;
}

/** @throws TrexError (usage) for one that is out of range, or has too few bits of code and fraction below it. */
export function inlOf(inl_LSB: number, adcBits: number, fracBits: number): Inl {
  if (!(Math.abs(inl_LSB) <= MAX_INL_LSB))
    throw usageError(`ADC: an INL of at most ${MAX_INL_LSB} steps, got ${inl_LSB}`);
  if (adcBits + fracBits < 8) throw usageError('ADC: INL needs at least 8 bits of ADC code and fraction');
  // The bow peaks at 127 * 128 = 16256; inl * 2^fracBits = 16256 * factor / 2^shift.
  const ratio = (inl_LSB * 2 ** fracBits) / 16256;
  const shift = Math.min(23, Math.max(0, Math.floor(log2(1023 / Math.abs(ratio)))));
  return { coarse: adcBits + fracBits - 8, factor: Math.round(ratio * 2 ** shift), shift };
}

/** What the INL adds to the analog value `v`, in units. */
export function inlAt(v: number, { coarse, factor, shift }: Inl): number {
  const u = Math.min(255, Math.max(0, v >> coarse));
  return (u * (255 - u) * factor) >> shift;
}
