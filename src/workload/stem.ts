/** From image to tokens: a chain of convolutions, the last of which cuts the patches (ViT, arXiv 2010.11929; LV-ViT, arXiv 2104.10858, section 3). */
import type { GraphBuilder, Place } from './builder.ts';
import { areaOf, type Size, square } from './size.ts';

/** One convolution of the stem; BatchNorm and ReLU follow it. Sizes in pixels. */
export interface StemConv {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly channels: number;
}

interface ImageShape {
  readonly image: Size;
  readonly patch: Size;
  readonly inChannels: number;
  readonly dim: number;
  /** The patch projection has a bias; absent: true. */
  readonly patchBias?: boolean;
}

/** Side of the image after a convolution, pixels. */
export const convSide = (side: number, conv: Omit<StemConv, 'channels'>): number =>
  Math.floor((side + 2 * conv.padding - conv.kernel) / conv.stride) + 1;

const convSize = ({ height, width }: Size, conv: StemConv): Size => ({
  height: convSide(height, conv),
  width: convSide(width, conv),
});

/** Adds the convolutions and the patch projection (patches x dim); gives the projection's id. */
export function addStem(b: GraphBuilder, model: ImageShape, convs: readonly StemConv[] = []): string {
  const { image, patch, dim, patchBias = true } = model;
  let id: string | null = null;
  let input = image;
  let { inChannels } = model;
  for (const [i, conv] of convs.entries()) {
    const { channels, padding } = conv;
    const output = convSize(input, conv);
    const [kernel, stride] = [square(conv.kernel), square(conv.stride)];
    id = b.conv(
      at(`conv${i}`),
      id,
      { kernel, stride, padding: square(padding), inChannels, input, output },
      channels,
      false,
    );
    const rows = areaOf(output);
    id = b.vector(at(`batchnorm${i}`), 'batchnorm', [id], {
      rows,
      rowLength: channels,
      parameters: 2 * channels,
    });
    id = b.vector(at(`relu${i}`), 'relu', [id], { rows, rowLength: channels });
    [input, inChannels] = [output, channels];
  }
  const kernel = {
    height: patch.height / (image.height / input.height),
    width: patch.width / (image.width / input.width),
  };
  const output = { height: input.height / kernel.height, width: input.width / kernel.width };
  return b.conv(
    at('patch'),
    id,
    { kernel, stride: kernel, padding: square(0), inChannels, input, output },
    dim,
    patchBias,
  );
}

/** Tokens in front of the patches, and which of all have a position. */
export interface TokenShape {
  readonly patches: number;
  /** Class token, distillation token, registers. */
  readonly learned: number;
  /** `all`: added to learned tokens as well; `patches`: before those are put in front. */
  readonly positions: 'all' | 'patches';
  readonly dim: number;
}

/** Puts `learned` rows in front of the patches and adds the position embedding; gives the id of the result. */
export function addEmbedding(b: GraphBuilder, input: string, shape: TokenShape): string {
  const { patches, learned, positions, dim } = shape;
  const position = (id: string, rows: number): string =>
    b.vector({ id: 'embedding.position', stage: 'embedding', encoder: null }, 'add', [id], {
      rows,
      rowLength: dim,
      parameters: rows * dim,
    });
  const prepend = (id: string): string => {
    const change = { from: patches, to: patches + learned, width: dim, change: 'prepend', start: 0 } as const;
    return b.tokens({ id: 'embedding.class', stage: 'embedding', encoder: null }, id, change);
  };
  if (learned === 0) return position(input, patches);
  return positions === 'all'
    ? position(prepend(input), patches + learned)
    : prepend(position(input, patches));
}

const at = (name: string): Place => ({ id: `stem.${name}`, stage: 'stem', encoder: null });
