/** Conductance drift: G(t) = G(t0) (t / t0)^-nu, with a spread of nu between cells (aihwkit; Yale's FeFET set: nu 0.1). */
import { usageError } from '../../base/errors.ts';

export interface Drift {
  readonly time_s: number;
  /** When the conductance was programmed and verified. */
  readonly t0_s: number;
  readonly nu: number;
  /** Standard deviation of nu between cells; nu never falls below zero. */
  readonly nuSigma: number;
}

/** The factor on a cell whose nu lies `z` standard deviations from the mean. */
export function driftFactor({ time_s, t0_s, nu, nuSigma }: Drift): (z: number) => number {
  if (!(t0_s > 0 && time_s >= t0_s && nu >= 0 && nuSigma >= 0)) {
    throw usageError('drift: time_s >= t0_s > 0, nu >= 0 and nuSigma >= 0');
  }
  const decades = Math.log(time_s / t0_s);
  return z => Math.exp(-Math.max(0, nu + nuSigma * z) * decades);
}
