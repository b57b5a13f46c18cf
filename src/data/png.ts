/**
 * PNG files to pixels: every colour type and depth, interlaced or not, with their transparency.
 *
 * Ours, and not fast-png 8.0.0, for what that does with files of strangers: it inflates all of the image data before it looks at
 * the size (a file of 0.3 MB that declares one pixel takes 0.6 GB), does not compare zlib's checksum, ignores rows that are
 * too many, puts interlaced pixels of fewer than 8 bits in wrong places, and refuses the one transparent colour of a small RGB image.
 */

import { badFile } from './bad-file.ts';
import { concat } from './concat.ts';
import { decompress } from './decompress.ts';
import type { Pixels } from './pixels.ts';
import { type PngChunks, pngChunks } from './png-chunks.ts';
import { filteredBytes, unfilter } from './png-rows.ts';

/**
 * Decodes one PNG file; channels is 1 to 4. Palettes become RGB, samples of 1, 2 and 4 bits are scaled to 0..255,
 * of 16 bits the high byte is kept (Pillow does so for colour; 16-bit grey it clips at 255). Gamma and colour profiles are ignored, as torchvision's ImageFolder does.
 * @throws TrexError (invalid file) that starts with `name`.
 */
export async function decodePng(name: string, bytes: Uint8Array): Promise<Pixels> {
  const chunks = pngChunks(name, bytes);
  const expected = filteredBytes(chunks);
  const rows = await decompress(name, concat(chunks.compressed), 'deflate', () => expected);
  if (rows.length !== expected) {
    throw badFile(name, `damaged PNG: ${rows.length} bytes of rows, ${expected} expected`);
  }
  const stored = unfilter(name, chunks, rows);
  return chunks.colorType === 3 ? fromPalette(name, chunks, stored) : withTransparency(chunks, stored);
}

function fromPalette(
  name: string,
  { width, height, palette, transparency }: PngChunks,
  stored: Uint8Array,
): Pixels {
  const channels = transparency.length === 0 ? 3 : 4;
  const data = new Uint8Array(stored.length * channels);
  for (let i = 0; i < stored.length; i++) {
    const entry = stored[i];
    if (3 * entry >= palette.length) throw badFile(name, `damaged PNG: its palette has no entry ${entry}`);
    for (let c = 0; c < 3; c++) data[i * channels + c] = palette[3 * entry + c];
    if (channels === 4) data[4 * i + 3] = transparency[entry] ?? 255;
  }
  return { width, height, channels, data };
}

/** Scales to 8 bits, and makes the one colour that tRNS names transparent (compared as 8 bits). */
function withTransparency(
  { width, height, depth, samples, transparency }: PngChunks,
  stored: Uint8Array,
): Pixels {
  const scale = depth < 8 ? 255 / (2 ** depth - 1) : 1;
  const keyed = transparency.length === 2 * samples && samples % 2 === 1;
  const channels = samples + (keyed ? 1 : 0);
  if (scale === 1 && !keyed) return { width, height, channels, data: stored };
  const key = Array.from({ length: samples }, (_, s) => transparency[2 * s + (depth === 16 ? 0 : 1)]);
  const data = new Uint8Array(width * height * channels);
  for (let i = 0; i < width * height; i++) {
    let clear = keyed;
    for (let s = 0; s < samples; s++) {
      const value = stored[i * samples + s];
      clear &&= value === key[s];
      data[i * channels + s] = value * scale;
    }
    if (keyed) data[i * channels + samples] = clear ? 0 : 255;
  }
  return { width, height, channels, data };
}
