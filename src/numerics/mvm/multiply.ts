/** The digital end of a matrix on crossbars: slices are combined, the ADC step is scaled, the weight offset is taken off. */
import type { StreamKey } from '../../random.ts';
import { countRun, type MvmBackend, type MvmHandle, type MvmInput, type MvmStats } from './backend.ts';
import type { MvmPlan } from './spec.ts';

/**
 * x times the programmed matrix, [token][col]: integers where the ADC is lossless, float64 otherwise.
 * An ideal matrix takes the integer product, which has the same bits.
 */
export async function multiply(
  backend: MvmBackend,
  handle: MvmHandle,
  x: MvmInput,
  tokens: number,
  key: StreamKey,
  stats?: MvmStats,
): Promise<Int32Array | Float64Array> {
  const { plan, ideal } = handle.matrix;
  if (ideal !== undefined && backend.product !== undefined) {
    const y = await backend.product(handle, x, tokens);
    countRun(plan, tokens, stats);
    return y;
  }
  const sums = new Int32Array(plan.slices * tokens * plan.spec.cols);
  await backend.run(handle, x, tokens, key, sums, stats);
  return combineSlices(plan, sums, x, tokens);
}

/** y = levels / steps * sum over s of sliceWeights[s] * A(s) - weightOffset * sum of x, rounded once (docs of `MvmPlan`). */
export function combineSlices(
  plan: MvmPlan,
  sums: Int32Array,
  x: MvmInput,
  tokens: number,
): Int32Array | Float64Array {
  const { spec, slices, sliceWeights, weightOffset, levels, steps } = plan;
  const { rows, cols } = spec;
  const y = plan.lossless ? new Int32Array(tokens * cols) : new Float64Array(tokens * cols);
  for (let token = 0; token < tokens; token++) {
    let inputs = 0;
    if (weightOffset !== 0) for (let row = 0; row < rows; row++) inputs += x[token * rows + row];
    for (let col = 0; col < cols; col++) {
      let sum = 0;
      for (let slice = 0; slice < slices; slice++) {
        sum += sliceWeights[slice] * sums[(slice * tokens + token) * cols + col];
      }
      y[token * cols + col] = (levels * sum - steps * weightOffset * inputs) / steps;
    }
  }
  return y;
}
