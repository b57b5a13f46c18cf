/** What a technology file of level circuit says beside its cell and its converter: drive, programming, explicit figures. */
import * as z from 'zod';
import { actionTime, block, count, quantity } from '../../base/fields.ts';
import { COMPONENTS, type ComponentName } from './breakdown.ts';
import { calibrationField } from './calibration.ts';
import { driveSchema } from './drive/all.ts';
import { measuredOn, verified } from './measured-on.ts';
import { mergeSchema } from './merge/all.ts';
import { TEMPERATURE_K } from './operating-point.ts';

const positive = { positive: true };

const untimed = block({
  energy: quantity('J').optional().meta({ description: 'one bit plane, all columns' }),
  area: quantity('m2').optional().meta({ description: 'of the whole crossbar' }),
  leakage: quantity('W').optional().meta({ description: 'of the whole crossbar' }),
});
const timed = block({
  ...untimed.shape,
  time: actionTime()
    .optional()
    .meta({ description: 'array: settling; adc: one conversion; else one bit plane' }),
});
const programming = block({
  energy: quantity('J').optional().meta({ description: 'the whole array' }),
  time: actionTime().optional().meta({ description: 'the whole array' }),
});

/** The components that a plane's time is made of. */
const TIMED: readonly ComponentName[] = ['array', 'sampleHold', 'merge', 'adc', 'adderTree', 'shiftAdd'];

const given = block({
  ...(Object.fromEntries(
    COMPONENTS.map(name => [name, (TIMED.includes(name) ? timed : untimed).optional()]),
  ) as Record<ComponentName, z.ZodOptional<typeof timed>>),
  write: programming.optional(),
});

export const driveFields = {
  roadmap: z
    .enum(['LSTP', 'HP'])
    .default('LSTP')
    .meta({ description: 'transistors: low standby power, or fast' }),
  vdd: quantity('V', positive).optional().meta({ description: "absent: the node's own supply" }),
  temperature: quantity('K', TEMPERATURE_K)
    .optional()
    .meta({ description: 'of leakage, on-currents, wires and thermal noise; absent: 300 K' }),
  inputBitsPerStep: count(1, 8).default(1).meta({ description: 'input bits that are driven at once' }),
  drive: driveSchema
    .prefault({ law: 'amplitude' })
    .meta({ description: 'how the level of an input is applied to a row of analog cells' }),
  sets: count(1, 64).default(1).meta({
    description: 'sets of cells that share the multipliers or capacitors; one is read at a time',
  }),
  merge: mergeSchema.optional().meta({
    description:
      'capacitors that add the bit slices of a weight before one conversion; absent: each is converted',
  }),
  activeRows: count(1, 4096)
    .optional()
    .meta({ description: 'rows that one conversion sums; absent: all of the array' }),
  inputDensity: quantity('%', { min: 0, max: 1 })
    .prefault('50 %')
    .meta({ description: 'mean input over its largest value: active rows of a bit plane' }),
  sampling: z.enum(['mux-group', 'plane']).default('mux-group').meta({
    description: 'mux-group: rows are driven again for every column group; plane: columns are held',
  }),
  read: block({ voltage: quantity('V', positive).optional() })
    .optional()
    .meta({ description: "absent: the node's read voltage" }),
  write: block({
    voltage: quantity('V', positive).optional().meta({ description: "absent: the node's supply" }),
    pulse: actionTime(positive).meta({ description: 'of one row' }),
    erase: actionTime().prefault('0 s').meta({ description: 'erase pulse before it' }),
    blockErase: z.boolean().default(false).meta({ description: 'one erase pulse for the whole array' }),
    verify: count(0, 100)
      .default(0)
      .meta({ description: 'rounds of read and correct after the first pulse' }),
    verified,
    measuredOn,
  }),
  given: given
    .optional()
    .meta({ description: 'published figures of components, in the place of what the laws say' }),
  calibration: calibrationField,
};
