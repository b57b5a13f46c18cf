/** What a file in `encoding/` provides: how signed weights stand in cells, which hold no sign. */

/**
 * The cells of one slice hold bits `shift` .. of one part of the code c = w + offset: of what is above zero (`sign` 0), or
 * of what is below (-1). Its sum counts `weight` times.
 */
export interface WeightSlice {
  readonly shift: number;
  readonly sign: 0 | -1;
  readonly weight: number;
  /** Levels of the cells of a reference column, whose current is subtracted before the ADC. */
  readonly reference: ReferenceLevels;
}

/** Levels of the cells of a reference column, in the rows 0, 2, .. and in the rows 1, 3, .. of an array. */
export type ReferenceLevels = readonly [even: number, odd: number];

/** Of a slice that has no reference column of its own. */
const NO_REFERENCE: ReferenceLevels = [0, 0];

export interface WeightEncoding {
  /** Bits of a weight: at least these. */
  readonly leastBits: number;
  /** The smallest integer of so many bits; the largest is 2^(bits - 1) - 1. */
  lowest(weightBits: number): number;
  /** Added to every weight, and taken off again as so many times the sum of the inputs. */
  offset(weightBits: number): number;
  /** Bits of one part of a weight: of all its slices of one sign together. */
  partBits(weightBits: number): number;
  /** Each is an array: so many arrays hold a block of weights. */
  slices(weightBits: number, cellBits: number): readonly WeightSlice[];
  /** Columns of each array that hold no weight. */
  readonly referenceColumns: number;
  /** For tables: "differential pairs". */
  readonly label: string;
}

/** Slices of `cellBits` each that hold `bits` bits of one part. */
export function bitSlices(bits: number, cellBits: number, sign: 0 | -1): WeightSlice[] {
  const slices: WeightSlice[] = [];
  for (let shift = 0; shift < bits; shift += cellBits) {
    const weight = 2 ** shift;
    slices.push({ shift, sign, weight: sign === 0 ? weight : -weight, reference: NO_REFERENCE });
  }
  return slices;
}
