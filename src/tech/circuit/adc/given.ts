/** A converter by its published figures: energy and time of one conversion, area of one converter. */
import { actionTime, quantity } from '../../../base/fields.ts';
import { adcLaw } from '../adc-law.ts';

const positive = { positive: true };

export const law = adcLaw({
  law: 'given',
  architecture: null,
  published: true,
  bits: { min: 1, max: 16 },
  params: {
    energy: quantity('J').meta({ description: 'one conversion' }),
    time: actionTime(positive).meta({ description: 'one conversion' }),
    area: quantity('m2').meta({ description: 'one converter' }),
  },
  figures: ({ energy, time, area }) => ({ area_m2: area, energy_J: energy, time_s: time }),
});
