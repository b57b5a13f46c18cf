/** The numbers that say what the crossbars do to one op in the coming steps: written by the main thread, read by all. */

/** Floats of a record. */
export const RECORD_FLOATS = 8;

/** What a record says; the operands' quantisers as in `numerics/quantize/quantizer.ts`. */
export interface CrossbarRecord {
  /** Value of one step of the inputs, and their smallest and largest integer. */
  readonly step: number;
  readonly low: number;
  readonly high: number;
  /** Standard deviation of the error of a sum, in units of input step x weight step. */
  readonly sigma: number;
  /** Dynamic ops: value of one step of the operand that is written into the arrays, and its largest integer. */
  readonly writtenStep: number;
  readonly writtenHigh: number;
}

export function putRecord(to: Float32Array, r: CrossbarRecord): void {
  to.set([r.step, r.low, r.high, r.sigma, r.writtenStep, r.writtenHigh]);
}

export function getRecord(from: Float32Array): CrossbarRecord {
  const [step, low, high, sigma, writtenStep, writtenHigh] = from;
  return { step, low, high, sigma, writtenStep, writtenHigh };
}
