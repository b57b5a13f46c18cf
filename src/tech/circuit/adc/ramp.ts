/** Single-slope ramp converter by its published figures: every column has a comparator and a latch, all columns one ramp generator. */
import { actionTime, quantity } from '../../../base/fields.ts';
import { adcLaw } from '../adc-law.ts';

const positive = { positive: true };

/** The ramp takes a step a code, so that a conversion of b bits takes 2^b steps, for all converters at once. */
export const law = adcLaw({
  law: 'ramp',
  architecture: 'ramp',
  published: true,
  bits: { min: 1, max: 12 },
  params: {
    step: actionTime(positive).meta({ description: 'one step of the ramp' }),
    comparator: quantity('J').meta({ description: 'one comparator with its latch, one step' }),
    comparatorArea: quantity('m2').meta({ description: 'one comparator with its latch' }),
    generator: quantity('J').meta({ description: 'ramp generator and counter, one step' }),
    generatorArea: quantity('m2').meta({ description: 'ramp generator and counter, one a crossbar' }),
  },
  figures: ({ bits, step, comparator, comparatorArea, generator, generatorArea }) => {
    const steps = 2 ** bits;
    return {
      area_m2: comparatorArea,
      energy_J: steps * comparator,
      time_s: steps * step,
      shared: { area_m2: generatorArea, energy_J: steps * generator },
    };
  },
});
