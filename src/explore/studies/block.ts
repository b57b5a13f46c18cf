/** A block: several axes taken together. A kind of block is one file of `blocks/`. */
import type * as z from 'zod';
import type { Finding } from '../../arch/finding.ts';
import type { Axis } from './axis.ts';
import type { Value } from './value.ts';

export interface NamedAxis {
  /** Such as `tech.adc.bits`. */
  readonly path: string;
  readonly axis: Axis;
}

/** The combinations of some axes; any of them can be had without the others. */
export interface Combinations {
  readonly size: number;
  /** The values of combination `i`, in the order of the axes. */
  at(i: number): readonly Value[];
  /** Sizes of axes that are chosen on their own: the digits of `i`, the last one fastest. */
  readonly choices?: readonly number[] | undefined;
}

/** A kind of block, written `<key>: { <path>: axis, ... }`, its options beside the paths. */
export interface BlockKind<T> {
  readonly name: string;
  readonly describe: string;
  /** What stands beside the paths: no path is called so. */
  readonly options: z.ZodObject & z.ZodType<T>;
  /** Takes axes that are a continuum. */
  readonly samples: boolean;
  /** Or what is wrong; the path of a finding is that of an axis. */
  combine(axes: readonly NamedAxis[], options: T): Combinations | Finding;
}

// biome-ignore lint/suspicious/noExplicitAny: a kind takes what its own schema has checked
export type AnyBlockKind = BlockKind<any>;

/** Points of a sampling plan in the unit cube, as values of the axes. */
export const sampled = (
  axes: readonly NamedAxis[],
  points: number,
  coordinate: (point: number, axis: number) => number,
): Combinations => ({
  size: points,
  at: point => axes.map(({ axis }, i) => axis.sample(coordinate(point, i))),
});
