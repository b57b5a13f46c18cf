/** Windows of an image, side by side as columns: what attention and convolutions within windows work on (Swin, arXiv 2103.14030; EfficientViT-M, arXiv 2305.07027). */
import type { GraphBuilder, Place } from './builder.ts';
import type { Columns } from './columns.ts';
import type { AttentionPlace } from './encoder-shape.ts';
import { areaOf, type Size, sizeText, square } from './size.ts';

/** An image cut into windows of one size; `channels` of each pixel. */
export interface Windows {
  /** Pixels of the image. */
  readonly grid: Size;
  /** Pixels of a window; divides the grid. */
  readonly window: Size;
  readonly channels: number;
  /** Pixels by which the image is rolled up and left before it is cut. Absent: none. */
  readonly shift?: number;
}

/**
 * A window of at most `side` x `side` pixels: a grid that is no larger is one window as a whole.
 * Undefined where such windows do not divide the grid.
 */
export function windowOf(grid: Size, side: number): Size | undefined {
  if (grid.height <= side && grid.width <= side) return grid;
  if (grid.height % side !== 0 || grid.width % side !== 0) return undefined;
  return square(side);
}

/** Why an encoder's tokens are no image, in words; undefined where they are. */
export function gridProblem({ grid, learned }: AttentionPlace): string | undefined {
  if (grid === undefined) return 'this attention needs an image, and its tokens are none any more';
  return learned > 0 ? `this attention needs an image without the ${learned} tokens in front` : undefined;
}

/** The pixels of an encoder's tokens. @throws Error where they are no image: gridProblem() says so before */
export function gridOf(place: AttentionPlace): Size {
  const problem = gridProblem(place);
  if (place.grid === undefined || problem !== undefined) throw new Error(problem);
  return place.grid;
}

/** Why windows of that side cannot cut an encoder's tokens; undefined where they can. */
export function windowsProblem(place: AttentionPlace, side: number): string | undefined {
  const { grid } = place;
  const problem = gridProblem(place);
  if (grid === undefined || problem !== undefined) return problem;
  return windowOf(grid, side) === undefined
    ? `windows of ${sizeText(square(side))} do not divide ${sizeText(grid)} tokens`
    : undefined;
}

/** Windows of an encoder's tokens. @throws Error where they cannot be: windowsProblem() says so before */
export function windowsOf(place: AttentionPlace, side: number): Pick<Windows, 'grid' | 'window'> {
  const grid = gridOf(place);
  const window = windowOf(grid, side);
  if (window === undefined) throw new Error(windowsProblem(place, side));
  return { grid, window };
}

/** How many windows. */
export const windowCount = ({ grid, window }: Pick<Windows, 'grid' | 'window'>): number =>
  areaOf(grid) / areaOf(window);

/** pixels x channels, or those that `take` names -> pixels of a window x (windows x channels). */
export function intoWindows(
  b: GraphBuilder,
  place: Place,
  input: string,
  windows: Windows,
  take: Columns = { start: 0, size: windows.channels },
): string {
  const { grid, window, channels, shift = 0 } = windows;
  const count = windowCount(windows);
  if (count === 1 && take.size === channels) return input;
  return b.layout(place, [rolled(b, place, input, windows, shift)], {
    parts: [{ rows: areaOf(grid), columns: channels }],
    join: 'columns',
    dims: [grid.height / window.height, window.height, grid.width / window.width, window.width, channels],
    take: { dim: 4, ...take },
    axes: [1, 3, 0, 2, 4],
    rows: areaOf(window),
    columns: count * take.size,
  });
}

/** pixels of a window x (windows x channels) -> pixels x channels. One window: what comes in. */
export function fromWindows(b: GraphBuilder, place: Place, input: string, windows: Windows): string {
  const { grid, window, channels, shift = 0 } = windows;
  const count = windowCount(windows);
  if (count === 1) return input;
  const image = b.layout(place, [input], {
    parts: [{ rows: areaOf(window), columns: count * channels }],
    join: 'columns',
    dims: [window.height, window.width, grid.height / window.height, grid.width / window.width, channels],
    axes: [2, 0, 3, 1, 4],
    rows: areaOf(grid),
    columns: channels,
  });
  return rolled(b, place, image, windows, -shift);
}

/** Each pixel from so many below it and to its right, as if the image went on from the other edge. */
function rolled(
  b: GraphBuilder,
  place: Place,
  input: string,
  { grid, channels }: Windows,
  shift: number,
): string {
  if (shift === 0) return input;
  const [rows, columns] = [areaOf(grid), channels];
  return b.layout({ ...place, id: `${place.id}Rolled` }, [input], {
    parts: [{ rows, columns }],
    join: 'columns',
    dims: [grid.height, grid.width, channels],
    shifts: [shift, shift, 0],
    axes: [0, 1, 2],
    rows,
    columns,
  });
}

/** A depthwise convolution within each window, on what intoWindows gives; all windows have the same filters. */
export function depthwiseInWindows(
  b: GraphBuilder,
  place: Place,
  input: string,
  windows: Windows,
  { kernel: side, bias }: { kernel: number; bias: boolean },
): string {
  const { window, channels } = windows;
  const groups = windowCount(windows) * channels;
  const kernel = square(side);
  const shape = { rows: areaOf(window), groups, in: areaOf(kernel), out: 1, bias };
  const padding = square((side - 1) / 2);
  const conv = { kernel, stride: square(1), padding, inChannels: groups, input: window, output: window };
  const slid = side === 1 ? shape : { ...shape, conv };
  return b.grouped(
    place,
    input,
    groups === channels ? slid : { ...slid, copies: { filters: channels, order: 'tiled' } },
  );
}
