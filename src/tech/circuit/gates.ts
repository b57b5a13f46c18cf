/** The NAND gate that digital laws count in, at a node with its supply and temperature. */
import { NAND2 } from './logic.ts';
import type { NodeConstants } from './nodes.ts';
import { areaFactor, delayFactor, energyFactor } from './scaling.ts';

/** Joules of one switching, seconds and square metres of one NAND2 (ZigZag-IMC, 28 nm; over nodes Stillmaker and Baas). */
export function nandAt(node: NodeConstants) {
  // Polynomials over nodes, each at its own supply: between supplies those of the delay are no laws.
  const own = { node_m: node.node_m, vdd_V: node.nominal_V };
  return {
    energy_J: NAND2.capacitance_F * NAND2.vdd_V ** 2 * energyFactor(NAND2, own) * node.supplyEnergy,
    delay_s: NAND2.delay_s * delayFactor(NAND2, own) * node.supplyDelay * node.thermalDelay,
    area_m2: NAND2.area_m2 * areaFactor(NAND2.node_m, node.node_m),
  };
}
