/** The ADC of ZigZag-IMC: (100 b + 0.001 x 4^b) V^2 fJ, b (0.00653 rows + 0.640) ns, 2^b x 10^(1.206 - 0.0369 b) um2. */
import { pow } from '../../base/math.ts';
import { FJ, NS, UM2 } from '../../base/units.ts';
import type { AdcBase, AdcContext, AdcFigures } from './adc-law.ts';

/** Its energy times `scale`. The law knows the supply but no node: it was validated on chips of 22 to 65 nm as it stands. */
export function zigzagAdc({ bits }: AdcBase, { node, rows }: AdcContext, scale: number): AdcFigures {
  return {
    area_m2: 2 ** bits * pow(10, 1.206 - 0.0369 * bits) * UM2,
    energy_J: scale * (100 * bits + 0.001 * pow(4, bits)) * node.vdd_V ** 2 * FJ,
    time_s: bits * (0.00653 * rows + 0.64) * NS * node.supplyDelay,
  };
}
