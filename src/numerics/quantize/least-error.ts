/** Calibration by least mean square error: the clip whose rounding and clipping together lose least (Wu et al., arXiv 2004.09602, section 5.2; Banner et al., arXiv 1810.05723). */
import { Histogram } from './histogram.ts';
import { quantizerOf, roundClamped } from './quantizer.ts';
import { type Calibrator, clipped } from './range.ts';

/** Clips that are tried: these many equal steps up to the largest magnitude. */
const CLIPS = 128;

export const leastError: Calibrator = bits => {
  const seen = new Histogram();
  return {
    observe: values => seen.add(values),
    range() {
      let best = seen.largest;
      let least = Number.POSITIVE_INFINITY;
      for (let step = 1; step <= CLIPS; step++) {
        const clip = (seen.largest * step) / CLIPS;
        const error = squareError(seen, clip, bits);
        if (error <= least) [best, least] = [clip, error];
      }
      return clipped(best, seen.negative);
    },
  };
};

/** Sum of the squared errors, every value taken at the middle of its bin; the two signs err alike. */
function squareError(seen: Histogram, clip: number, bits: number): number {
  const { scale, high } = quantizerOf(clipped(clip, seen.negative), bits);
  let sum = 0;
  for (let i = 0; i < seen.counts.length; i++) {
    if (seen.counts[i] === 0) continue;
    const value = i === 0 ? 0 : (i + 0.5) * seen.width;
    sum += seen.counts[i] * (value - scale * roundClamped(value / scale, 0, high)) ** 2;
  }
  return sum;
}
