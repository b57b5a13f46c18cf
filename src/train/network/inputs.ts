/** Where a batch enters the network: patches cut out of images, and word embeddings. */
import type { ConvWindow } from '../../workload/conv-window.ts';
import type { VectorOp } from '../../workload/op.ts';
import { areaOf } from '../../workload/size.ts';
import { type Chunk, floatsOf, type GradientSlot, type Layer, type Value, type Wiring } from './layer.ts';

/** Copies the windows of images [channels][side][side] into rows, columns channel by channel as in a flattened convolution. */
export function windowsOf(
  conv: ConvWindow,
  images: Float32Array,
  floats: Float32Array,
  windows: Value,
): (chunk: Chunk) => void {
  const pixels = conv.inChannels * areaOf(conv.input);
  const from = windowPlaces(conv, 'channels');
  return ({ first, samples }) => {
    for (let i = 0; i < samples; i++) {
      const image = (first + i) * pixels;
      const to = windows.at / 4 + i * from.length;
      for (let j = 0; j < from.length; j++) floats[to + j] = from[j] < 0 ? 0 : images[image + from[j]];
    }
  };
}

/** The windows of another op's output, pixels x channels: cut forward, and their derivatives added up backward. */
export function innerWindows(
  conv: ConvWindow,
  x: Value,
  dx: GradientSlot,
  { floats, windows, derivative }: { floats: Float32Array; windows: Value; derivative: number },
): Layer {
  const from = windowPlaces(conv, 'pixels');
  const size = floatsOf(x);
  return {
    forward({ samples }) {
      for (let i = 0; i < samples; i++) {
        const [source, to] = [x.at / 4 + i * size, windows.at / 4 + i * from.length];
        for (let j = 0; j < from.length; j++) floats[to + j] = from[j] < 0 ? 0 : floats[source + from[j]];
      }
    },
    backward({ samples }) {
      if (dx.at === 0) return;
      if (dx.accumulate === 0) floats.fill(0, dx.at / 4, dx.at / 4 + samples * size);
      for (let i = 0; i < samples; i++) {
        const [to, source] = [dx.at / 4 + i * size, derivative / 4 + i * from.length];
        for (let j = 0; j < from.length; j++) if (from[j] >= 0) floats[to + from[j]] += floats[source + j];
      }
    },
  };
}

/** Where each value of the windows stands in an image, [channels][pixels] or [pixels][channels]; -1 in the padding. */
function windowPlaces(conv: ConvWindow, order: 'channels' | 'pixels'): Int32Array {
  const { kernel, stride, padding, inChannels, input, output } = conv;
  const [ofChannel, ofPixel] = order === 'channels' ? [areaOf(input), 1] : [1, inChannels];
  const from = new Int32Array(areaOf(output) * inChannels * areaOf(kernel));
  let at = 0;
  for (let row = 0; row < areaOf(output); row++)
    for (let c = 0; c < inChannels; c++)
      for (let dy = 0; dy < kernel.height; dy++)
        for (let dx = 0; dx < kernel.width; dx++) {
          const y = Math.floor(row / output.width) * stride.height - padding.height + dy;
          const x = (row % output.width) * stride.width - padding.width + dx;
          const inside = y >= 0 && x >= 0 && y < input.height && x < input.width;
          from[at++] = inside ? c * ofChannel + (y * input.width + x) * ofPixel : -1;
        }
  return from;
}

/** What an embedding reads. */
export interface EmbedWiring {
  readonly ids: { readonly words: Int32Array; readonly types: Int32Array };
  /** Address of the learned values, and where the tables lie in them, in floats; absent: the network has none of these. */
  readonly vector: number;
  readonly tables: {
    readonly words: number;
    readonly positions: number | undefined;
    readonly types: number | undefined;
  };
}

/** The sum of a word, a position and a segment-type vector, of those that there are. */
export function embedLayer(
  op: VectorOp,
  { output, gradient }: Wiring,
  floats: Float32Array,
  { ids, vector, tables }: EmbedWiring,
): Layer {
  const { rows, rowLength: dim } = op;
  const { words, positions, types } = tables;
  const forTokens = (
    { first, samples }: Chunk,
    visit: (row: number, tables: readonly number[]) => void,
  ): void => {
    for (let i = 0; i < samples * rows; i++) {
      const token = first * rows + i;
      const own = [words + ids.words[token] * dim];
      if (positions !== undefined) own.push(positions + (i % rows) * dim);
      if (types !== undefined) own.push(types + ids.types[token] * dim);
      visit(i * dim, own);
    }
  };
  return {
    forward(chunk) {
      const [to, from] = [output.at / 4, vector / 4];
      forTokens(chunk, (row, own) => {
        for (let j = 0; j < dim; j++) {
          let sum = 0;
          for (const at of own) sum += floats[from + at + j];
          floats[to + row + j] = sum;
        }
      });
    },
    backward(chunk) {
      const [from, to] = [gradient / 4, chunk.gradients / 4];
      forTokens(chunk, (row, own) => {
        for (let j = 0; j < dim; j++) {
          const g = floats[from + row + j];
          for (const at of own) floats[to + at + j] += g;
        }
      });
    },
  };
}
