/** Adder tree in the place of an ADC: sums the products of digital cells exactly (ZigZag-IMC, validated on four digital chips). */
import { log2 } from '../../../base/math.ts';
import { adcLaw } from '../adc-law.ts';
import { FULL_ADDER, NAND2, treeAdders } from '../logic.ts';
import { areaFactor, delayFactor, energyFactor } from '../scaling.ts';

/**
 * One column's share of a word's tree; a word is `weightBits` columns, summed with their place values. Each input bit of a step
 * has gates and a tree of its own, whose sums are added with their place values: as many adders as an array multiplier a cell
 * and one wide tree (64 rows, 8 x 8 bits: 4642 and 4649). Where the rows are summed group by group, the groups share the trees;
 * a gate stays at every cell.
 */
export const law = adcLaw({
  law: 'adder-tree',
  architecture: null,
  bits: { min: 1, max: 24 },
  digital: true,
  // Wide enough for any sum, and a tree at every column.
  defaults: { bits: 16, columns: 1 },
  params: {},
  figures: (_, { node, rows, arrayRows, stepBits, weightBits, inputDensity }) => {
    const levels = Math.ceil(log2(rows));
    // The sums of the input bits, one added to the next.
    const combine = (stepBits - 1) * (weightBits + levels + 1);
    const adders = (stepBits * treeAdders(rows, weightBits) + combine) / weightBits;
    // Polynomials over nodes, each at its own supply: between supplies those of the delay are no laws (a dip at 32 nm).
    const own = { node_m: node.node_m, vdd_V: node.nominal_V };
    const scale = energyFactor(NAND2, own) * node.supplyEnergy;
    const gateEnergy_J = NAND2.capacitance_F * NAND2.vdd_V ** 2 * scale;
    const gateDelay_s = NAND2.delay_s * delayFactor(NAND2, own) * node.supplyDelay * node.thermalDelay;
    // A product is 1 as often as its input and half of the weights are; half of these change from plane to plane.
    const activity = inputDensity / 2;
    const depth = levels + Math.ceil(log2(stepBits));
    const carry = weightBits + levels + stepBits - 1;
    return {
      area_m2:
        (adders * FULL_ADDER.area + arrayRows * stepBits) *
        NAND2.area_m2 *
        areaFactor(NAND2.node_m, node.node_m),
      energy_J: (adders * FULL_ADDER.capacitance * activity + (rows * stepBits) / 2) * gateEnergy_J,
      time_s: (depth * FULL_ADDER.sumDelay + carry * FULL_ADDER.carryDelay) * gateDelay_s,
    };
  },
});
