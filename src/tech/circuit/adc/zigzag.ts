/** ADC of ZigZag-IMC, as published: a third of the energy of silicon to 1.4 times of it. */
import { adcLaw } from '../adc-law.ts';
import { zigzagAdc } from '../zigzag-adc.ts';

export const law = adcLaw({
  law: 'zigzag',
  architecture: null,
  bits: { min: 1, max: 14 },
  params: {},
  figures: (params, context) => zigzagAdc(params, context, 1),
});
