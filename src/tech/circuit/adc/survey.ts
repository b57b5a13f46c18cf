/** ADC from a regression over Murmann's survey 1997-2023, its best fifth (CiMLoop, accelergy-adc-plug-in). */

import { quantity } from '../../../base/fields.ts';
import { fromDecibels } from '../../../base/math.ts';
import { PER_NANO, PJ, UM2 } from '../../../base/units.ts';
import { adcLaw } from '../adc-law.ts';

/** `rate` decides how long a conversion takes; energy rises only near the corner that the survey shows. */
export const law = adcLaw({
  law: 'survey',
  architecture: null,
  bits: { min: 4, max: 14 },
  params: {
    rate: quantity('Hz', { min: 1e3, max: 1e10 }).prefault('100 MHz').meta({
      description: 'conversions per second of one ADC; the default is close to NeuroSim SAR of 6 bits',
    }),
  },
  figures: ({ bits, rate }, { node }) => {
    const node_nm = node.node_m * PER_NANO;
    const figureOfMerit_dB = Math.min(
      213.780669 - 2.871903 * Math.log(rate),
      128.306829 + 3.220512 * Math.ceil(bits),
    );
    const range_dB = 6.0206 * bits + 1.7609;
    const energy_pJ =
      (1 / (2 * fromDecibels(figureOfMerit_dB - range_dB))) *
      Math.exp(26.049622 + 1.880037 * Math.log(node_nm) - 2.829126 * Math.log(bits) - 1.470202);
    const area_um2 = Math.exp(
      1.346192 + 0.993279 * Math.log(node_nm) + 0.180715 * Math.log(rate) + 0.299124 * Math.log(energy_pJ),
    );
    return { area_m2: area_um2 * UM2, energy_J: energy_pJ * PJ, time_s: 1 / rate };
  },
});
