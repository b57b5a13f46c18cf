/** Pooling: every window of an image, channel by channel. */
import type { ConvWindow } from './conv-window.ts';
import { zeros } from './matrix.ts';
import { areaOf } from './size.ts';
import type { Arithmetic, FunctionShape } from './vector-function.ts';

function windowOf({ id, window }: FunctionShape): ConvWindow {
  if (window === undefined) throw new Error(`${id}: a pool without a window`);
  return window;
}

/** Taps of an op's kernel; padding counts among them. */
export const tapsOf = (op: FunctionShape): number => areaOf(windowOf(op).kernel);

/** Calls `visit` with every window and every pixel that it has in the image. */
export function forTaps(op: FunctionShape, visit: (window: number, pixel: number) => void): void {
  const { kernel, stride, padding, input, output } = windowOf(op);
  for (let row = 0; row < areaOf(output); row++) {
    const top = Math.floor(row / output.width) * stride.height - padding.height;
    const left = (row % output.width) * stride.width - padding.width;
    for (let py = Math.max(0, top); py < Math.min(input.height, top + kernel.height); py++)
      for (let px = Math.max(0, left); px < Math.min(input.width, left + kernel.width); px++)
        visit(row, py * input.width + px);
  }
}

/**
 * From pixels x channels to windows x channels. `merge` takes a value into what the window has so far, `start` at first;
 * `finish` gets it at the end.
 */
export function pooled(
  op: FunctionShape,
  start: number,
  merge: (sum: number, value: number) => number,
  finish: (sum: number) => number,
): Arithmetic {
  const rows = areaOf(windowOf(op).output);
  return ([{ columns, data }]) => {
    const sums = new Float64Array(rows * columns).fill(start);
    forTaps(op, (window, pixel) => {
      for (let c = 0; c < columns; c++)
        sums[window * columns + c] = merge(sums[window * columns + c], data[pixel * columns + c]);
    });
    const y = zeros(rows, columns);
    for (let i = 0; i < sums.length; i++) y.data[i] = finish(sums[i]);
    return y;
  };
}
