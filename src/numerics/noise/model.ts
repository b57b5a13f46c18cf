/** What is not ideal about cells, lines and converters. Absent terms are ideal; each term has a file of its own. */
import type { AdcError } from './adc-error.ts';
import type { Drift } from './drift.ts';
import type { IrDrop } from './ir-drop.ts';
import type { OnOff } from './on-off.ts';
import type { ReadVariation } from './read-variation.ts';
import type { Stuck } from './stuck.ts';
import type { Thermal } from './thermal.ts';
import type { WriteVariation } from './write-variation.ts';

/** Applied in this order: on/off ratio, write, stuck, drift, frozen read, IR drop, reference column, ADC gain and offset. */
export interface NoiseModel {
  readonly onOff?: OnOff;
  readonly write?: WriteVariation;
  readonly stuck?: Stuck;
  readonly drift?: Drift;
  readonly read?: ReadVariation;
  readonly irDrop?: IrDrop;
  readonly adc?: AdcError;
  readonly thermal?: Thermal;
}

/** Nothing but the quantisation of the ADC. */
export const IDEAL: NoiseModel = {};
