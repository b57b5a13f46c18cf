/** Crossbars in the training loop: what a caller says about them (TReX, arXiv 2408.12742, section 4: variation-aware fine-tuning). */
import type { CrossbarDevice } from '../../numerics/execute/crossbar-device.ts';
import type { MvmBackend } from '../../numerics/mvm/backend.ts';
import type { Calibrator } from '../../numerics/quantize/range.ts';
import type { DynamicOp, StaticOp } from '../../workload/op.ts';

/** The forward pass as these crossbars compute it; derivatives go straight through. */
export interface Variation {
  /** Of layers whose weights are known. */
  readonly static: CrossbarDevice;
  /** Of K^T and V, which are written anew for each sample. Default: as `static`. */
  readonly dynamic?: CrossbarDevice;
  /** Exceptions, by op id or by stage; an op id wins. */
  readonly layers?: Readonly<Record<string, CrossbarDevice>>;
  /** Computes the error of the reads that training imitates. */
  readonly backend: MvmBackend;
  /** Default 8 and 8. */
  readonly weightBits?: number;
  readonly inputBits?: number;
  /** Ranges of activations; default percentile. */
  readonly calibrator?: Calibrator;
}

/** The device of one op. */
export const deviceOf = (op: StaticOp | DynamicOp, { layers = {}, ...v }: Variation): CrossbarDevice =>
  layers[op.id] ?? layers[op.stage] ?? (op.kind === 'static' ? v.static : (v.dynamic ?? v.static));

export const weightBitsOf = ({ weightBits = 8 }: Variation): number => weightBits;

/** The largest integer of a weight. */
export const highOf = (variation: Variation): number => 2 ** (weightBitsOf(variation) - 1) - 1;
