/** Percentile calibration: cover all but the outermost values (Wu et al., arXiv 2004.09602, section 5.2). */
import { usageError } from '../../base/errors.ts';
import { Histogram } from './histogram.ts';
import { type Calibrator, clipped } from './range.ts';

/** Covers `percent` % of the magnitudes. @throws TrexError (usage) */
export function percentile(percent = 99.99): Calibrator {
  if (!(percent > 0 && percent <= 100)) throw usageError(`percentile ${percent}: expected 0 to 100`);
  return () => {
    const seen = new Histogram();
    return {
      observe: values => seen.add(values),
      range() {
        const enough = (percent / 100) * seen.total;
        let below = 0;
        let bin = 0;
        while (bin < seen.counts.length && below < enough) below += seen.counts[bin++];
        return clipped(Math.min(seen.largest, bin * seen.width), seen.negative);
      },
    };
  };
}
