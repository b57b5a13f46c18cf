/** From integer sums back to activations: scales and bias in float64, stored in float32. One definition for integers and crossbars. */
import type { OutputScale } from '../mvm/backend.ts';

/** sums [row][col] are multiplied by inputScale * scales[col], and bias[col] is added: see `scaled`. */
export const outputScale = (
  inputScale: number,
  scales: Float64Array,
  bias: Float32Array | null,
): OutputScale => ({
  factors: scales.map(scale => scale * inputScale),
  shifts: bias ?? new Float32Array(scales.length),
});
