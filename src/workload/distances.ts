/** Distances between the pixels of a window, numbered as checkpoints do. */
import { areaOf } from './size.ts';
import type { Distances } from './vector-function.ts';

/** Learned values of one table. */
export const distanceCount = ({
  window: { height, width },
  signs,
}: Pick<Distances, 'window' | 'signs'>): number =>
  signs === 'signed' ? (2 * height - 1) * (2 * width - 1) : height * width;

/**
 * For query q and key k, place q x pixels + k, the number of their distance. Signed: line by line from the farthest above
 * and left (microsoft/Swin-Transformer, relative_position_index); absolute: in the order in which they occur first from
 * the first pixel on (microsoft/Cream, EfficientViT's attention_bias_idxs), which is line by line too.
 */
export function distanceIndex({ window, signs }: Distances): Int32Array {
  const { height, width } = window;
  const pixels = areaOf(window);
  const index = new Int32Array(pixels * pixels);
  for (let q = 0; q < pixels; q++)
    for (let k = 0; k < pixels; k++) {
      const down = Math.floor(q / width) - Math.floor(k / width);
      const across = (q % width) - (k % width);
      index[q * pixels + k] =
        signs === 'signed'
          ? (down + height - 1) * (2 * width - 1) + across + width - 1
          : Math.abs(down) * width + Math.abs(across);
    }
  return index;
}
