/** Gates of ZigZag-IMC (28 nm): NAND2, and XOR2, flip-flop and full adder made of it. */
import { log2 } from '../../base/math.ts';

/** Capacitance, area and delay of the gate that the others are multiples of, at 28 nm and 0.9 V. */
export const NAND2 = {
  node_m: 28e-9,
  vdd_V: 0.9,
  capacitance_F: 0.7e-15,
  area_m2: 0.614e-12,
  delay_s: 47.8e-12,
} as const;

/** Full adder: 3 NAND2 and 2 XOR2; an XOR2 has 1.5 times the capacitance and 2.4 times the area and delay. */
export const FULL_ADDER = {
  capacitance: 3 + 2 * 1.5,
  area: 3 + 2 * 2.4,
  /** Both inputs to the sum, and carry to carry. */
  sumDelay: 2 * 2.4,
  carryDelay: 2,
} as const;

/** Full adders in a tree that sums `inputs` words of `bits` bits: N(p + 1) - (p + log2 N + 1). */
export const treeAdders = (inputs: number, bits: number): number =>
  inputs * (bits + 1) - (bits + log2(inputs) + 1);
