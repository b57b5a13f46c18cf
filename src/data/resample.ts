/**
 * Image resizing as Pillow's Image.resize defines it: a separable filter, widened by the scale when it shrinks
 * (antialiasing), weights in 22-bit fixed point, horizontal pass first, rounded to 8 bits after each pass.
 * The arithmetic is the same integer arithmetic, so results are equal to Pillow's, not only close.
 */
import { largest, smallest } from '../base/extremes.ts';
import type { OpaquePixels } from './pixels.ts';

/** Fraction bits of a weight: 8-bit samples and sums with overshoot stay inside 32 bits. */
const FRACTION_BITS = 22;
const HALF = 1 << (FRACTION_BITS - 1);

/** How an image is brought to another size: Pillow's filters. */
export type Filter = 'nearest' | 'lanczos' | 'bilinear' | 'bicubic' | 'box' | 'hamming';

/** By Pillow's numbers (Image.Resampling), as `resample` of Hugging Face says them. */
export const FILTERS: readonly Filter[] = ['nearest', 'lanczos', 'bilinear', 'bicubic', 'box', 'hamming'];

/** The part of the resized image that is wanted, in its pixels. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Kernel {
  /** Half width at scale 1, in input pixels. */
  readonly support: number;
  weight(x: number): number;
}

/** Input pixels that make up the outputs from .. from + count - 1 along one axis. */
interface Taps {
  readonly count: number;
  /** First input pixel of each output. */
  readonly start: Int32Array;
  /** Input pixels of each output. */
  readonly length: Int32Array;
  /** `width` weights per output, fixed point. */
  readonly weights: Int32Array;
  readonly width: number;
}

const KERNELS: Readonly<Record<Exclude<Filter, 'nearest'>, Kernel>> = {
  box: { support: 0.5, weight: x => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  hamming: { support: 1, weight: hamming },
  lanczos: { support: 3, weight: x => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
  bilinear: { support: 1, weight: x => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: cubic },
};

/**
 * Resizes an image to `width` x `height` pixels and returns the `window` of the result (default: all of it);
 * only what the window needs is computed.
 */
export function resize(
  pixels: OpaquePixels,
  width: number,
  height: number,
  filter: Filter,
  window: Window = { left: 0, top: 0, width, height },
): OpaquePixels {
  const { channels } = pixels;
  const across = taps(pixels.width, width, window.left, window.width, filter);
  const down = taps(pixels.height, height, window.top, window.height, filter);
  const first = smallest(ends(down, 0));
  const last = largest(ends(down, 1));
  const rows = pixels.data.subarray(first * pixels.width * channels, last * pixels.width * channels);
  const stored = { data: rows, lines: last - first, length: pixels.width, inner: channels };
  const narrow = apply(stored, across, 0);
  const between = { data: narrow, lines: 1, length: last - first, inner: window.width * channels };
  const data = apply(between, down, first);
  return { width: window.width, height: window.height, channels, data };
}

/** Bytes of shape [lines, length, inner]. */
interface Lines {
  readonly data: Uint8Array;
  readonly lines: number;
  readonly length: number;
  readonly inner: number;
}

/**
 * One pass along the middle axis; taps count from `origin`.
 * An axis that keeps its size has one tap of weight 1 per output and comes out as it went in.
 */
function apply(
  { data, lines, length, inner }: Lines,
  { count, start, length: lengths, weights, width }: Taps,
  origin: number,
): Uint8Array {
  const out = new Uint8Array(lines * count * inner);
  for (let line = 0; line < lines; line++) {
    for (let o = 0; o < count; o++) {
      const from = (line * length + start[o] - origin) * inner;
      const to = (line * count + o) * inner;
      const end = o * width + lengths[o];
      for (let k = 0; k < inner; k++) {
        let sum = HALF;
        let at = from + k;
        for (let w = o * width; w < end; w++, at += inner) sum += data[at] * weights[w];
        const value = sum >> FRACTION_BITS;
        out[to + k] = value < 0 ? 0 : value > 255 ? 255 : value;
      }
    }
  }
  return out;
}

function taps(inSize: number, outSize: number, from: number, count: number, filter: Filter): Taps {
  const scale = inSize / outSize;
  const start = new Int32Array(count);
  const length = new Int32Array(count).fill(1);
  if (filter === 'nearest' || inSize === outSize) {
    // Summed, not multiplied: where a pixel centre falls on an edge, rounding decides, and Pillow sums.
    let center = scale / 2;
    for (let o = 0; o < from + count; o++, center += scale) {
      if (o >= from) start[o - from] = Math.min(inSize - 1, Math.floor(center));
    }
    return { count, start, length, weights: new Int32Array(count).fill(1 << FRACTION_BITS), width: 1 };
  }
  const kernel = KERNELS[filter];
  const stretch = Math.max(1, scale);
  const support = kernel.support * stretch;
  const width = Math.ceil(support) * 2 + 1;
  const weights = new Int32Array(count * width);
  for (let o = 0; o < count; o++) {
    const center = (from + o + 0.5) * scale;
    start[o] = Math.max(0, Math.trunc(center - support + 0.5));
    length[o] = Math.min(inSize, Math.trunc(center + support + 0.5)) - start[o];
    const exact = Array.from({ length: length[o] }, (_, i) =>
      kernel.weight((start[o] + i - center + 0.5) * (1 / stretch)),
    );
    const sum = exact.reduce((a, b) => a + b, 0);
    exact.forEach((weight, i) => {
      const fixed = (sum === 0 ? weight : weight / sum) * (1 << FRACTION_BITS);
      weights[o * width + i] = Math.trunc(fixed + (fixed < 0 ? -0.5 : 0.5));
    });
  }
  return { count, start, length, weights, width };
}

/** First (side 0) or one past the last (side 1) input pixel of the outermost outputs. */
const ends = ({ count, start, length }: Taps, side: 0 | 1): number[] =>
  [0, count - 1].map(o => start[o] + side * length[o]);

/** Keys' cubic convolution with a = -1/2. */
function cubic(x: number): number {
  const a = -0.5;
  const d = Math.abs(x);
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  if (d < 2) return (((d - 5) * d + 8) * d - 4) * a;
  return 0;
}

/** A sinc under Hamming's window, as narrow as bilinear. */
function hamming(x: number): number {
  const d = Math.abs(x);
  return d < 1 ? sinc(d) * (0.54 + 0.46 * sinPi(d + 0.5)) : 0;
}

const sinc = (x: number): number => (x === 0 ? 1 : sinPi(x) / (Math.PI * x));

/** sin(pi x), by Taylor's series around the nearest zero: the same on every engine, to 1e-15. */
function sinPi(x: number): number {
  const turns = Math.round(x);
  const z = Math.PI * (x - turns);
  let term = z;
  let sum = z;
  for (let n = 2; n <= 22; n += 2) {
    term *= -(z * z) / (n * (n + 1));
    sum += term;
  }
  return turns % 2 === 0 ? sum : -sum;
}
