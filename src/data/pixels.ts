/** Decoded images: 8 bits per sample, interleaved; grey, colour, and what becomes of transparency. */

/** Larger images are refused before memory is taken; photographs have 12 to 60 million pixels. */
export const MAX_PIXELS = 2 ** 26;

/** Rec. 601 luma in 16-bit fixed point, as Pillow's convert('L'). */
const LUMA = [19595, 38470, 7471] as const;

/** [height, width, channels], row-major. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey + alpha, 3 RGB, 4 RGB + alpha. */
  readonly channels: number;
  readonly data: Uint8Array;
}

/** No alpha any more: channels is 1 or 3. */
export type OpaquePixels = Pixels & { readonly channels: 1 | 3 };

/**
 * Drops the alpha channel and keeps the stored colours, as Pillow's convert('RGB') does in ImageNet evaluations;
 * with a `background` (grey level, 0..255) the image is laid over it instead.
 */
export function opaque(pixels: Pixels, background?: number): OpaquePixels {
  const { width, height, channels, data } = pixels;
  if (channels === 1 || channels === 3) return pixels as OpaquePixels;
  const colors = channels === 2 ? 1 : 3;
  const count = width * height;
  const out = new Uint8Array(count * colors);
  for (let i = 0; i < count; i++) {
    const alpha = background === undefined ? 255 : data[i * channels + colors];
    for (let c = 0; c < colors; c++) {
      const value = data[i * channels + c] * alpha + (background ?? 0) * (255 - alpha);
      out[i * colors + c] = Math.round(value / 255);
    }
  }
  return { width, height, channels: colors, data: out };
}

/** Grey from colour; grey stays as it is. */
export function toGrey(pixels: OpaquePixels): OpaquePixels {
  if (pixels.channels === 1) return pixels;
  const { width, height, data } = pixels;
  const out = new Uint8Array(width * height);
  for (let i = 0; i < out.length; i++) {
    const sum = data[3 * i] * LUMA[0] + data[3 * i + 1] * LUMA[1] + data[3 * i + 2] * LUMA[2];
    out[i] = (sum + 0x8000) >> 16;
  }
  return { width, height, channels: 1, data: out };
}
