/** Shift-and-add at every converter: over the bit slices of a weight, then over the input bits (NeuroSim V1.4). */
import { ADDER, REGISTER } from './adder.ts';
import type { CrossbarDesign } from './design.ts';
import type { NodeConstants } from './nodes.ts';
import { conversionsOf } from './slice-merge.ts';

/** Gates beside adders and registers: a row of this height over the columns, in each of both stages. */
const GATE_ROWS_F = 28;
/**
 * Bits by which codes grow over the slices of a weight, over its bits: the middle between 4 slices (FeFET) and 8
 * (SRAM) of 8-bit weights. It does not follow the slices, so that a cell of more bits never takes less area.
 */
const GROWTH = 0.75;

interface Cost {
  readonly area_m2: number;
  /** Of it what leaks: the width that the slices need. */
  readonly leaking_m2: number;
  /** Of one bit plane. */
  readonly energy_J: number;
}

const additions = (adderBits: number, registerBits: number, node: NodeConstants): number =>
  (adderBits * ADDER.energy_J + registerBits * REGISTER.energy_J) * node.logicEnergy;

const area = (adderBits: number, registerBits: number, node: NodeConstants): number =>
  (adderBits * ADDER.area_F2 + registerBits * REGISTER.area_F2) * node.logicArea * node.node_m ** 2;

/** Sums that an adder tree has weighted already: one accumulator a word. */
export function wordAdd(design: CrossbarDesign, node: NodeConstants, sumBits: number): Cost {
  const words = Math.ceil(design.cols / design.weightBits);
  const bits = sumBits + design.weightBits + design.inputBits;
  const area_m2 = words * area(bits, bits, node);
  return { area_m2, leaking_m2: area_m2, energy_J: words * additions(bits, bits, node) };
}

/**
 * Every code but the first of a word is added to those of its slices; every word then to those of earlier planes.
 * `column_m` is the width of a column.
 */
export function shiftAdd(
  design: CrossbarDesign,
  node: NodeConstants,
  converters: number,
  codeBits: number,
  column_m: number,
): Cost {
  const { cols, weightBits, inputBits, cell, merge } = design;
  const gates_m2 = cols * column_m * GATE_ROWS_F * node.node_m;
  // Codes of whole weights have no slices to be added to: the second stage alone.
  if (merge !== undefined) {
    const area_m2 = converters * area(codeBits, codeBits + inputBits, node) + gates_m2;
    const word_J = additions(codeBits, codeBits + inputBits, node);
    return { area_m2, leaking_m2: area_m2, energy_J: conversionsOf(design, cols) * word_J };
  }
  const slices = Math.ceil(weightBits / cell.bits);
  const wide = codeBits + slices;
  const slice_J = additions(codeBits, wide, node);
  const word_J = additions(wide, wide + inputBits, node);
  const stages_m2 = (grown: number): number =>
    converters * area(codeBits + grown, 2 * grown + inputBits, node) + 2 * gates_m2;
  return {
    area_m2: stages_m2(codeBits + GROWTH * weightBits),
    leaking_m2: stages_m2(wide),
    energy_J: cols * (((slices - 1) / slices) * slice_J + word_J / slices),
  };
}
