/** The variables that the parts of the conversion kernel share. Columns stand side by side: four vectors of int32, or two of int16. */

export const VECTORS = [0, 1, 2, 3];
export const SHORTS = [0, 1];
/** In the scratch memory: addresses into the noise table, first and second ones of up to eight planes. */
export const FIRST = 16;
export const SECOND = 64;

type Lanes = [number, number, number, number];
/** A number in four lanes, and in eight. */
export const all = (value: number): Lanes => [value, value, value, value];
export const all16 = (value: number): Lanes => all((value & 0xffff) * 0x10001);

/** Indices of locals. */
export interface SumLocals {
  readonly table: number;
  readonly counter: number;
  readonly keys: number;
  readonly noiseTable: number;
  readonly scratch: number;
  readonly offsets: number;
  /** Counts down: the plane plus one. */
  readonly plane: number;
  readonly record: number;
  /** Bits of the plane, where planes have several. */
  readonly width: number;
  readonly address: number;
  readonly second: number;
  /** Column sums in 16 bits, and in 32. */
  readonly acc: readonly number[];
  readonly v: readonly number[];
  /** Shifted and added codes: two vectors where they fit 16 bits. */
  readonly sum: readonly number[];
  readonly squares: readonly number[];
  readonly z: readonly number[];
  readonly negate: number;
  readonly t: number;
}
