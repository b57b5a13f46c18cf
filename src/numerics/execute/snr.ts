/** Signal-to-noise ratio of one layer: its output against that of an exact layer on the same input. */
import { toDecibels } from '../../base/math.ts';
import type { Matrix } from './matrix.ts';

/** 10 log10 (sum of reference^2 / sum of (got - reference)^2), dB; infinite if they are equal. */
export function snr_dB(got: Matrix, reference: Matrix): number {
  let signal = 0;
  let noise = 0;
  for (let i = 0; i < reference.data.length; i++) {
    signal += reference.data[i] ** 2;
    noise += (got.data[i] - reference.data[i]) ** 2;
  }
  return noise === 0 ? Number.POSITIVE_INFINITY : toDecibels(signal / noise);
}
