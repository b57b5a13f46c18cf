/** Windows of an image, side by side as columns: what attention and convolutions within windows work on (Swin, arXiv 2103.14030; EfficientViT-M, arXiv 2305.07027). */
import type { GraphBuilder, Place } from './builder.ts';
import { areaOf, type Size } from './size.ts';

/** An image cut into windows of one size; `channels` of each pixel. */
export interface Windows {
  /** Pixels of the image. */
  readonly grid: Size;
  /** Pixels of a window; divides the grid. */
  readonly window: Size;
  readonly channels: number;
}

/**
 * A window of at most `side` x `side` pixels: a grid that is no larger is one window as a whole.
 * Undefined where such windows do not divide the grid.
 */
export function windowOf(grid: Size, side: number): Size | undefined {
  if (grid.height <= side && grid.width <= side) return grid;
  if (grid.height % side !== 0 || grid.width % side !== 0) return undefined;
  return { height: side, width: side };
}

/** How many windows. */
export const windowCount = ({ grid, window }: Pick<Windows, 'grid' | 'window'>): number =>
  areaOf(grid) / areaOf(window);

/** pixels x channels -> pixels of a window x (windows x channels). One window: what comes in. */
export function intoWindows(b: GraphBuilder, place: Place, input: string, windows: Windows): string {
  const { grid, window, channels } = windows;
  if (windowCount(windows) === 1) return input;
  return b.layout(place, [input], {
    parts: [{ rows: areaOf(grid), columns: channels }],
    join: 'columns',
    dims: [grid.height / window.height, window.height, grid.width / window.width, window.width, channels],
    axes: [1, 3, 0, 2, 4],
    rows: areaOf(window),
    columns: windowCount(windows) * channels,
  });
}

/** pixels of a window x (windows x channels) -> pixels x channels. One window: what comes in. */
export function fromWindows(b: GraphBuilder, place: Place, input: string, windows: Windows): string {
  const { grid, window, channels } = windows;
  const count = windowCount(windows);
  if (count === 1) return input;
  return b.layout(place, [input], {
    parts: [{ rows: areaOf(window), columns: count * channels }],
    join: 'columns',
    dims: [window.height, window.width, grid.height / window.height, grid.width / window.width, channels],
    axes: [2, 0, 3, 1, 4],
    rows: areaOf(grid),
    columns: channels,
  });
}
