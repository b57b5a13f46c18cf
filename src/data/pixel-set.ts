/** Small images that stand one after another in one array: the common end of the IDX, CIFAR and array readers. */
import { checkIndex, type DataSet } from './data-set.ts';
import type { Labels } from './labels.ts';
import type { Pixels } from './pixels.ts';
import { stretch, type TransformOptions } from './transform.ts';

/** Images of one size, 8 bits per sample. */
export interface PixelArray {
  readonly name: string;
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Planes of a colour image stand one after another (CIFAR), or its samples are interleaved. */
  readonly planar: boolean;
  readonly data: Uint8Array;
  /** Bytes from the start of one image to the next, and before the first. */
  readonly stride: number;
  readonly offset: number;
}

/** The images as network input, stretched to `size` if it is given; item names are `name#index`. */
export function pixelSet(
  array: PixelArray,
  { labels, classes }: Labels,
  options: TransformOptions = {},
): DataSet {
  const transform = stretch(options);
  return {
    name: array.name,
    size: array.count,
    kind: 'image',
    classes,
    reading: transform.text,
    item: async index => {
      checkIndex(index, array.count);
      return { ...transform(image(array, index)), label: labels[index], name: `${array.name}#${index}` };
    },
  };
}

function image({ width, height, channels, planar, data, stride, offset }: PixelArray, index: number): Pixels {
  const plane = width * height;
  const from = offset + index * stride;
  const stored = data.subarray(from, from + plane * channels);
  if (!planar || channels === 1) return { width, height, channels, data: stored };
  const mixed = new Uint8Array(stored.length);
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < channels; c++) mixed[i * channels + c] = stored[c * plane + i];
  }
  return { width, height, channels, data: mixed };
}
