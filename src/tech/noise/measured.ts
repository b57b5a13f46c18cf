/**
 * What cells of a measured device hold after programming, by a table: for each target the mean and the standard deviation
 * of the conductance, at one time or at several after programming (the columns target, mean, sigma and time, as NeuroSim
 * V1.5 and XBTorch take measured states). Between targets both are linear; between times linear in the logarithm of time.
 */

import * as z from 'zod';
import { usageError } from '../../base/errors.ts';
import { largest } from '../../base/extremes.ts';
import { block, quantity } from '../../base/fields.ts';
import { measuredOn } from '../circuit/measured-on.ts';
import { type MeasuredPoint, measuredLevels } from '../measured-table.ts';
import type { Effect } from '../noise-effects.ts';
import { noiseTerm } from '../noise-term.ts';
import { term as onOff } from './on-off.ts';
import { term as writeVariation } from './write-variation.ts';

export interface MeasuredStates {
  readonly points: readonly MeasuredPoint[];
  /** After programming; of a table at one time undefined. */
  readonly time_s?: number | undefined;
  /** Lowest and highest conductance of a cell; its levels are spread evenly between. */
  readonly range_S: readonly [number, number];
}

/** Means that differ from their targets by the rounding of a division. */
const ON_TARGET = 1e-9;

const positive = { positive: true };

const schema = block({
  file: z.string().min(1).optional().meta({
    description:
      'a CSV beside this file: columns target, mean, sigma and, for several times, time, with their units',
  }),
  points: z
    .array(
      z.strictObject({
        target: quantity('S'),
        mean: quantity('S'),
        sigma: quantity('S'),
        time: quantity('s', positive).optional(),
      }),
    )
    .min(2)
    .optional()
    .meta({ description: 'the rows of the file, or given here: targets rise, time by time' }),
  time: quantity('s', positive).optional().meta({
    description: 'from programming until the read; absent: the first of the table',
  }),
  matrices: z.enum(['dynamic', 'all']).default('all').meta({
    description: 'dynamic: K^T and V alone',
  }),
  measuredOn,
  verified: z.boolean().default(false).meta({ description: 'it is what program-and-verify leaves' }),
}).superRefine(({ points, time }, context) => {
  const complain = (path: (string | number)[], message: string): void =>
    context.addIssue({ code: 'custom', path, message });
  if (points === undefined) complain(['file'], 'expected a CSV file, or its rows as points');
  else {
    checkPoints(points, complain);
    if (time !== undefined) checkTime(points, time, message => complain(['time'], message));
  }
});

/** Of the rows in the order of their times. */
function checkTime(
  points: readonly { readonly time?: number | undefined }[],
  time: number,
  complain: (message: string) => void,
): void {
  const [first, last] = [points[0].time, points[points.length - 1].time];
  if (first === undefined || last === undefined)
    complain('expected none, as the measured states have no column of times');
  else if (time < first || time > last)
    complain(`expected a time from ${first} to ${last} s, as the states were measured`);
}

/** Targets rise inside a time, times from table to table; all rows have a time or none has. */
function checkPoints(
  points: readonly { readonly target: number; readonly time?: number | undefined }[],
  complain: (path: (string | number)[], message: string) => void,
): void {
  for (const [i, { target, time }] of points.entries()) {
    if (i === 0) continue;
    const before = points[i - 1];
    if ((time === undefined) !== (before.time === undefined))
      complain(['points', i], 'expected a time in every row or in none');
    else if (time !== undefined && before.time !== undefined && time < before.time)
      complain(['points', i, 'time'], 'expected times that rise from table to table');
    else if (time === before.time && target <= before.target)
      complain(['points', i, 'target'], 'expected targets that rise from row to row');
  }
}

export const term = noiseTerm({
  name: 'measured',
  place: 25,
  of: 'cells',
  schema,
  numbers: {
    measuredTime: {
      option: 'measuredTime_s',
      label: 'Time since programming, of measured states (s)',
      min: 1e-9,
      max: 1e12,
      own: file => file?.time ?? file?.points?.[0].time,
    },
  },
  choices: {},
  measured: ({ points = [], measuredOn: device, verified }) => ({
    device,
    verified,
    full_S: largest(points.map(({ target }) => target)),
  }),
  params: ({ file, options, device, written, earlier, clock }): MeasuredStates | undefined => {
    const { measuredTime_s } = options;
    if (file === undefined) {
      if (measuredTime_s === undefined) return undefined;
      throw usageError('this technology has no measured states: give it a table, tech.noise.measured.file');
    }
    if (!written && file.matrices !== 'all') return undefined;
    // A sigma of an option takes the place of what was measured.
    if (earlier(writeVariation) !== undefined) return undefined;
    const { onResistance } = device.cell;
    if (onResistance === undefined)
      throw usageError('measured states are conductances: give cell.onResistance');
    const high = 1 / onResistance;
    const { ratio = Infinity } = earlier(onOff) ?? {};
    const read_s = measuredTime_s ?? file.time;
    const first_s = file.points?.[0].time;
    const time_s = read_s === undefined || first_s === undefined ? read_s : clock(read_s, first_s);
    return {
      points: file.points ?? [],
      ...(time_s !== undefined && { time_s }),
      range_S: [high / ratio, high],
    };
  },
  effects: ({ points, time_s, range_S }: MeasuredStates, { maxLevel }) => {
    const { shift, sigma } = measuredLevels(points, time_s, range_S, maxLevel);
    const spread: Effect = { kind: 'levelSpread', sigma };
    return shift.every(levels => Math.abs(levels) < ON_TARGET)
      ? [spread]
      : [{ kind: 'levelShift', shift }, spread];
  },
});
