/** im2col: the windows of a convolution as the rows of a matrix, so that a crossbar holds its kernels (Chellapilla et al., 2006). */
import type { ConvWindow } from '../../workload/conv-window.ts';
import { areaOf, type Size } from '../../workload/size.ts';
import { type Matrix, zeros } from './matrix.ts';

/**
 * From pixels x inChannels to windows x (inChannels kernel.height kernel.width), line by line. The columns go channel,
 * row, column: the order of a flattened [out, in, height, width] weight. Padding is zero.
 */
export function im2col(x: Matrix, w: ConvWindow): Matrix {
  const { kernel, stride, padding, inChannels, input, output } = w;
  const taps = areaOf(kernel);
  const width = inChannels * taps;
  const y = zeros(areaOf(output), width);
  for (let row = 0; row < y.rows; row++) {
    const top = Math.floor(row / output.width) * stride.height - padding.height;
    const left = (row % output.width) * stride.width - padding.width;
    for (let dy = 0; dy < kernel.height; dy++)
      for (let dx = 0; dx < kernel.width; dx++) {
        const [py, px] = [top + dy, left + dx];
        if (py < 0 || px < 0 || py >= input.height || px >= input.width) continue;
        let from = (py * input.width + px) * inChannels;
        let to = row * width + dy * kernel.width + dx;
        for (let c = 0; c < inChannels; c++, from++, to += taps) y.data[to] = x.data[from];
      }
  }
  return y;
}

/** From an image [channels][height][width] to pixels x channels. */
export function pixelRows(image: Float32Array, channels: number, size: Size): Matrix {
  const pixels = areaOf(size);
  const y = zeros(pixels, channels);
  for (let c = 0; c < channels; c++)
    for (let p = 0; p < pixels; p++) y.data[p * channels + c] = image[c * pixels + p];
  return y;
}
