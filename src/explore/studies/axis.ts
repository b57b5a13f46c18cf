/** An axis: the values that one path of a study takes. A kind of axis is one file of `axes/`. */
import type * as z from 'zod';
import type { Finding } from '../../arch/finding.ts';
import type { Value } from './value.ts';

export interface Axis {
  /** Undefined for a continuum: only samples can be taken of it. */
  readonly size: number | undefined;
  /** Value number `i` of `size`. */
  at(i: number): Value;
  /** The value at `u`, 0 <= u < 1, of a sample. */
  sample(u: number): Value;
}

/** A kind of axis, written `{ <name>: ... }`. */
export interface AxisKind<T> {
  /** The key that a file names it by. */
  readonly name: string;
  /** What it is, in a few words. */
  readonly describe: string;
  /** Of what stands behind the key. */
  readonly schema: z.ZodType<T>;
  /** The axis, or what is wrong with it beyond its schema; paths are from what stands behind the key. */
  axis(block: T): Axis | Finding;
}

/** Of a list of kinds, each has a type of its own. */
// biome-ignore lint/suspicious/noExplicitAny: a kind takes what its own schema has checked
export type AnyAxisKind = AxisKind<any>;

/** An axis of given values. */
export const listed = (size: number, at: (i: number) => Value): Axis => ({
  size,
  at,
  sample: u => at(Math.min(size - 1, Math.floor(u * size))),
});

export const isFinding = (found: Axis | Finding): found is Finding => 'severity' in found;
