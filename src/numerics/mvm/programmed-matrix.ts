/** A matrix as the crossbars hold it: all that a back end needs to compute with it. */

import type { ColumnNoise } from '../noise/column-noise.ts';
import type { Inl } from '../noise/inl.ts';
import type { MvmPlan } from './spec.ts';

/** A matrix in its cells and converters, noise of programming included. */
export interface ProgrammedMatrix {
  readonly plan: MvmPlan;
  /** Conductances in units, [block][slice][row in block][col]; zero where no cell is. */
  readonly g: Int32Array;
  /** Added to every column sum, [block][slice][col]: half an ADC step for rounding, and the offset of the converter. */
  readonly offsets: Int32Array;
  readonly noise: ColumnNoise;
  readonly inl?: Inl | undefined;
  /** The integer weights [rows][cols], when nothing but integers is left: no noise, no variation, lossless ADC. */
  readonly ideal?: Int16Array | undefined;
}

/** Conductances, and their squares where read noise follows the cells. */
export const matrixBytes = ({ g, noise }: ProgrammedMatrix): number =>
  g.byteLength + ('squares' in noise ? noise.squares.byteLength : 0);
