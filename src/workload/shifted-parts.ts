/** Which pixels of a window are neighbours in the image, where that was rolled up and left before windows were cut (Swin, arXiv 2103.14030, Fig. 4). */
import { areaOf, type Size } from './size.ts';

/** For each window, line by line, a part for each of its pixels: two of one part are from the same side of each edge. */
export function shiftedParts(grid: Size, window: Size, shift: number): Uint8Array[] {
  const [down, across] = [grid.height / window.height, grid.width / window.width];
  return Array.from({ length: down * across }, (_, n) => {
    const lowest = Math.floor(n / across) === down - 1;
    const rightmost = n % across === across - 1;
    return Uint8Array.from({ length: areaOf(window) }, (_, p) => {
      const below = lowest && Math.floor(p / window.width) >= window.height - shift;
      const beyond = rightmost && p % window.width >= window.width - shift;
      return (below ? 2 : 0) + (beyond ? 1 : 0);
    });
  });
}
