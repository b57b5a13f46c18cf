/** Where the pixels of an input come from: an image brought to a size, then cut or padded about its centre. */
import { usageError } from '../base/errors.ts';
import type { Window } from './resample.ts';

/** Larger sides are a slip. */
const MOST = 4096;

/** Height and width, pixels. */
export type HeightWidth = readonly [height: number, width: number];

/**
 * What an image is resized to: its shorter side (the other keeps the ratio), both sides whatever the ratio (timm's
 * `squash`), or as large as fits in a box (timm's `border`, which pads with the mean).
 */
export type Resize =
  | 'none'
  | { readonly shorter: number }
  | { readonly to: HeightWidth }
  | { readonly within: HeightWidth };

/** What is cut out of the middle; where the image is smaller it is padded. */
export type Crop = 'none' | HeightWidth;

/**
 * Where an odd margin goes: torchvision (and so timm) rounds half of it to the even pixel, transformers down; of an odd
 * padding torchvision puts the smaller part first, transformers the larger.
 */
export type Centre = 'torchvision' | 'transformers';

/** The size of an image of `height` x `width` when it is resized. */
export function resizedSize(resize: Resize, [height, width]: HeightWidth): HeightWidth {
  if (resize === 'none') return [height, width];
  if ('to' in resize) return resize.to;
  if ('within' in resize) {
    const ratio = Math.max(height / resize.within[0], width / resize.within[1]);
    const side = (pixels: number): number => Math.max(1, halfToEven(pixels / ratio));
    return [side(height), side(width)];
  }
  const { shorter } = resize;
  const long = Math.trunc((shorter * Math.max(width, height)) / Math.min(width, height));
  return width <= height ? [long, shorter] : [shorter, long];
}

/** The middle of an image of `height` x `width`; it begins below 0 where the image is padded. */
export function cropWindow(crop: Crop, [height, width]: HeightWidth, centre: Centre): Window {
  if (crop === 'none') return { left: 0, top: 0, width, height };
  const start = (side: number, cut: number): number => {
    if (centre === 'transformers') return Math.floor((side - cut) / 2);
    return side >= cut ? halfToEven((side - cut) / 2) : -Math.floor((cut - side) / 2);
  };
  const [h, w] = crop;
  return { left: start(width, w), top: start(height, h), width: w, height: h };
}

/** The size of every input, where it does not depend on the image. */
export function outputSize(resize: Resize, crop: Crop): HeightWidth | undefined {
  if (crop !== 'none') return crop;
  return resize !== 'none' && 'to' in resize ? resize.to : undefined;
}

/** A side of a square, or both sides. */
export const bothSides = (size: number | HeightWidth): HeightWidth =>
  typeof size === 'number' ? [size, size] : size;

/** @throws TrexError (usage) */
export function checkSize(what: string, size: number): void {
  if (!Number.isSafeInteger(size) || size < 1 || size > MOST)
    throw usageError(`${what}: expected 1 to ${MOST} pixels, got ${size}`);
}

/** @throws TrexError (usage) for sides out of range. */
export function checkGeometry(resize: Resize, crop: Crop): void {
  const sides =
    resize === 'none'
      ? []
      : 'shorter' in resize
        ? [resize.shorter]
        : 'to' in resize
          ? resize.to
          : resize.within;
  for (const side of sides) checkSize('resize', side);
  if (crop !== 'none') for (const side of crop) checkSize('crop', side);
}

/** `none`, `256` (shorter side), `256x224` (height x width), `fit:224x224`. @throws TrexError (usage) */
export function parseResize(text: string): Resize {
  if (text === 'none') return 'none';
  const [, fit, height, width] = /^(fit:)?(\d{1,5})(?:x(\d{1,5}))?$/.exec(text) ?? [];
  const bad = usageError(`--resize ${text}: expected none, 256 (shorter side), 256x256 or fit:224x224`);
  if (height === undefined || (fit !== undefined && width === undefined)) throw bad;
  if (width === undefined) return { shorter: Number(height) };
  const size: HeightWidth = [Number(height), Number(width)];
  return fit === undefined ? { to: size } : { within: size };
}

/** `none`, `224`, `224x192` (height x width). @throws TrexError (usage) */
export function parseCrop(text: string): Crop {
  if (text === 'none') return 'none';
  const [, height, width = height] = /^(\d{1,5})(?:x(\d{1,5}))?$/.exec(text) ?? [];
  if (height === undefined) throw usageError(`--crop ${text}: expected none, 224 or 224x224`);
  return [Number(height), Number(width)];
}

/** As Python rounds: halves to the even number. */
export function halfToEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  if (rest !== 0.5) return rest < 0.5 ? down : down + 1;
  return down % 2 === 0 ? down : down + 1;
}

/** "shorter side to 256", "to 256 x 256". */
export function resizeText(resize: Resize): string {
  if (resize === 'none') return 'as they are';
  if ('shorter' in resize) return `shorter side to ${resize.shorter}`;
  return 'to' in resize ? `to ${sizeText(resize.to)}` : `into ${sizeText(resize.within)}`;
}

export const sizeText = ([height, width]: HeightWidth): string => `${height} x ${width}`;
