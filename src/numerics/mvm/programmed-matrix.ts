/** A matrix as the crossbars hold it: all that a back end needs to compute with it. */
import type { Inl } from '../noise/adc-error.ts';
import type { ColumnNoise } from '../noise/column-noise.ts';
import type { MvmPlan } from './spec.ts';

export interface ProgrammedMatrix {
  readonly plan: MvmPlan;
  /** Conductances in units, [block][slice][row in block][col]; zero where no cell is. */
  readonly g: Int32Array;
  /** Added to every column sum, [block][slice][col]: half an ADC step for rounding, and the offset of the converter. */
  readonly offsets: Int32Array;
  readonly noise: ColumnNoise;
  readonly inl?: Inl;
  /** The integer weights [rows][cols], when nothing but integers is left: no noise, no variation, lossless ADC. */
  readonly ideal?: Int16Array;
}

/** Conductances, and their squares where read noise follows the cells. */
export const matrixBytes = ({ g, noise }: ProgrammedMatrix): number =>
  g.byteLength + ('squares' in noise ? noise.squares.byteLength : 0);
