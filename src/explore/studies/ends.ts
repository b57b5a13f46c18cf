/** The two ends of a range, in one unit. */
import * as z from 'zod';
import { error, type Finding } from '../../arch/finding.ts';
import { measureOf, type Value } from './value.ts';

/** A plain number, or one with its unit. */
export const endSchema = z
  .union([z.number(), z.string()], { error: 'expected a number, or one with its unit such as 0.5 GHz' })
  .refine(value => measureOf(value) !== undefined, 'expected a number, or one with its unit such as 0.5 GHz');

export interface Ends {
  readonly from: number;
  readonly to: number;
  readonly unit: string;
}

/** The numbers of `from` and `to`, or what is wrong. */
export function endsOf(from: Value, to: Value): Ends | Finding {
  const [low, high] = [measureOf(from)!, measureOf(to)!];
  if (low.unit !== high.unit)
    return error(
      ['to'],
      `is in ${unitName(high.unit)}, from in ${unitName(low.unit)}: write both in one unit`,
    );
  if (low.number > high.number) return error(['to'], `is below from: ${high.number} < ${low.number}`);
  return { from: low.number, to: high.number, unit: low.unit };
}

export const unitName = (unit: string): string => (unit === '' ? 'no unit' : unit);
