/** Min-max calibration: cover every value that was seen (Jacob et al., arXiv 1712.05877, section 3.1). */
import { clipped, type Observer } from './range.ts';

export function minMax(): Observer {
  let [min, max] = [0, 0];
  return {
    observe(values) {
      for (const v of values) {
        if (v < min) min = v;
        if (v > max) max = v;
      }
    },
    range: () => clipped(Math.max(-min, max), min < 0),
  };
}
