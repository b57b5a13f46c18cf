/** What a convolution sees of an image, and what it makes of it. */
import type { Size } from './size.ts';

/** The window that im2col unrolls, sizes in pixels. */
export interface ConvWindow {
  readonly kernel: Size;
  readonly stride: Size;
  /** Zeros above and below, and left and right. */
  readonly padding: Size;
  readonly inChannels: number;
  /** Pixels that come in, and that go out. */
  readonly input: Size;
  readonly output: Size;
}
