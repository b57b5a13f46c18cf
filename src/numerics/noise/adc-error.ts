/** Static errors of an ADC: offset and gain of each converter, and the bow of its transfer curve (INL). */
import { usageError } from '../../base/errors.ts';

export interface AdcError {
  /** Standard deviation of the offset between converters, in steps. */
  readonly offset_LSB: number;
  /** Standard deviation of the relative gain error between converters (HERMES before calibration: 0.071). */
  readonly gain: number;
  /** Peak of the bow INL(x) = 4 inl x (1 - x), x from 0 to 1 over the codes, in steps; either sign. */
  readonly inl_LSB: number;
  /** Neighbouring columns that share one converter. */
  readonly columns: number;
}

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

/** The INL term of an ADC, or undefined without one. */
export function inlTerm(error: AdcError | undefined, adcBits: number, fracBits: number): Inl | undefined {
  if (error === undefined) return undefined;
  const { offset_LSB, gain, inl_LSB, columns } = error;
  if (!(offset_LSB >= 0 && gain >= 0 && gain < 0.2 && Number.isInteger(columns) && columns >= 1)) {
    throw usageError('ADC: offset_LSB >= 0, gain from 0 to 0.2, columns a whole number from 1');
  }
  if (inl_LSB === 0) return undefined;
  if (!(Math.abs(inl_LSB) <= MAX_INL_LSB))
    throw usageError(`ADC: an INL of at most ${MAX_INL_LSB} steps, got ${inl_LSB}`);
  if (adcBits + fracBits < 8) throw usageError('ADC: INL needs at least 8 bits of ADC code and fraction');
  // The bow peaks at 127 * 128 = 16256; inl * 2^fracBits = 16256 * factor / 2^shift.
  const ratio = (inl_LSB * 2 ** fracBits) / 16256;
  const shift = Math.min(23, Math.max(0, Math.floor(Math.log2(1023 / Math.abs(ratio)))));
  return { coarse: adcBits + fracBits - 8, factor: Math.round(ratio * 2 ** shift), shift };
}

/** What the INL adds to the analog value `v`, in units. */
export function inlAt(v: number, { coarse, factor, shift }: Inl): number {
  const u = Math.min(255, Math.max(0, v >> coarse));
  return (u * (255 - u) * factor) >> shift;
}
