/**
 * JPEG files to pixels: baseline and progressive, grey and colour, decoded by jpeg-js.
 * Against libjpeg-turbo, which Pillow uses, samples differ by up to 4 of 255 without chroma subsampling and, at
 * sharp colour edges, by up to about 35 with it (mean about 1): jpeg-js repeats chroma samples where libjpeg
 * interpolates, and truncates where it rounds. In the normalised input of a photograph of 640 x 427 pixels that was
 * at most 0.3 and 0.014 on average with subsampling, 0.05 and 0.008 without. The EXIF orientation is ignored, as torchvision's ImageFolder does.
 */
import { growthProblem } from '../base/limits.ts';
import { badFile } from './bad-file.ts';
import { jpegHeader } from './jpeg-header.ts';
import type { Pixels } from './pixels.ts';

/** Decoder memory: coefficients, samples and output of three components, with room for the tables. */
const BYTES_PER_PIXEL = 32;

/**
 * Decodes one JPEG file; channels is 1 or 3.
 * @throws TrexError (invalid file) that starts with `name`.
 */
export async function decodeJpeg(name: string, bytes: Uint8Array): Promise<Pixels> {
  const { width, height, components, ycc } = jpegHeader(name, bytes);
  const pixels = width * height;
  const bomb = growthProblem(bytes.length, 3 * pixels);
  if (bomb !== undefined) throw badFile(name, `JPEG of ${width} x ${height} pixels: ${bomb}`);
  const { default: jpeg } = await import('jpeg-js');
  let data: Uint8Array;
  try {
    const image = jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      colorTransform: ycc,
      // Strict decoding fails on grey images with restart markers.
      tolerantDecoding: true,
      maxResolutionInMP: pixels / 1e6,
      maxMemoryUsageInMB: 64 + (BYTES_PER_PIXEL * pixels) / 2 ** 20,
    });
    data = image.data;
  } catch (error) {
    const reason =
      error instanceof TypeError ? 'its coded data do not fit its tables' : (error as Error).message;
    throw badFile(name, `damaged JPEG: ${reason}`);
  }
  // The decoder writes colour for every image.
  if (data.length !== 3 * pixels)
    throw badFile(name, 'damaged JPEG: the image has another size than declared');
  return components === 3
    ? { width, height, channels: 3, data }
    : { width, height, channels: 1, data: data.filter((_, i) => i % 3 === 0) };
}
