/**
 * What a file in `merge/` provides: how capacitors add the columns of a weight's bit slices, each with its place value, before
 * one conversion. A column hands over a voltage, which charges what stands at its input of the network.
 */
import * as z from 'zod';
import { block, quantity } from '../../base/fields.ts';

/** The slices that one network merges, and the bits of each: slice s counts 2^(s cellBits). */
export interface MergeShape {
  readonly slices: number;
  readonly cellBits: number;
}

/** Relative error of a unit capacitor by its number in the network. */
export type UnitErrors = (unit: number) => number;

/** A law: its name is that of its file. Capacitances are in unit capacitors. */
export function mergeLaw<const N extends string>(spec: {
  readonly law: N;
  /** Unit capacitors of a network. */
  readonly units: (shape: MergeShape) => number;
  /** What the sum is seen behind: thermal noise is that of such a capacitor. */
  readonly output: (shape: MergeShape) => number;
  /** Voltage of the sum when all slices hand over the same one, as a share of it. */
  readonly gain: (shape: MergeShape) => number;
  /** What slice s counts where unit capacitors have `errors` and every inner node `parasitic` units to ground; without both 2^(s cellBits). */
  readonly weights: (shape: MergeShape, errors: UnitErrors, parasitic: number) => number[];
}) {
  const { law, units, output, gain, weights } = spec;
  const schema = block({
    law: z.literal(law),
    unit: quantity('F', { positive: true })
      .optional()
      .meta({ description: "unit capacitor; absent: 2 fF, where it stands at the cells the cell's own" }),
    at: z
      .enum(['column', 'cell'])
      .default('column')
      .meta({ description: 'one network for the columns of a weight, or one at each of its rows' }),
  });
  return { law, schema, units, output, gain, weights };
}

/** Area of unit capacitors: 2.3 fF/um2 of metal fingers at 22 nm (CiMLoop), their distance by the node: 0.78 at 65 nm, where three layers have 0.93. */
const DENSITY = { F_per_m2: 2.3e-3, node_m: 22e-9 };
export const capacitorArea_m2 = (capacitance_F: number, node_m: number): number =>
  (capacitance_F / DENSITY.F_per_m2) * (node_m / DENSITY.node_m);

/**
 * Standard deviation of a unit capacitor, over its value: 0.85 % at 1 fF, by the square root of its size (metal fingers; Omran et
 * al., TCAS-I 2016, measure 0.8 and 1.2 % at and below a femtofarad).
 */
export const unitMismatch = (unit_F: number): number => 0.0085 * Math.sqrt(1e-15 / unit_F);

/** Of Wang et al. (VLSI 2022), as CiMLoop models them. */
export const UNIT_F = 2e-15;
