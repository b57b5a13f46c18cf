/** Checks beyond the schema: nonsense is an error, the implausible a warning. */

import type * as z from 'zod';
import { PS } from '../base/units.ts';
import { knownLeaves } from './parse-blocks.ts';
import type { Branch, Path } from './tree.ts';

export interface Finding {
  readonly severity: 'error' | 'warning';
  readonly path: Path;
  readonly message: string;
}

export const error = (path: Path, message: string): Finding => ({ severity: 'error', path, message });
export const warning = (path: Path, message: string): Finding => ({ severity: 'warning', path, message });

/**
 * Simulated time is an integer of picoseconds: shorter times are errors, fractions are rounded with a warning.
 * 0 stands for a step that is hidden in another. Coefficients of fitted laws (`a`) are no times.
 */
export function timeFindings(tree: Branch, schema: z.ZodType, value: object): Finding[] {
  return knownLeaves(schema, tree).flatMap(({ path, leaf, dimension }) => {
    if (path.at(-1) === 'a' || dimension !== 's') return [];
    const picoseconds = Number(valueAt(value, path)) / PS;
    const whole = Math.round(picoseconds);
    if (picoseconds > 0 && picoseconds < 1 - 1e-9) {
      return [error(path, `expected at least 1 ps, the step of simulated time, got ${leaf.text}`)];
    }
    if (Math.abs(picoseconds - whole) <= 1e-6) return [];
    return [warning(path, `${leaf.text} is not a whole number of picoseconds: ${whole} ps is used`)];
  });
}

/** The value at a path of plain data; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], value);
}
