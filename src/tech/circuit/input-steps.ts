/** How the bits of an input and the rows of an array are cut into reads. */
import type { CrossbarDesign } from './design.ts';

/** Rows that one conversion sums. */
export const drivenRows = ({ rows, activeRows }: Pick<CrossbarDesign, 'rows' | 'activeRows'>): number =>
  Math.min(rows, activeRows ?? rows);

/** Groups of rows that are read one after another, where `used` rows hold a matrix. */
export const rowGroups = (design: Pick<CrossbarDesign, 'rows' | 'activeRows'>, used: number): number =>
  Math.ceil(used / drivenRows(design));

/**
 * Steps of an input of `inputBits` bits, `bitsPerStep` at a time. One bit at a time, the highest bit of two's complement
 * counts negative and needs nothing more. A DAC or a train of pulses has no negative levels: the sign bit takes a step of its
 * own, which is counted always, because most inputs of a transformer have signs. An adder tree subtracts the sign bit's sum.
 */
export function inputSteps(inputBits: number, bitsPerStep: number, digital: boolean): number {
  if (bitsPerStep === 1 || digital || inputBits === 1) return Math.ceil(inputBits / bitsPerStep);
  return 1 + Math.ceil((inputBits - 1) / bitsPerStep);
}
