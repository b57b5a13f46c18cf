/** What a file in `drive/` provides: how the level of an input is applied to a row of analog cells, and what that costs. */
import * as z from 'zod';
import { block } from '../../base/fields.ts';
import type { NodeConstants } from './nodes.ts';

/** What a way of driving sees of its crossbar. */
export interface DriveContext {
  readonly node: NodeConstants;
  /** Input bits of one step: levels 0 to 2^bits - 1. */
  readonly bits: number;
  /** Mean level over the largest. */
  readonly inputDensity: number;
}

/** One row and one step. */
export interface DriveFigures {
  /** Beside the input register and the switch of the row, which every way has. */
  readonly area_m2: number;
  readonly energy_J: number;
  /** How often the line is charged, in the mean. */
  readonly swings: number;
  /** Of levels that are told by time: how long a step takes beyond settling, and for how long cells at the largest level conduct. */
  readonly pulses?: { readonly time_s: number; readonly conducting_s: number };
}

/** A law: its name is that of its file. */
export function driveLaw<const N extends string, const T extends z.core.$ZodShape>(spec: {
  readonly law: N;
  /** Levels are told by time: columns sum charge. */
  readonly pulses: boolean;
  readonly params: T;
  readonly figures: (params: z.output<z.ZodObject<T>>, context: DriveContext) => DriveFigures;
}) {
  const { law, pulses, figures } = spec;
  const schema = block({ law: z.literal(law), ...spec.params });
  return { law, pulses, schema, figures };
}
