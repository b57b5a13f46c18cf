/** int8: weights and activations as integers, products summed exactly in int32; what a crossbar without any error computes. */
import { usageError } from '../../base/errors.ts';
import type { ModelWeights } from '../../workload/import/model-weights.ts';
import type { DynamicOp, GroupedOp, StaticOp } from '../../workload/op.ts';
import { intPanels } from '../kernels/int-product.ts';
import { scaled } from '../mvm/multiply.ts';
import {
  inputQuantizer,
  type Quantisation,
  stationaryCodes,
  stationaryQuantizer,
  weightBitsOf,
} from '../quantize/quantisation.ts';
import { type Quantizer, quantize } from '../quantize/quantizer.ts';
import { integersOf } from './coded-weights.ts';
import { outputScale } from './dequantize.ts';
import { stationaryHead } from './float-arithmetic.ts';
import { groupedIntegers } from './grouped-weights.ts';
import { putColumns, takeColumns } from './heads.ts';
import { intMatmul } from './int-matmul.ts';
import { matrix, zeros } from './matrix.ts';
import type { Arithmetic, Unit } from './unit.ts';

/** Quantises as `quantisation` says. @throws TrexError (usage) for an op without calibration, or sums beyond int32. */
export function intArithmetic(weights: ModelWeights, quantisation: Quantisation): Arithmetic {
  return {
    static: op => staticUnit(op, weights, quantisation),
    grouped: op => groupedUnit(op, weights, quantisation),
    dynamic: op => dynamicUnit(op, quantisation),
  };
}

function staticUnit(op: StaticOp, weights: ModelWeights, quantisation: Quantisation): Unit {
  const { weight, bias } = weights.linear(op.weightId);
  const bits = weightBitsOf(quantisation);
  const integers = integersOf(op);
  const { values, scales } = integers(weight, op.in, op.out, bits, quantisation.perChannel ?? true);
  const input = inputQuantizer(quantisation, op.id);
  checkSums(op.id, op.in, input, bits);
  const panels = intPanels(values, op.in, op.out);
  const output = outputScale(input.scale, scales, bias);
  return ([x]) => {
    const sums = intMatmul(quantize(x.data, input), x.rows, panels);
    return matrix(x.rows, op.out, scaled(sums, output));
  };
}

function groupedUnit(op: GroupedOp, weights: ModelWeights, quantisation: Quantisation): Unit {
  const { groups, in: rows, out } = op;
  const { values, output } = groupedIntegers(op, weights, quantisation);
  const input = inputQuantizer(quantisation, op.id);
  checkSums(op.id, rows, input, weightBitsOf(quantisation));
  const width = groups * out;
  return ([x]) => {
    const codes = quantize(x.data, input);
    const sums = new Int32Array(x.rows * width);
    for (let i = 0, at = 0; i < x.rows; i++)
      for (let group = 0; group < groups; group++)
        for (let row = 0; row < rows; row++, at++) {
          const code = codes[at];
          const from = row * width;
          for (let j = group * out, end = j + out; j < end; j++)
            sums[i * width + j] += code * values[from + j];
        }
    return matrix(x.rows, width, scaled(sums, output));
  };
}

function dynamicUnit(op: DynamicOp, quantisation: Quantisation): Unit {
  const { batch, m, k, n } = op;
  const input = inputQuantizer(quantisation, op.id);
  const written = stationaryQuantizer(quantisation, op);
  checkSums(op.id, k, input, written.bits);
  const output = outputScale(input.scale, new Float64Array(n).fill(written.scale), null);
  return ([streamed, stationary]) => {
    const y = zeros(m, batch * n);
    for (let head = 0; head < batch; head++) {
      const a = quantize(takeColumns(streamed.data, streamed.columns, head * k, k), input);
      const b = intPanels(
        stationaryCodes(quantisation, op, stationaryHead(op, stationary, head), written),
        k,
        n,
      );
      putColumns(y.data, y.columns, head * n, n, scaled(intMatmul(a, m, b), output));
    }
    return y;
  };
}

/** The largest possible sum must stay in int32. */
function checkSums(id: string, k: number, input: Quantizer, weightBits: number): void {
  const largest = k * Math.max(-input.low, input.high) * 2 ** (weightBits - 1);
  if (largest >= 2 ** 31)
    throw usageError(`${id}: sums of ${k} products of ${input.bits} x ${weightBits} bits do not fit 32 bits`);
}
