/** From image to tokens: a chain of convolutions, the last of which cuts the patches (ViT, arXiv 2010.11929; LV-ViT, arXiv 2104.10858, section 3). */
import type { GraphBuilder, Place } from './builder.ts';

/** One convolution of the stem; BatchNorm and ReLU follow it. Sizes in pixels. */
export interface StemConv {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly channels: number;
}

interface ImageShape {
  readonly imageSize: number;
  readonly patchSize: number;
  readonly inChannels: number;
  readonly dim: number;
}

/** Side of the image after a convolution, pixels. */
export const convSide = (side: number, conv: Omit<StemConv, 'channels'>): number =>
  Math.floor((side + 2 * conv.padding - conv.kernel) / conv.stride) + 1;

/** Adds the convolutions and the patch projection (patches x dim); gives the projection's id. */
export function addStem(b: GraphBuilder, image: ImageShape, convs: readonly StemConv[] = []): string {
  let input: string | null = null;
  let side = image.imageSize;
  let inChannels = image.inChannels;
  for (const [i, conv] of convs.entries()) {
    const { channels, ...window } = conv;
    const outSide = convSide(side, conv);
    const pixels = outSide ** 2;
    input = b.conv(at(`conv${i}`), input, { ...window, inChannels, inSide: side, outSide }, channels, false);
    input = b.vector(at(`batchnorm${i}`), 'batchnorm', [input], {
      rows: pixels,
      rowLength: channels,
      parameters: 2 * channels,
    });
    input = b.vector(at(`relu${i}`), 'relu', [input], { rows: pixels, rowLength: channels });
    [side, inChannels] = [outSide, channels];
  }
  const kernel = image.patchSize / (image.imageSize / side);
  const outSide = side / kernel;
  const window = { kernel, stride: kernel, padding: 0, inChannels, inSide: side, outSide };
  return b.conv(at('patch'), input, window, image.dim, true);
}

/** Puts `learned` rows in front of the patches and adds the position embedding; gives the sum's id. */
export function addEmbedding(
  b: GraphBuilder,
  input: string,
  patches: number,
  learned: number,
  dim: number,
): string {
  const to = patches + learned;
  const change = { from: patches, to, width: dim, change: 'prepend', start: 0 } as const;
  const tokens = b.tokens({ id: 'embedding.class', stage: 'embedding', encoder: null }, input, change);
  const place = { id: 'embedding.position', stage: 'embedding', encoder: null } as const;
  return b.vector(place, 'add', [tokens], { rows: to, rowLength: dim, parameters: to * dim });
}

const at = (name: string): Place => ({ id: `stem.${name}`, stage: 'stem', encoder: null });
