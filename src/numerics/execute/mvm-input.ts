/** Activations as what drives the rows of crossbars. */
import type { MvmInput } from '../mvm/backend.ts';
import { type Quantizer, quantize } from '../quantize/quantizer.ts';

/** Inputs as bytes: two's complement or unsigned. */
export function mvmInput(values: Float32Array, input: Quantizer): MvmInput {
  const codes = quantize(values, input);
  return input.signed ? new Int8Array(codes) : new Uint8Array(codes);
}
