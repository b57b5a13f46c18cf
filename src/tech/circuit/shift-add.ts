/** Shift-and-add at every converter: over the bit slices of a weight, then over the input bits (NeuroSim V1.4). */
import type { CrossbarDesign } from './design.ts';
import type { NodeConstants } from './nodes.ts';
import { energyFactor } from './scaling.ts';

const REFERENCE = { node_m: 32e-9, vdd_V: 0.9 } as const;
/** One bit of adder and register: 5.85 um2 at 32 nm and 1.26 fJ an addition, between NeuroSim's FeFET and SRAM rows of 6 bits. */
const BIT_F2 = 5710;
const BIT_J = 1.26e-15;

/** Sums that an adder tree has weighted already: one accumulator a word. */
export function wordAdd(design: CrossbarDesign, node: NodeConstants, sumBits: number) {
  const words = Math.ceil(design.cols / design.weightBits);
  const bits = words * (sumBits + design.weightBits + design.inputBits);
  return {
    area_m2: bits * BIT_F2 * node.node_m ** 2,
    energy_J: bits * BIT_J * energyFactor(REFERENCE, node),
  };
}

/** Area of all, energy of one bit plane. Codes of `codeBits` grow by log2 of the slices, then by the input bits. */
export function shiftAdd(design: CrossbarDesign, node: NodeConstants, converters: number, codeBits: number) {
  const slices = codeBits + Math.log2(design.weightBits);
  const bits = slices + (slices + design.inputBits);
  return {
    area_m2: converters * bits * BIT_F2 * node.node_m ** 2,
    energy_J: design.cols * bits * BIT_J * energyFactor(REFERENCE, node),
  };
}
