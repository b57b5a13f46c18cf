/** float32: the network as its checkpoint means it, the reference of every other arithmetic. */
import type { ModelWeights } from '../../workload/import/model-weights.ts';
import type { DynamicOp, GroupedOp, StaticOp } from '../../workload/op.ts';
import type { MvmBackend } from '../mvm/backend.ts';
import { floatMatmul } from './float-matmul.ts';
import { ofGroups } from './grouped-weights.ts';
import { putColumns, takeColumns } from './heads.ts';
import { type Matrix, matrix, transposed, zeros } from './matrix.ts';
import type { Arithmetic, Unit } from './unit.ts';

/** Products of fewer steps are not worth waking other threads. */
const SMALL_PRODUCT = 2 ** 22;

/** Products and sums in float32, in one order; see floatMatmul. Large ones are computed by the threads of `backend`. */
export function floatArithmetic(weights: ModelWeights, backend?: MvmBackend): Arithmetic {
  const threads = (backend?.info.threads ?? 1) > 1 ? backend : undefined;
  return {
    static: op => staticUnit(op, weights, threads),
    grouped: op => groupedUnit(op, weights),
    dynamic,
  };
}

function staticUnit(op: StaticOp, weights: ModelWeights, threads: MvmBackend | undefined): Unit {
  const { weight, bias } = weights.linear(op.weightId);
  return async ([x]) => {
    const product = x.rows * op.in * op.out < SMALL_PRODUCT ? undefined : threads?.floatProduct;
    const y = await (product ?? floatMatmul)(x.data, x.rows, weight, op.in, op.out);
    if (bias !== null)
      for (let i = 0; i < y.length; i += op.out) for (let j = 0; j < op.out; j++) y[i + j] += bias[j];
    return matrix(x.rows, op.out, y);
  };
}

/** A group's sums are short: they are exact in float64, and rounded once. */
function groupedUnit(op: GroupedOp, weights: ModelWeights): Unit {
  const { groups, in: rows, out } = op;
  const own = weights.linear(op.weightId);
  const weight = ofGroups(op, own.weight);
  const bias = own.bias && ofGroups(op, own.bias);
  const width = groups * out;
  return ([x]) => {
    const y = zeros(x.rows, width);
    const sums = new Float64Array(width);
    for (let i = 0, at = 0; i < x.rows; i++) {
      sums.fill(0);
      for (let group = 0; group < groups; group++)
        for (let row = 0; row < rows; row++, at++) {
          const value = x.data[at];
          const from = row * width;
          for (let j = group * out, end = j + out; j < end; j++) sums[j] += value * weight[from + j];
        }
      for (let j = 0; j < width; j++) y.data[i * width + j] = sums[j] + (bias === null ? 0 : bias[j]);
    }
    return y;
  };
}

function dynamic(op: DynamicOp): Unit {
  const { batch, m, k, n } = op;
  return ([streamed, stationary]) => {
    const y = zeros(m, batch * n);
    for (let head = 0; head < batch; head++) {
      const a = takeColumns(streamed.data, streamed.columns, head * k, k);
      const b = stationaryHead(op, stationary, head);
      putColumns(y.data, y.columns, head * n, n, floatMatmul(a, m, b, k, n));
    }
    return y;
  };
}

/** One head's stationary operand as a k x n array. */
export function stationaryHead(op: DynamicOp, stationary: Matrix, head: number): Float32Array {
  const width = op.transposed ? op.k : op.n;
  const part = takeColumns(stationary.data, stationary.columns, head * width, width);
  return op.transposed ? transposed(part, op.n, op.k) : part;
}
