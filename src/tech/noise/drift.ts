/** Conductance drift: G(t) = G(t0) (t / t0)^-nu, with a spread of nu between cells (aihwkit; Yale's FeFET set: nu 0.1). */
import { usageError } from '../../base/errors.ts';
import { block, factor, quantity } from '../../base/fields.ts';
import { measuredOn } from '../circuit/measured-on.ts';
import { noiseTerm } from '../noise-term.ts';

export interface Drift {
  readonly time_s: number;
  /** When the conductance was programmed and verified. */
  readonly t0_s: number;
  readonly nu: number;
  /** Standard deviation of nu between cells; nu never falls below zero. */
  readonly nuSigma: number;
}

const positive = { positive: true };

/** The factor on a cell whose nu lies `z` standard deviations from the mean. */
function driftFactor({ time_s, t0_s, nu, nuSigma }: Drift): (z: number) => number {
  if (!(t0_s > 0 && time_s >= t0_s && nu >= 0 && nuSigma >= 0)) {
    throw usageError('drift: time_s >= t0_s > 0, nu >= 0 and nuSigma >= 0');
  }
  const decades = Math.log(time_s / t0_s);
  return z => Math.exp(-Math.max(0, nu + nuSigma * z) * decades);
}

export const term = noiseTerm({
  name: 'drift',
  place: 40,
  of: 'cells',
  // Of known weights.
  schema: block({
    nu: factor(0, 1),
    nuSigma: factor(0, 1).default(0).meta({ description: 'spread of nu between cells' }),
    t0: quantity('s', positive).meta({ description: 'from programming until the cell was verified' }),
    time: quantity('s', positive).meta({ description: 'from programming until the read' }),
    measuredOn,
  }).superRefine((value, context) => {
    if (value.time < value.t0)
      context.addIssue({ code: 'custom', path: ['time'], message: 'expected a time of at least t0' });
  }),
  numbers: {
    driftTime: {
      option: 'driftTime_s',
      label: 'Time since programming (s)',
      min: 1e-9,
      max: 1e12,
      own: file => file?.time,
    },
    driftNu: { option: 'driftNu', label: 'Drift exponent nu', min: 0, max: 1, own: file => file?.nu },
    driftNuSigma: {
      option: 'driftNuSigma',
      label: 'Spread of the drift exponent',
      min: 0,
      max: 1,
      own: file => file?.nuSigma,
    },
  },
  choices: {},
  params: ({ file, options, written }): Drift | undefined => {
    const { driftTime_s, driftNu, driftNuSigma } = options;
    // What is written at run time is read at once.
    if (written) return undefined;
    if (file === undefined) {
      if (driftTime_s === undefined && driftNu === undefined && driftNuSigma === undefined) return undefined;
      throw usageError(
        'this technology does not drift: give it nu, t0 and time, e.g. --set tech.noise.drift="{nu: 0.1, t0: 1 s, time: 1 ks}"',
      );
    }
    const [nu, nuSigma] = [driftNu ?? file.nu, driftNuSigma ?? file.nuSigma];
    const time_s = driftTime_s ?? file.time;
    if ((nu === 0 && nuSigma === 0) || time_s === file.t0) return undefined;
    return { time_s, t0_s: file.t0, nu, nuSigma };
  },
  measured: file => ({ device: file.measuredOn }),
  effects: (drift: Drift) => [{ kind: 'factor', factor: driftFactor(drift) }],
});
