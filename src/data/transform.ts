/**
 * From a decoded image to a network's input. `evaluation` is the transform of DeiT's and timm's ImageNet
 * evaluation (torchvision: Resize, CenterCrop, ToTensor, Normalize); `stretch` fits small images to the input. Both do
 * as they are told in whatever is said, as the preprocessing beside a checkpoint says all of it.
 */
import {
  bothSides,
  type Centre,
  type Crop,
  checkGeometry,
  checkSize,
  cropWindow,
  type HeightWidth,
  halfToEven,
  outputSize,
  type Resize,
  resizedSize,
  resizeText,
  sizeText,
} from './geometry.ts';
import {
  type ImageInput,
  normalizationOf,
  normalizer,
  type SampleOptions,
  samplesText,
} from './normalization.ts';
import { type OpaquePixels, opaque, type Pixels } from './pixels.ts';
import { type Filter, resize, type Window } from './resample.ts';

/** The share of an image that ImageNet evaluations keep: 224 of 256 pixels. */
const KEPT = 0.875;

export interface TransformOptions extends SampleOptions {
  /** Side of the input, pixels, or height and width; photographs default to 224, small images to their own size. */
  readonly size?: number | HeightWidth;
  /** Default: photographs to a shorter side of floor(size / 0.875), or both sides so where they differ; small images to the size. */
  readonly resize?: Resize;
  /** Default: the size. */
  readonly crop?: Crop;
  /** Default torchvision. */
  readonly centre?: Centre;
  /** Default: photographs bicubic, small images bilinear. */
  readonly filter?: Filter;
  /** Grey level under transparent images, 0..255; by default alpha is dropped. */
  readonly background?: number;
}

/** A transform, and what it does in words. */
export interface ImageTransform {
  (pixels: Pixels): ImageInput;
  readonly text: string;
}

/**
 * Shorter side to floor(size / 0.875) pixels (bicubic), centre crop of size x size, (x / 255 - mean) / std in
 * float32. Equal to torchvision on Pillow images, bit for bit, if the decoded pixels are.
 * @throws TrexError (usage) for options out of range.
 */
export function evaluation(options: TransformOptions = {}): ImageTransform {
  const { size = 224, filter = 'bicubic' } = options;
  const [height, width] = bothSides(size);
  for (const side of [height, width]) checkSize('size', side);
  const larger = (side: number): number => Math.floor(side / KEPT);
  const whole: Resize =
    height === width ? { shorter: larger(height) } : { to: [larger(height), larger(width)] };
  return transform({ ...options, size, filter, resize: options.resize ?? whole });
}

/**
 * The whole image to size x size pixels (bilinear by default), or left as it is without `size`.
 * @throws TrexError (usage) for options out of range.
 */
export function stretch(options: TransformOptions = {}): ImageTransform {
  const { size, filter = 'bilinear' } = options;
  const sides = size === undefined ? undefined : bothSides(size);
  for (const side of sides ?? []) checkSize('size', side);
  const whole: Resize = sides === undefined ? 'none' : { to: sides };
  return transform({ ...options, filter, resize: options.resize ?? whole });
}

interface Chosen extends TransformOptions {
  readonly resize: Resize;
  readonly filter: Filter;
}

function transform(options: Chosen): ImageTransform {
  const { size, filter, resize: how, centre = 'torchvision', background } = options;
  const crop: Crop = options.crop ?? (size === undefined ? 'none' : bothSides(size));
  checkGeometry(how, crop);
  const normalize = normalizer(options);
  const border = how !== 'none' && 'within' in how ? normalizationOf(options).mean : [0];
  const fill = border.map(mean => Math.min(255, Math.max(0, halfToEven(255 * mean))));
  const apply = (pixels: Pixels): ImageInput => {
    const [height, width] = resizedSize(how, [pixels.height, pixels.width]);
    const window = cropWindow(crop, [height, width], centre);
    return normalize(placed(opaque(pixels, background), { height, width, window, filter, fill }));
  };
  const whole = outputSize(how, 'none');
  const cut = crop === 'none' || whole?.join() === crop.join() ? [] : [`crop ${sizeText(crop)}`];
  const resized = how === 'none' ? resizeText(how) : `${resizeText(how)} ${filter}`;
  return Object.assign(apply, { text: [resized, ...cut, samplesText(options)].join(', ') });
}

interface Placement {
  readonly height: number;
  readonly width: number;
  readonly window: Window;
  readonly filter: Filter;
  readonly fill: readonly number[];
}

/** The window of the resized image; what lies outside of it has the colour `fill`. */
function placed(pixels: OpaquePixels, { height, width, window, filter, fill }: Placement): OpaquePixels {
  const left = Math.max(0, window.left);
  const top = Math.max(0, window.top);
  const seen: Window = {
    left,
    top,
    width: Math.min(width, window.left + window.width) - left,
    height: Math.min(height, window.top + window.height) - top,
  };
  const image = resize(pixels, width, height, filter, seen);
  if (seen.width === window.width && seen.height === window.height) return image;
  const channels = fill.length === 3 ? 3 : image.channels;
  const data = new Uint8Array(window.width * window.height * channels);
  for (let i = 0; i < data.length; i++) data[i] = fill[fill.length === 1 ? 0 : i % channels];
  for (let y = 0; y < seen.height; y++)
    for (let x = 0; x < seen.width; x++)
      for (let c = 0; c < channels; c++) {
        const to = (y + top - window.top) * window.width + x + left - window.left;
        data[to * channels + c] =
          image.data[(y * seen.width + x) * image.channels + (image.channels === 1 ? 0 : c)];
      }
  return { width: window.width, height: window.height, channels, data };
}
