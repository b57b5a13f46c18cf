/** Image files to pixels, told apart by their first bytes: a PNG that is called .JPEG, as ImageNet has one, is read. */
import { plainBytes } from '../base/bytes.ts';
import { badFile } from './bad-file.ts';
import { decodeJpeg } from './jpeg.ts';
import type { Pixels } from './pixels.ts';
import { decodePng } from './png.ts';

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG = [0xff, 0xd8, 0xff];

/** Signatures of what can not be read, to say so by name. */
const OTHERS: readonly (readonly [name: string, at: number, text: string])[] = [
  ['GIF', 0, 'GIF8'],
  ['WebP', 8, 'WEBP'],
  ['BMP', 0, 'BM'],
  ['TIFF', 0, 'II*\0'],
  ['TIFF', 0, 'MM\0*'],
  ['JPEG 2000', 4, 'jP  '],
  ['HEIF or AVIF', 4, 'ftyp'],
];

/**
 * Decodes a JPEG or PNG file.
 * @throws TrexError (invalid file) that starts with `name`: another format, damaged, truncated, too large, CMYK.
 */
export async function decodeImage(name: string, source: Uint8Array): Promise<Pixels> {
  const bytes = plainBytes(source);
  if (JPEG.every((byte, i) => bytes[i] === byte)) return decodeJpeg(name, bytes);
  if (PNG.every((byte, i) => bytes[i] === byte)) return decodePng(name, bytes);
  if (bytes.length === 0) throw badFile(name, 'an empty file');
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  const other = OTHERS.find(([, at, text]) => head.startsWith(text, at));
  throw badFile(
    name,
    `${other === undefined ? 'not an image' : `a ${other[0]} image`}; JPEG and PNG can be read`,
  );
}
