/** The weights of a grouped op: those of its filters, given to every group that has one, or as the dense matrix of one array. */
import { filtersOf } from '../../workload/count.ts';
import { filterOf, type GroupRange } from '../../workload/diagonal.ts';
import type { ModelWeights } from '../../workload/import/model-weights.ts';
import type { GroupedOp } from '../../workload/op.ts';
import type { OutputScale } from '../mvm/backend.ts';
import { inputQuantizer, type Quantisation, weightBitsOf } from '../quantize/quantisation.ts';
import { quantizeWeights } from '../quantize/weights.ts';
import { outputScale } from './dequantize.ts';

type Values = Float32Array | Float64Array | Int16Array;

/** rows x (filters out), row-major, to rows x (groups out): each group's columns are those of its filter. */
export function ofGroups<T extends Values>(op: GroupedOp, values: T): T {
  if (op.copies === undefined) return values;
  const { groups, out } = op;
  const from = filtersOf(op) * out;
  const rows = values.length / from;
  const all = new (values.constructor as new (length: number) => T)(rows * groups * out);
  for (let group = 0; group < groups; group++) {
    const first = filterOf(op, group) * out;
    for (let row = 0; row < rows; row++)
      for (let j = 0; j < out; j++) all[(row * groups + group) * out + j] = values[row * from + first + j];
  }
  return all;
}

/** Of in x (groups out), the groups of one array on its diagonal, zeros beside them: (groups in) x (groups out). */
export function onDiagonal(op: GroupedOp, values: Int16Array, { first, groups }: GroupRange): Int16Array {
  const { in: rows, out } = op;
  const from = op.groups * out;
  const width = groups * out;
  const matrix = new Int16Array(groups * rows * width);
  for (let group = 0; group < groups; group++)
    for (let row = 0; row < rows; row++) {
      const at = row * from + (first + group) * out;
      matrix.set(values.subarray(at, at + out), (group * rows + row) * width + group * out);
    }
  return matrix;
}

/** In integers, by output channel as a dense layer: in x (groups out), and what takes their sums back to activations. */
export function groupedIntegers(
  op: GroupedOp,
  weights: ModelWeights,
  quantisation: Quantisation,
): { readonly values: Int16Array; readonly output: OutputScale } {
  const { weight, bias } = weights.linear(op.weightId);
  const [bits, perChannel] = [weightBitsOf(quantisation), quantisation.perChannel ?? true];
  const { values, scales } = quantizeWeights(weight, op.in, filtersOf(op) * op.out, bits, perChannel);
  const { scale } = inputQuantizer(quantisation, op.id);
  return {
    values: ofGroups(op, values),
    output: outputScale(scale, ofGroups(op, scales), bias && ofGroups(op, bias)),
  };
}
