/** Factors on what the laws say of a component, by published splits of one macro: what CiMLoop calls its calibration. */
import type * as z from 'zod';
import { block, factor } from '../../base/fields.ts';
import { type Breakdown, breakdown, COMPONENTS, type ComponentName } from './breakdown.ts';
import type {
  CalibrationFactors,
  CircuitCalibration,
  CrossbarDesign,
  DesignFinding,
  GivenFigures,
} from './design.ts';

const scale = factor(1e-3, 1e3).optional();
const untimed = block({ energy: scale, area: scale, leakage: scale });
const timed = block({ ...untimed.shape, time: scale });

/** The components that a plane's time is made of. */
const TIMED: readonly ComponentName[] = ['array', 'sampleHold', 'merge', 'adc', 'adderTree'];

export const calibrationField = block({
  ...(Object.fromEntries(
    COMPONENTS.map(name => [name, (TIMED.includes(name) ? timed : untimed).optional()]),
  ) as Record<ComponentName, z.ZodOptional<typeof timed>>),
  write: block({ energy: scale, time: scale }).optional(),
})
  .optional()
  .meta({
    description:
      'factors on what the laws say of a component, by its measured split; array.time: settling, adc.time: a conversion',
  });

/** Factors of a loaded file, without their sources. */
export function calibrationOf(file: z.output<typeof calibrationField>): CircuitCalibration | undefined {
  if (file === undefined) return undefined;
  const { source: _, ...components } = file;
  const entries = Object.entries(components).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const { source, ...factors } = value;
    return [[name, factors] as const];
  });
  return Object.fromEntries(entries);
}

const GIVEN = {
  energy: 'energy_J',
  time: 'time_s',
  area: 'area_m2',
  leakage: 'leakage_W',
} as const satisfies Record<keyof CalibrationFactors, keyof GivenFigures>;

/** A figure that is given is no law's: one of both says what it is. */
export function calibrationErrors({ calibration, given }: CrossbarDesign): DesignFinding[] {
  if (calibration === undefined) return [];
  return factorsOf(calibration).flatMap(({ name, key }) => {
    if (given[name]?.[GIVEN[key]] === undefined) return [];
    const message = `given.${name}.${key} is explicit already: a factor scales what a law says`;
    return [{ path: ['calibration', name, key], message }];
  });
}

/** Factors on components that the crossbar does not have; `value` is what the laws say. */
export function calibrationWarnings(
  { calibration }: CrossbarDesign,
  value: (name: ComponentName | 'write', key: keyof CalibrationFactors) => number,
): DesignFinding[] {
  if (calibration === undefined) return [];
  return factorsOf(calibration).flatMap(({ name, key }) => {
    if (value(name, key) !== 0) return [];
    const message = `scales nothing: by its laws the crossbar has no ${key} of ${name}`;
    return [{ path: ['calibration', name, key], message }];
  });
}

function factorsOf(calibration: CircuitCalibration) {
  return Object.entries(calibration).flatMap(([name, factors]) =>
    Object.keys(factors).map(key => ({
      name: name as ComponentName | 'write',
      key: key as keyof CalibrationFactors,
    })),
  );
}

/** All parts of a figure times `by`. */
export const scaled = ({ parts }: Breakdown, by = 1): Breakdown =>
  breakdown(parts.map(({ component, value }) => ({ component, value: value * by })));
