/** Pooling: every window of an image, channel by channel. */
import { zeros } from './matrix.ts';
import { areaOf } from './size.ts';
import type { Arithmetic, FunctionShape } from './vector-function.ts';

/**
 * From pixels x channels to windows x channels. `merge` takes a value into what the window has so far, `start` at first;
 * `finish` gets it and the taps of the kernel, which padding counts among.
 */
export function pooled(
  { id, window }: FunctionShape,
  start: number,
  merge: (sum: number, value: number) => number,
  finish: (sum: number, taps: number) => number,
): Arithmetic {
  if (window === undefined) throw new Error(`${id}: a pool without a window`);
  const { kernel, stride, padding, input, output } = window;
  const taps = areaOf(kernel);
  return ([x]) => {
    const channels = x.columns;
    const y = zeros(areaOf(output), channels);
    const sums = new Float64Array(channels);
    for (let row = 0; row < y.rows; row++) {
      const top = Math.floor(row / output.width) * stride.height - padding.height;
      const left = (row % output.width) * stride.width - padding.width;
      sums.fill(start);
      for (let py = Math.max(0, top); py < Math.min(input.height, top + kernel.height); py++)
        for (let px = Math.max(0, left); px < Math.min(input.width, left + kernel.width); px++) {
          const from = (py * input.width + px) * channels;
          for (let c = 0; c < channels; c++) sums[c] = merge(sums[c], x.data[from + c]);
        }
      for (let c = 0; c < channels; c++) y.data[row * channels + c] = finish(sums[c], taps);
    }
    return y;
  };
}
