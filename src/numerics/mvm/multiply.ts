/** The digital end of a matrix on crossbars: slices are combined, the ADC step is scaled, what is left of the weight offset is taken off. */
import type { NoiseModel } from '../../tech/noise-model.ts';
import {
  countRun,
  type MatrixWeights,
  type MvmBackend,
  type MvmHandle,
  type MvmInput,
  type MvmRun,
  type MvmStats,
  type OutputScale,
  type ScaledRun,
} from './backend.ts';
import { program } from './program.ts';
import type { MvmPlan, MvmSpec } from './spec.ts';

/**
 * x times the programmed matrix, [token][col]: integers where the ADC is lossless, float64 otherwise.
 * An ideal matrix takes the integer product, which has the same bits.
 */
export async function multiply(
  backend: MvmBackend,
  run: MvmRun,
  stats?: MvmStats,
): Promise<Int32Array | Float64Array> {
  const y = await beforeGain(backend, run, stats);
  const { gain = 1 } = run;
  return gain === 1 ? y : Float64Array.from(y, value => value * gain);
}

/** The product over its gain. */
async function beforeGain(
  backend: MvmBackend,
  run: MvmRun,
  stats?: MvmStats,
): Promise<Int32Array | Float64Array> {
  const { handle, x, tokens, gain = 1 } = run;
  const { plan } = handle;
  if (backend.product !== undefined && handle.ideal && gain === 1) {
    const y = await backend.product(handle, x, tokens);
    countRun(plan, tokens, stats);
    return y;
  }
  const sums = new Int32Array(plan.slices * tokens * plan.spec.cols);
  await backend.run(run, sums, stats);
  return combineSlices(plan, sums, x, tokens, gain);
}

/** Products times factors plus shifts, by column: in float64, rounded to float32 once. They run together where the back end can. */
export async function multiplyScaled(
  backend: MvmBackend,
  all: readonly ScaledRun[],
  stats?: MvmStats,
): Promise<Float32Array[]> {
  const runs = all.map(withGain);
  const fit = runs.every(({ handle: { ideal, plan } }) => !(ideal && backend.product) && combinedFits(plan));
  if (fit && backend.runScaled !== undefined) return await backend.runScaled(runs, stats);
  const products: Float32Array[] = [];
  for (const run of runs) products.push(scaled(await beforeGain(backend, run, stats), run.output));
  return products;
}

/** The gain is a part of the factors, which there are anyway: it takes no multiplication of its own. */
function withGain(run: ScaledRun): ScaledRun {
  const { gain = 1, output } = run;
  if (gain === 1) return run;
  return { ...run, output: { factors: output.factors.map(factor => factor * gain), shifts: output.shifts } };
}

/** sums [row][col] times factors plus shifts. */
export function scaled(sums: ArrayLike<number>, { factors, shifts }: OutputScale): Float32Array {
  const cols = factors.length;
  const y = new Float32Array(sums.length);
  for (let at = 0; at < y.length; )
    for (let j = 0; j < cols; j++, at++) y[at] = sums[at] * factors[j] + shifts[j];
  return y;
}

/** Programs matrices of one spec and loads them, the short way where the back end has one. @throws TrexError as `program`. */
export async function loadWeights(
  backend: MvmBackend,
  spec: MvmSpec,
  noise: NoiseModel,
  matrices: readonly MatrixWeights[],
  background = false,
): Promise<MvmHandle[]> {
  if (backend.loadWeights !== undefined) return await backend.loadWeights(spec, noise, matrices, background);
  const handles: MvmHandle[] = [];
  for (const { weights, key } of matrices)
    handles.push(await backend.load(program(weights, spec, noise, key)));
  return handles;
}

/** Whether the weighted sum over the slices fits int32. */
const combinedFits = ({ maxCode, blocks, sliceWeights, planeSpan }: MvmPlan): boolean =>
  maxCode * planeSpan * blocks * sliceWeights.reduce((sum, w) => sum + Math.abs(w), 0) < 2 ** 31;

/** The result over its gain from the slice sums A(s) [slice][token][col]: see `finishSums`. */
export function combineSlices(
  plan: MvmPlan,
  sums: Int32Array,
  x: MvmInput,
  tokens: number,
  gain = 1,
): Int32Array | Float64Array {
  const { slices, sliceWeights, spec } = plan;
  const size = tokens * spec.cols;
  const combined = new Float64Array(size);
  for (let slice = 0; slice < slices; slice++) {
    const weight = sliceWeights[slice];
    for (let i = 0, at = slice * size; i < size; i++, at++) combined[i] += weight * sums[at];
  }
  return finishSums(plan, combined, tokenOffsets(plan, x, tokens, gain), gain);
}

/**
 * y = levels / steps * sum over s of sliceWeights[s] * (A(s) + base) - sum of pedestal * x / gain, rounded once (docs of
 * `MvmPlan`); `combined` is the sum over s of sliceWeights[s] * A(s).
 */
function finishSums(
  plan: MvmPlan,
  combined: Int32Array | Float64Array,
  offsets: Float64Array,
  gain: number,
): Int32Array | Float64Array {
  const { spec, levels, steps } = plan;
  const y = new Float64Array(offsets.length * spec.cols);
  let at = 0;
  for (const offset of offsets) {
    for (const end = at + spec.cols; at < end; at++) y[at] = (levels * combined[at] - offset) / steps;
  }
  return plan.lossless && gain === 1 ? Int32Array.from(y) : y;
}

/**
 * What is taken off levels * combined, in 1 / steps: the pedestal of the codes, and less than nothing for the steps below code 0.
 * Of sums that count `gain` times the pedestal, which no cell holds, is so much smaller.
 */
export function tokenOffsets(plan: MvmPlan, x: MvmInput, tokens: number, gain = 1): Float64Array {
  const { spec, pedestals, levels, steps } = plan;
  const { rows, arrayRows } = spec;
  const [even, odd] = pedestals;
  const below = levels * belowCodes(plan);
  return Float64Array.from({ length: tokens }, (_, token) => {
    const first = token * rows;
    let sum = 0;
    if (even !== 0 || odd !== 0)
      for (let row = 0; row < rows; row++) sum += pedestals[(row % arrayRows) % 2] * x[first + row];
    return (steps * sum) / gain - below;
  });
}

/** What the steps below code 0 add to the sum over the slices. */
export function belowCodes({ low, blocks, planeWeights, sliceWeights }: MvmPlan): number {
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  return low * blocks * sum(planeWeights) * sum(sliceWeights);
}
