/** ADC centred on silicon: ZigZag-IMC's law with twice its energy, the middle of five published converters of 7 to 65 nm. */
import { adcLaw } from '../adc-law.ts';
import { zigzagAdc } from '../zigzag-adc.ts';

/** Measured over ZigZag: 2.9, 2.9, 3.1, 0.7 and 2.2 for Jia (0.85 and 1.2 V), Wang, Sinangil and ISAAC's converter. */
const SCALE = 2;

export const law = adcLaw({
  law: 'silicon',
  architecture: null,
  bits: { min: 1, max: 14 },
  params: {},
  figures: (params, context) => zigzagAdc(params, context, SCALE),
});
