/** analog: integers on crossbars. Known weights are programmed once per chip; K^T and V are written for each image (TReX, arXiv 2408.12742, section 3). */
import { streamKey } from '../../random.ts';
import type { ModelWeights } from '../../workload/import/model-weights.ts';
import type { DynamicOp, StaticOp } from '../../workload/op.ts';
import type { MvmInput } from '../mvm/backend.ts';
import { multiply } from '../mvm/multiply.ts';
import { program } from '../mvm/program.ts';
import { planMvm } from '../mvm/spec.ts';
import {
  inputQuantizer,
  type Quantisation,
  stationaryQuantizer,
  weightBitsOf,
} from '../quantize/quantisation.ts';
import { type Quantizer, quantize } from '../quantize/quantizer.ts';
import { quantizeWeights } from '../quantize/weights.ts';
import { type AnalogOptions, deviceOf, mvmSpec } from './crossbar-device.ts';
import { dequantized } from './dequantize.ts';
import { stationaryHead } from './float-arithmetic.ts';
import { putColumns, takeColumns } from './heads.ts';
import { LoadedMatrices } from './loaded-matrices.ts';
import { zeros } from './matrix.ts';
import type { Arithmetic, Unit } from './unit.ts';

const MEMORY_B = 2 ** 30;

interface Context {
  readonly options: AnalogOptions;
  readonly quantisation: Quantisation;
  readonly matrices: LoadedMatrices;
  readonly draw: number;
}

/**
 * The streams: cells of a layer `program/draw/layer`, cells of a head's K^T or V `write/draw/image/layer/head`, reads
 * `read/draw/image/layer[/head]`; so no layer, image or chip shares noise with another, and none depends on what else runs.
 */
export function analogArithmetic(
  weights: ModelWeights,
  quantisation: Quantisation,
  options: AnalogOptions,
): Arithmetic {
  const matrices = new LoadedMatrices(options.backend, options.memory_B ?? MEMORY_B);
  const context = { options, quantisation, matrices, draw: options.draw ?? 0 };
  return {
    static: op => staticUnit(op, weights, context),
    dynamic: op => dynamicUnit(op, context),
    dispose: () => matrices.dispose(),
  };
}

function staticUnit(op: StaticOp, weights: ModelWeights, context: Context): Unit {
  const { options, quantisation, matrices, draw } = context;
  const { seed, backend } = options;
  const { weight, bias } = weights.linear(op.weightId);
  const bits = weightBitsOf(quantisation);
  const { values, scales } = quantizeWeights(weight, op.in, op.out, bits, quantisation.perChannel ?? true);
  const input = inputQuantizer(quantisation, op.id);
  const device = deviceOf(op, options);
  const spec = mvmSpec(device, op.in, op.out, bits, input);
  // A spec that cannot be is refused before anything runs.
  planMvm(spec);
  const cells = streamKey(seed, 'program', draw, op.id);
  return async ([x], { image }) => {
    const reads = streamKey(seed, 'read', draw, image, op.id);
    const codes = mvmInput(x.data, input);
    const sums = await matrices.use(
      op.id,
      () => program(values, spec, device.noise, cells),
      handle => multiply(backend, handle, codes, x.rows, reads),
    );
    return dequantized(sums, op.out, input.scale, scales, bias);
  };
}

function dynamicUnit(op: DynamicOp, context: Context): Unit {
  const { options, quantisation, matrices, draw } = context;
  const { seed, backend } = options;
  const { batch, m, k, n } = op;
  const input = inputQuantizer(quantisation, op.id);
  const written = stationaryQuantizer(quantisation, op.id);
  const device = deviceOf(op, options);
  const spec = mvmSpec(device, k, n, written.bits, input);
  planMvm(spec);
  const scales = new Float64Array(n).fill(written.scale);
  return async ([streamed, stationary], { image }) => {
    const y = zeros(m, batch * n);
    for (let head = 0; head < batch; head++) {
      const codes = mvmInput(takeColumns(streamed.data, streamed.columns, head * k, k), input);
      const weights = quantize(stationaryHead(op, stationary, head), written);
      const cells = streamKey(seed, 'write', draw, image, op.id, head);
      const reads = streamKey(seed, 'read', draw, image, op.id, head);
      const sums = await matrices.useOnce(program(weights, spec, device.noise, cells), handle =>
        multiply(backend, handle, codes, m, reads),
      );
      const part = dequantized(sums, n, input.scale, scales, null);
      putColumns(y.data, y.columns, head * n, n, part.data);
    }
    return y;
  };
}

/** Inputs as bytes: two's complement or unsigned. */
function mvmInput(values: Float32Array, input: Quantizer): MvmInput {
  const codes = quantize(values, input);
  return input.signed ? Int8Array.from(codes) : Uint8Array.from(codes);
}
