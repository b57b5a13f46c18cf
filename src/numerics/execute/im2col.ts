/** im2col: the windows of a convolution as the rows of a matrix, so that a crossbar holds its kernels (Chellapilla et al., 2006). */
import type { ConvWindow } from '../../workload/op.ts';
import { type Matrix, zeros } from './matrix.ts';

/**
 * From inSide^2 pixels x inChannels to outSide^2 windows x (inChannels kernel kernel). The columns go channel,
 * row, column: the order of a flattened [out, in, height, width] weight. Padding is zero.
 */
export function im2col(x: Matrix, w: ConvWindow): Matrix {
  const { kernel, stride, padding, inChannels, inSide, outSide } = w;
  const width = inChannels * kernel ** 2;
  const y = zeros(outSide ** 2, width);
  for (let row = 0; row < y.rows; row++) {
    const top = Math.floor(row / outSide) * stride - padding;
    const left = (row % outSide) * stride - padding;
    for (let dy = 0; dy < kernel; dy++)
      for (let dx = 0; dx < kernel; dx++) {
        const [py, px] = [top + dy, left + dx];
        if (py < 0 || px < 0 || py >= inSide || px >= inSide) continue;
        let from = (py * inSide + px) * inChannels;
        let to = row * width + dy * kernel + dx;
        for (let c = 0; c < inChannels; c++, from++, to += kernel ** 2) y.data[to] = x.data[from];
      }
  }
  return y;
}

/** From an image [channels][height][width] to pixels x channels. */
export function pixelRows(image: Float32Array, channels: number, side: number): Matrix {
  const pixels = side ** 2;
  const y = zeros(pixels, channels);
  for (let c = 0; c < channels; c++)
    for (let p = 0; p < pixels; p++) y.data[p * channels + c] = image[c * pixels + p];
  return y;
}
