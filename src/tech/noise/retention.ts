/**
 * Loss of retention: the window between the states of a cell closes with the logarithm of time, as that of ferroelectric
 * transistors does. A share r = loss log10(t / t0) of the way to one level is gone: G(t) = G - r (G - G_towards).
 */
import * as z from 'zod';
import { usageError } from '../../base/errors.ts';
import { block, quantity } from '../../base/fields.ts';
import { log10 } from '../../base/math.ts';
import { measuredOn } from '../circuit/measured-on.ts';
import type { Effect } from '../noise-effects.ts';
import { noiseTerm } from '../noise-term.ts';

const TOWARDS = ['middle', 'lowest', 'highest'] as const;

export interface Retention {
  readonly time_s: number;
  readonly t0_s: number;
  /** Of the window, in a decade of time. */
  readonly loss: number;
  /** Standard deviation of what a cell has lost over the mean loss. */
  readonly spread: number;
  /** The level that all states approach. */
  readonly towards: (typeof TOWARDS)[number];
}

/** What is lost of the window; no more than all of it. */
function lostShare({ time_s, t0_s, loss, spread }: Retention): number {
  if (!(t0_s > 0 && time_s >= t0_s && loss >= 0 && loss <= 1 && spread >= 0))
    throw usageError(
      `retention: time_s >= t0_s > 0, loss from 0 to 1 and spread >= 0; got a time of ${time_s} s and a t0 of ${t0_s} s`,
    );
  return Math.min(1, loss * log10(time_s / t0_s));
}

const positive = { positive: true };
const share = { min: 0, max: 1 };

export const term = noiseTerm({
  name: 'retention',
  place: 27,
  of: 'cells',
  // Of known weights.
  schema: block({
    loss: quantity('%', share).meta({
      description: 'of the window between lowest and highest state, a decade of time',
    }),
    spread: quantity('%', share).prefault('0 %').meta({
      description: 'standard deviation between cells of what is lost, of the mean loss',
    }),
    towards: z.enum(TOWARDS).default('middle').meta({ description: 'the level that all states approach' }),
    t0: quantity('s', positive).meta({ description: 'from programming until nothing was lost yet' }),
    time: quantity('s', positive).meta({ description: 'from programming until the read' }),
    measuredOn,
  }).superRefine((value, context) => {
    if (value.time < value.t0)
      context.addIssue({ code: 'custom', path: ['time'], message: 'expected a time of at least t0' });
  }),
  numbers: {
    retentionTime: {
      option: 'retentionTime_s',
      label: 'Time since programming (s)',
      min: 1e-9,
      max: 1e12,
      own: file => file?.time,
    },
    retentionLoss: {
      option: 'retentionLoss',
      label: 'Loss of the window per decade',
      min: 0,
      max: 1,
      own: file => file?.loss,
    },
  },
  choices: {},
  params: ({ file, options, written, clock }): Retention | undefined => {
    const { retentionTime_s, retentionLoss } = options;
    // What is written at run time is read at once.
    if (written) return undefined;
    if (file === undefined) {
      if (retentionTime_s === undefined && retentionLoss === undefined) return undefined;
      throw usageError(
        'this technology loses no retention: give it loss, t0 and time, e.g. --set tech.noise.retention="{loss: 2 %, t0: 1 s, time: 1 Ms}"',
      );
    }
    const { t0: t0_s, spread, towards } = file;
    const time_s = clock(retentionTime_s ?? file.time, t0_s);
    const loss = retentionLoss ?? file.loss;
    return loss === 0 || time_s === t0_s ? undefined : { time_s, t0_s, loss, spread, towards };
  },
  measured: file => ({ device: file.measuredOn }),
  effects: (retention: Retention, { maxLevel }): Effect[] => {
    const lost = lostShare(retention);
    const target = { middle: maxLevel / 2, lowest: 0, highest: maxLevel }[retention.towards];
    const shift = Array.from({ length: maxLevel + 1 }, (_, level) => lost * (target - level));
    const moved: Effect = { kind: 'levelShift', shift };
    if (retention.spread === 0) return [moved];
    return [moved, { kind: 'levelSpread', sigma: shift.map(levels => retention.spread * Math.abs(levels)) }];
  },
});
