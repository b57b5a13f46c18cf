/** How the bits of an input and the rows of an array are cut into reads. */
import type { CrossbarDesign } from './design.ts';

type Rows = Pick<CrossbarDesign, 'rows' | 'activeRows'>;

/**
 * How the rows of an array are cut where one conversion sums at most `activeRows` of them: into as few groups as that takes, all
 * as large as one another. What is left over, less than a row a group, holds no weights.
 */
export function rowCut({ rows, activeRows = rows }: Rows): { readonly group: number; readonly rows: number } {
  const groups = Math.ceil(rows / Math.min(rows, activeRows));
  const group = Math.floor(rows / groups);
  return { group, rows: groups * group };
}

/** Rows that one conversion sums. */
export const drivenRows = (design: Rows): number => rowCut(design).group;

/** Groups of rows that are read one after another, where `used` rows hold a matrix. */
export const rowGroups = (design: Rows, used: number): number =>
  Math.ceil(Math.min(used, rowCut(design).rows) / drivenRows(design));

/**
 * Steps of an input of `inputBits` bits, `bitsPerStep` at a time. One bit at a time, the highest bit of two's complement
 * counts negative and needs nothing more. A DAC or a train of pulses has no negative levels: the sign bit takes a step of its
 * own, which is counted always, because most inputs of a transformer have signs. An adder tree subtracts the sign bit's sum.
 */
export function inputSteps(inputBits: number, bitsPerStep: number, digital: boolean): number {
  if (bitsPerStep === 1 || digital || inputBits === 1) return Math.ceil(inputBits / bitsPerStep);
  return 1 + Math.ceil((inputBits - 1) / bitsPerStep);
}
