/** What a calibration finds out about one operand: the interval that its integers shall cover. */

/** min <= 0 <= max; min = 0 for an operand that is never negative. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Watches the values of one operand over the calibration batches and says which interval to cover. */
export interface Observer {
  /** More values of the operand. */
  observe(values: Float32Array): void;
  /** The interval for all values so far. */
  range(): Range;
}

/** Makes the observer of one operand; `bits` is its width as an integer. */
export type Calibrator = (bits: number) => Observer;

/** -clip to clip, or 0 to clip for an operand that is never negative. */
export const clipped = (clip: number, negative: boolean): Range => ({ min: negative ? -clip : 0, max: clip });
