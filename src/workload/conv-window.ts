/** What a convolution sees of an image, and what it makes of it. */
import type { Size } from './size.ts';

/** The window that im2col unrolls, sizes in pixels. */
export interface ConvWindow {
  readonly kernel: Size;
  readonly stride: Size;
  /** Zeros on each of the four sides. */
  readonly padding: number;
  readonly inChannels: number;
  /** Pixels that come in, and that go out. */
  readonly input: Size;
  readonly output: Size;
}
