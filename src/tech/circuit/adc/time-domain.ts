/**
 * Time-domain converter: the column's charge becomes a time, which a counter (TDC) at every converter counts, one step a code. TIMELY (65
 * nm, 8 bits): 0.145 pJ and 310 um2; the step is that of HERMES' oscillators (300 ps a code at 14 nm, Khaddam-Aljameh, JSSC 2022) unless the file says one.
 */
import { actionTime } from '../../../base/fields.ts';
import { FJ, UM2 } from '../../../base/units.ts';
import { adcLaw } from '../adc-law.ts';
import { nodeConstants } from '../nodes.ts';
import { areaFactor } from '../scaling.ts';

/** A step of the counter toggles as often whatever the bits are, so that a conversion takes 2^b of them. */
const TIMELY = { node_m: 65e-9, bits: 8, energy_J: 145 * FJ, area_m2: 310 * UM2 };

export const law = adcLaw({
  law: 'time-domain',
  architecture: 'tdc',
  bits: { min: 1, max: 10 },
  params: {
    step: actionTime({ positive: true }).prefault('300 ps').meta({ description: 'time of one code' }),
  },
  figures: ({ bits, step }, { node, roadmap }) => {
    const own = nodeConstants(TIMELY.node_m, roadmap);
    const energyFactor = node.logicEnergy / own.logicEnergy;
    return {
      // A bit more is a stage of the counter.
      area_m2: (TIMELY.area_m2 * bits * areaFactor(TIMELY.node_m, node.node_m)) / TIMELY.bits,
      energy_J: TIMELY.energy_J * 2 ** (bits - TIMELY.bits) * energyFactor,
      time_s: 2 ** bits * step * node.supplyDelay * node.thermalDelay,
    };
  },
});
