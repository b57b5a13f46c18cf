/** Static errors of an ADC: offset and gain of each converter, and the bow of its transfer curve (INL). */
import { usageError } from '../../base/errors.ts';
import { block, quantity } from '../../base/fields.ts';
import type { Effect } from '../noise-effects.ts';
import { noiseTerm } from '../noise-term.ts';

export interface AdcError {
  /** Standard deviation of the offset between converters, in steps. */
  readonly offset_LSB: number;
  /** Standard deviation of the relative gain error between converters (HERMES before calibration: 0.071). */
  readonly gain: number;
  /** Peak of the bow INL(x) = 4 inl x (1 - x), x from 0 to 1 over the codes, in steps; either sign. */
  readonly inl_LSB: number;
  /** Neighbouring columns that share one converter. */
  readonly columns: number;
}

export const term = noiseTerm({
  name: 'adc',
  place: 80,
  of: 'converters',
  schema: block({
    offset: quantity('LSB').prefault('0 LSB').meta({ description: 'standard deviation between converters' }),
    gain: quantity('%', { max: 0.199 })
      .prefault('0 %')
      .meta({ description: 'standard deviation between converters' }),
    inl: quantity('LSB', { min: -4, max: 4 })
      .prefault('0 LSB')
      .meta({ description: 'peak of the bow: added = 4 inl x (1 - x), x from 0 to 1 over the codes' }),
  }),
  numbers: {
    adcOffset: {
      option: 'adcOffset_LSB',
      label: 'ADC offset sigma (LSB)',
      min: 0,
      max: 64,
      own: file => file?.offset ?? 0,
    },
    adcGain: {
      option: 'adcGain',
      label: 'ADC gain sigma',
      min: 0,
      max: 0.199,
      own: file => file?.gain ?? 0,
    },
    adcInl: { option: 'adcInl_LSB', label: 'ADC INL (LSB)', min: -4, max: 4, own: file => file?.inl ?? 0 },
  },
  choices: {},
  params: ({ file, options, device }): AdcError | undefined => {
    const offset_LSB = options.adcOffset_LSB ?? file?.offset ?? 0;
    const gain = options.adcGain ?? file?.gain ?? 0;
    const inl_LSB = options.adcInl_LSB ?? file?.inl ?? 0;
    if (offset_LSB === 0 && gain === 0 && inl_LSB === 0) return undefined;
    return { offset_LSB, gain, inl_LSB, columns: device.adc.columns };
  },
  effects: ({ offset_LSB, gain, inl_LSB, columns }: AdcError) => {
    if (!(offset_LSB >= 0 && gain >= 0 && gain < 0.2 && Number.isInteger(columns) && columns >= 1)) {
      throw usageError('ADC: offset_LSB >= 0, gain from 0 to 0.2, columns a whole number from 1');
    }
    const effects: Effect[] = [{ kind: 'converterSpread', offset_LSB, gain, columns }];
    if (inl_LSB !== 0) effects.push({ kind: 'bow', inl_LSB });
    return effects;
  },
});
