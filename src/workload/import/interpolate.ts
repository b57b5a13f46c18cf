/**
 * Bicubic interpolation of a grid of vectors to another grid, pixel centres at half places (align_corners false), as
 * PyTorch's interpolate computes it (ATen UpSampleBicubic2d.cpp, UpSampleKernel.cpp). `plain`: four points along each axis,
 * Keys' kernel with a = -3/4, points beyond the edge are those on it. `antialias`: the kernel with a = -1/2, as wide as
 * the step where the grid shrinks, without what lies beyond the edge.
 */
import type { Size } from '../size.ts';

/** Which of the two. */
export type Interpolation = 'antialias' | 'plain';

/** Input points of one output, with their weights. */
type Taps = readonly (readonly [at: number, weight: number])[];

/** `values`: from.height x from.width x `width` numbers; gives to.height x to.width x `width`. Sums in float64. */
export function interpolate(
  values: Float32Array,
  width: number,
  from: Size,
  to: Size,
  how: Interpolation,
): Float32Array {
  const down = tapsOf(from.height, to.height, how);
  const across = tapsOf(from.width, to.width, how);
  const lines = new Float64Array(from.height * to.width * width);
  for (let y = 0; y < from.height; y++)
    for (const [x, taps] of across.entries())
      for (const [at, weight] of taps)
        for (let j = 0; j < width; j++)
          lines[(y * to.width + x) * width + j] += weight * values[(y * from.width + at) * width + j];
  const all = new Float64Array(to.height * to.width * width);
  const line = to.width * width;
  for (const [y, taps] of down.entries())
    for (const [at, weight] of taps)
      for (let j = 0; j < line; j++) all[y * line + j] += weight * lines[at * line + j];
  return Float32Array.from(all);
}

function tapsOf(from: number, to: number, how: Interpolation): Taps[] {
  const scale = from / to;
  return Array.from({ length: to }, (_, o) => {
    const center = (o + 0.5) * scale;
    return how === 'plain' ? plainTaps(center, from) : antialiasTaps(center, from, Math.max(1, scale));
  });
}

function plainTaps(center: number, from: number): Taps {
  const first = Math.floor(center - 0.5);
  return [-1, 0, 1, 2].map(i => {
    const at = Math.min(from - 1, Math.max(0, first + i));
    return [at, cubic(first + i + 0.5 - center, -0.75)] as const;
  });
}

function antialiasTaps(center: number, from: number, stretch: number): Taps {
  const support = 2 * stretch;
  const first = Math.max(0, Math.trunc(center - support + 0.5));
  const last = Math.min(from, Math.trunc(center + support + 0.5));
  const weights = Array.from({ length: last - first }, (_, i) =>
    cubic((first + i + 0.5 - center) / stretch, -0.5),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight, i) => [first + i, weight / sum] as const);
}

/** Keys' cubic convolution kernel (IEEE ASSP 29, 1981). */
function cubic(x: number, a: number): number {
  const d = Math.abs(x);
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? a * (((d - 5) * d + 8) * d - 4) : 0;
}
