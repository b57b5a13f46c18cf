/** The chunks of a PNG file that its pixels need, checked before anything is decompressed (ISO/IEC 15948). */
import { crc32 } from '../base/crc32.ts';
import { badFile } from './bad-file.ts';
import { MAX_PIXELS } from './pixels.ts';

const SIGNATURE_BYTES = 8;
/** Length, type and checksum around the data of a chunk. */
const FRAME_BYTES = 12;

const READ: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);

/** Samples per pixel by colour type. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits per sample. */
  readonly depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGB + alpha. */
  readonly colorType: number;
  /** Samples per pixel in the file; 1 for a palette. */
  readonly samples: number;
  readonly interlaced: boolean;
}

export interface PngChunks extends PngHeader {
  /** PLTE: red, green, blue of each entry. */
  readonly palette: Uint8Array;
  /** tRNS: alpha of the palette's entries, or the one transparent colour; empty if there is none. */
  readonly transparency: Uint8Array;
  /** IDAT: the zlib stream of the filtered rows, in pieces. */
  readonly compressed: readonly Uint8Array[];
}

/**
 * Reads the header, palette, transparency and compressed data of a PNG file; other chunks are skipped.
 * @throws TrexError (invalid file): truncated, impossible header, over 2^26 pixels.
 */
export function pngChunks(name: string, bytes: Uint8Array): PngChunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const compressed: Uint8Array[] = [];
  let header: PngHeader | undefined;
  let palette: Uint8Array = new Uint8Array();
  let transparency: Uint8Array = new Uint8Array();
  for (let at = SIGNATURE_BYTES; ; ) {
    if (at + FRAME_BYTES > bytes.length) throw badFile(name, 'truncated PNG: it ends before its IEND chunk');
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const end = at + 8 + length;
    if (end + 4 > bytes.length)
      throw badFile(name, `truncated PNG: it ends inside a chunk of ${length} bytes`);
    if (READ.has(type) && crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) {
      throw badFile(name, `damaged PNG: the checksum of its ${type} chunk is wrong`);
    }
    const data = bytes.subarray(at + 8, end);
    if (header === undefined) {
      if (type !== 'IHDR' || length !== 13)
        throw badFile(name, 'damaged PNG: it does not begin with a header');
      header = readHeader(name, data);
    } else if (type === 'IDAT') compressed.push(data);
    else if (type === 'PLTE') palette = data;
    else if (type === 'tRNS') transparency = data;
    else if (type === 'IEND') break;
    at = end + 4;
  }
  if (compressed.length === 0) throw badFile(name, 'damaged PNG: it has no image data');
  if (header.colorType === 3 && (palette.length === 0 || palette.length % 3 !== 0)) {
    throw badFile(name, `damaged PNG: a palette of ${palette.length} bytes`);
  }
  return { ...header, palette, transparency, compressed };
}

function readHeader(name: string, data: Uint8Array): PngHeader {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colorType, compression, filter, interlace] = data.subarray(8);
  if (!DEPTHS[colorType]?.includes(depth)) {
    throw badFile(name, `damaged PNG: colour type ${colorType} with ${depth} bits per sample`);
  }
  if (compression !== 0 || filter !== 0 || interlace > 1) {
    throw badFile(
      name,
      `damaged PNG: compression ${compression}, filter ${filter}, interlacing ${interlace}`,
    );
  }
  if (width === 0 || height === 0 || width * height > MAX_PIXELS) {
    throw badFile(name, `PNG of ${width} x ${height} pixels; 1 to ${MAX_PIXELS} in total can be read`);
  }
  return { width, height, depth, colorType, samples: SAMPLES[colorType], interlaced: interlace === 1 };
}
