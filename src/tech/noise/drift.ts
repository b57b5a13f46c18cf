/**
 * Conductance drift: G(t) = G(t0) (t / t0)^-nu, with a spread of nu between cells (aihwkit; Yale's FeFET set: nu 0.1). Of
 * phase change low conductances drift faster: `states` gives nu by conductance, linear between the rows.
 */
import * as z from 'zod';
import { usageError } from '../../base/errors.ts';
import { block, factor, quantity } from '../../base/fields.ts';
import { measuredOn } from '../circuit/measured-on.ts';
import { atTarget, levelConductances } from '../measured-table.ts';
import { noiseTerm } from '../noise-term.ts';
import { term as onOff } from './on-off.ts';

/** The exponent of cells of one conductance, S. */
interface DriftState {
  readonly target: number;
  readonly nu: number;
  readonly nuSigma: number;
}

export interface Drift {
  readonly time_s: number;
  /** When the conductance was programmed and verified. */
  readonly t0_s: number;
  readonly nu: number;
  /** Standard deviation of nu between cells; nu never falls below zero. */
  readonly nuSigma: number;
  /** Takes the place of nu and its spread: by conductance, whose levels are spread evenly over a range. */
  readonly states?: { readonly points: readonly DriftState[]; readonly range_S: readonly [number, number] };
}

const positive = { positive: true };

/** The factor on a cell of a level whose nu lies `z` standard deviations from the mean. */
function driftFactor(
  { time_s, t0_s, nu, nuSigma, states }: Drift,
  maxLevel: number,
): (z: number, level: number) => number {
  if (!(t0_s > 0 && time_s >= t0_s && nu >= 0 && nuSigma >= 0)) {
    throw usageError(
      `drift: time_s >= t0_s > 0, nu >= 0 and nuSigma >= 0; got a time of ${time_s} s and a t0 of ${t0_s} s`,
    );
  }
  const decades = Math.log(time_s / t0_s);
  const means = new Float64Array(maxLevel + 1).fill(nu);
  const sigmas = new Float64Array(maxLevel + 1).fill(nuSigma);
  if (states !== undefined)
    for (const [level, target] of levelConductances(states.range_S, maxLevel).entries()) {
      means[level] = atTarget(states.points, target, point => point.nu);
      sigmas[level] = atTarget(states.points, target, point => point.nuSigma);
    }
  return (z, level) => Math.exp(-Math.max(0, means[level] + sigmas[level] * z) * decades);
}

const state = z.strictObject({
  target: quantity('S'),
  nu: factor(0, 1),
  nuSigma: factor(0, 1).default(0),
});

export const term = noiseTerm({
  name: 'drift',
  place: 40,
  of: 'cells',
  // Of known weights.
  schema: block({
    nu: factor(0, 1).optional().meta({ description: 'of all cells; or give states' }),
    nuSigma: factor(0, 1).default(0).meta({ description: 'spread of nu between cells' }),
    states: z.array(state).min(2).optional().meta({
      description: 'instead of nu: nu and nuSigma of cells of a conductance, targets rise',
    }),
    t0: quantity('s', positive).meta({ description: 'from programming until the cell was verified' }),
    time: quantity('s', positive).meta({ description: 'from programming until the read' }),
    measuredOn,
  }).superRefine(({ time, t0, nu, nuSigma, states }, context) => {
    const complain = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    if (time < t0) complain(['time'], 'expected a time of at least t0');
    if (states === undefined) {
      if (nu === undefined) complain(['nu'], 'expected nu, or states with nu by conductance');
      return;
    }
    if (nu !== undefined || nuSigma !== 0)
      complain([nu === undefined ? 'nuSigma' : 'nu'], 'has no effect beside states, which give it');
    for (const [i, { target }] of states.entries())
      if (i > 0 && target <= states[i - 1].target)
        complain(['states', i, 'target'], 'expected targets that rise from row to row');
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
      own: file => (file?.states === undefined ? file?.nuSigma : undefined),
    },
  },
  choices: {},
  params: ({ file, options, device, written, earlier, clock }): Drift | undefined => {
    const { driftTime_s, driftNu, driftNuSigma } = options;
    // What is written at run time is read at once.
    if (written) return undefined;
    if (file === undefined) {
      if (driftTime_s === undefined && driftNu === undefined && driftNuSigma === undefined) return undefined;
      throw usageError(
        'this technology does not drift: give it nu, t0 and time, e.g. --set tech.noise.drift="{nu: 0.1, t0: 1 s, time: 1 ks}"',
      );
    }
    const time_s = clock(driftTime_s ?? file.time, file.t0);
    if (time_s === file.t0) return undefined;
    const times = { time_s, t0_s: file.t0 };
    // A number of an option takes the place of what was measured.
    if (file.states !== undefined && driftNu === undefined) {
      if (driftNuSigma !== undefined)
        throw usageError('the spread of drift is by conductance here: give driftNu too, which replaces both');
      const { onResistance } = device.cell;
      if (onResistance === undefined)
        throw usageError('drift by conductance needs those of the cell: give cell.onResistance');
      const high = 1 / onResistance;
      const { ratio = Infinity } = earlier(onOff) ?? {};
      return { ...times, nu: 0, nuSigma: 0, states: { points: file.states, range_S: [high / ratio, high] } };
    }
    const [nu, nuSigma] = [driftNu ?? file.nu ?? 0, driftNuSigma ?? file.nuSigma];
    return nu === 0 && nuSigma === 0 ? undefined : { ...times, nu, nuSigma };
  },
  measured: file => ({ device: file.measuredOn }),
  effects: (drift: Drift, { maxLevel }) => [{ kind: 'factor', factor: driftFactor(drift, maxLevel) }],
});
