/** Weights that are no numbers of any value: what they can be, and the law that makes them so. */
import * as z from 'zod';

/** Names of codecs in model files. `pow2`: plus or minus a power of two, or zero. */
export const WEIGHT_CODECS = ['pow2'] as const;
/** A codec by its name in model files. */
export type WeightCodec = (typeof WEIGHT_CODECS)[number];

export const codecField = z
  .enum(WEIGHT_CODECS)
  .optional()
  .describe(
    'What its weights can be: pow2, signed powers of two in 5 bits (DeepShift, arXiv 1905.13298); absent: any number',
  );

/** A sign, zero, and the powers 0 to -14 (GATECH-EIC/ShiftAddViT pvt/deepshift/modules.py, weight_bits 5: shift_range). */
const POW2 = { least: -14, most: 0 } as const;

/** Mantissa of the last float32 below the square root of two: log2 of what is above rounds up. */
const BELOW_ROOT = 0x3504f3;

const LAWS: Readonly<Record<WeightCodec, (weight: Float32Array) => Float32Array>> = { pow2: powersOfTwo };

/** The weights as their codec has them. */
export const coded = (weight: Float32Array, codec: WeightCodec | undefined): Float32Array =>
  codec === undefined ? weight : LAWS[codec](weight);

/**
 * sign(w) 2^round(log2 |w|), the power held to -14 .. 0; zero stays zero (DeepShift-Q; GATECH-EIC/ShiftAddViT
 * pvt/deepshift/utils.py, round_power_of_2 and clampabs). Exact: float32 shows its power and whether it is above a root of two.
 */
export function powersOfTwo(weight: Float32Array): Float32Array {
  const words = new Uint32Array(weight.buffer, weight.byteOffset, weight.length);
  return Float32Array.from(weight, (w, i) => {
    if (w === 0) return 0;
    const power = ((words[i] >>> 23) & 255) - 127 + ((words[i] & 0x7fffff) > BELOW_ROOT ? 1 : 0);
    const size = 2 ** Math.min(POW2.most, Math.max(POW2.least, power));
    return w < 0 ? -size : size;
  });
}
