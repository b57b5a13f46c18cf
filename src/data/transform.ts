/**
 * From a decoded image to a network's input. `evaluation` is the transform of DeiT's and timm's ImageNet
 * evaluation (torchvision: Resize, CenterCrop, ToTensor, Normalize); `stretch` fits small images to the input.
 */
import { unknownName, usageError } from '../base/errors.ts';
import { type OpaquePixels, opaque, type Pixels, toGrey } from './pixels.ts';
import { type Filter, resize, type Window } from './resample.ts';

/** Mean and standard deviation per channel of samples in 0..1. */
export interface Normalization {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** `imagenet`: DeiT and most of timm; `half`: to -1..1, ViT from Google and its fine-tuned versions; `none`: 0..1. */
const NORMALIZATIONS = {
  imagenet: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  half: { mean: [0.5], std: [0.5] },
  none: { mean: [0], std: [1] },
} as const satisfies Record<string, Normalization>;

export type NormalizationName = keyof typeof NORMALIZATIONS;

export interface TransformOptions {
  /** Side of the input, pixels; photographs default to 224, small images to their own size. */
  readonly size?: number;
  /** 1 or 3 (default): grey is repeated, colour becomes luma. */
  readonly channels?: number;
  /** `evaluation`: size / shorter side after resizing; default 0.875 = 224/256. */
  readonly cropRatio?: number;
  readonly filter?: Filter;
  /** A name or figures; a list of one holds for every channel. Default `imagenet`, with one channel `half`. */
  readonly normalization?: NormalizationName | Normalization;
  /** Grey level under transparent images, 0..255; by default alpha is dropped. */
  readonly background?: number;
}

/** [channels, height, width], row-major. */
interface ImageInput {
  readonly input: Float32Array;
  readonly shape: readonly [number, number, number];
}

export type ImageTransform = (pixels: Pixels) => ImageInput;

/**
 * Shorter side to floor(size / cropRatio) pixels (bicubic), centre crop of size x size, (x / 255 - mean) / std in
 * float32. Equal to torchvision on Pillow images, bit for bit, if the decoded pixels are.
 * @throws TrexError (usage) for options out of range.
 */
export function evaluation(options: TransformOptions = {}): ImageTransform {
  const { size = 224, cropRatio = 0.875, filter = 'bicubic' } = options;
  checkSize(size);
  if (!(cropRatio > 0 && cropRatio <= 1)) {
    throw usageError(`cropRatio: expected more than 0 and at most 1, got ${cropRatio}`);
  }
  const side = Math.floor(size / cropRatio);
  const normalize = normalizer(options);
  return pixels => {
    const { width, height } = pixels;
    const short = Math.min(width, height);
    const long = Math.trunc((side * Math.max(width, height)) / short);
    const [w, h] = width <= height ? [side, long] : [long, side];
    return normalize(resized(pixels, [w, h], filter, centre(w, h, size), options.background));
  };
}

/**
 * The whole image to size x size pixels (bilinear by default), or left as it is without `size`.
 * @throws TrexError (usage) for options out of range.
 */
export function stretch(options: TransformOptions = {}): ImageTransform {
  const { size, filter = 'bilinear' } = options;
  if (size !== undefined) checkSize(size);
  const normalize = normalizer(options);
  return pixels => {
    const [w, h] = [size ?? pixels.width, size ?? pixels.height];
    return normalize(
      resized(pixels, [w, h], filter, { left: 0, top: 0, width: w, height: h }, options.background),
    );
  };
}

/** torchvision's CenterCrop: Python's round, halves to even. */
const centre = (width: number, height: number, size: number): Window => ({
  left: halfToEven(width - size),
  top: halfToEven(height - size),
  width: size,
  height: size,
});

/** n / 2 rounded, halves to even. */
const halfToEven = (n: number): number => (n % 4 === 3 ? (n + 1) / 2 : Math.floor(n / 2));

const resized = (
  pixels: Pixels,
  [width, height]: readonly [number, number],
  filter: Filter,
  window: Window,
  background?: number,
): OpaquePixels => resize(opaque(pixels, background), width, height, filter, window);

/** Interleaved bytes to planes of float32, through a table of 256 values per channel. */
function normalizer({ channels = 3, normalization }: TransformOptions): (pixels: OpaquePixels) => ImageInput {
  if (channels !== 1 && channels !== 3) {
    throw usageError(`channels: images have 1 or 3, got ${channels}`);
  }
  const choice = normalization ?? (channels === 3 ? 'imagenet' : 'half');
  if (typeof choice === 'string' && !Object.hasOwn(NORMALIZATIONS, choice)) {
    throw unknownName('normalization', choice, Object.keys(NORMALIZATIONS));
  }
  const { mean, std } = typeof choice === 'string' ? NORMALIZATIONS[choice] : choice;
  const tables = Array.from({ length: channels }, (_, c) =>
    table(ofChannel('mean', mean, c, channels), ofChannel('std', std, c, channels)),
  );
  return pixels => {
    const { width, height, channels: stored, data } = channels === 1 ? toGrey(pixels) : pixels;
    const plane = width * height;
    const input = new Float32Array(channels * plane);
    for (let c = 0; c < channels; c++) {
      const from = stored === 1 ? 0 : c;
      for (let i = 0; i < plane; i++) input[c * plane + i] = tables[c][data[i * stored + from]];
    }
    return { input, shape: [channels, height, width] };
  };
}

/** Each step rounded to float32, as tensors are. */
function table(mean: number, std: number): Float32Array {
  const f = Math.fround;
  return Float32Array.from({ length: 256 }, (_, v) => f(f(f(v / 255) - f(mean)) / f(std)));
}

function ofChannel(what: 'mean' | 'std', list: readonly number[], channel: number, channels: number): number {
  const value = list.length === 1 ? list[0] : list[channel];
  if ((list.length !== 1 && list.length !== channels) || !Number.isFinite(value)) {
    throw usageError(`normalization: expected 1 or ${channels} finite numbers for ${what}, got [${list}]`);
  }
  if (what === 'std' && value <= 0) throw usageError(`normalization: std must be positive, got ${value}`);
  return value;
}

function checkSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 1 || size > 4096) {
    throw usageError(`size: expected 1 to 4096 pixels, got ${size}`);
  }
}
