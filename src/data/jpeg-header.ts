/** What a JPEG file declares, read before a pixel is decoded (ITU-T T.81, annex B; Adobe's APP14 marker). */
import { badFile } from './bad-file.ts';
import { MAX_PIXELS } from './pixels.ts';

/** Every block of 64 pixels takes at least one bit in the first scan. */
const PIXELS_PER_BYTE = 512;

const SOF = [0xc0, 0xc1, 0xc2];
/** Frames that are no Huffman-coded DCT: lossless, hierarchical, arithmetic. */
const OTHER_SOF = [0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];
const [APP0, APP14, EOI, SOS] = [0xe0, 0xee, 0xd9, 0xda];

export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  readonly components: 1 | 3;
  /** Colour is stored as YCbCr, not as RGB. */
  readonly ycc: boolean;
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly ids: readonly number[];
}

/**
 * Walks the markers up to the first scan and checks that the file has an end.
 * @throws TrexError (invalid file): truncated, CMYK, 12 bits, lossless or arithmetic coding, over 2^26 pixels.
 */
export function jpegHeader(name: string, bytes: Uint8Array): JpegHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let frame: Frame | undefined;
  let jfif = false;
  let adobe: number | undefined;
  for (let at = 2; ; ) {
    while (at < bytes.length && bytes[at] !== 0xff) at++;
    while (bytes[at] === 0xff) at++;
    const marker = bytes[at];
    const body = at + 3;
    if (body > bytes.length) throw badFile(name, 'truncated JPEG: it ends before the image data');
    const length = view.getUint16(at + 1);
    const end = at + 1 + length;
    if (length < 2 || end > bytes.length) throw badFile(name, 'truncated JPEG: it ends inside its header');
    if (marker === SOS) {
      if (frame === undefined) throw badFile(name, 'damaged JPEG: a scan before the frame header');
      checkEnd(name, bytes, end);
      return { ...checked(name, bytes, frame), ycc: isYcc(frame, jfif, adobe) };
    }
    if (SOF.includes(marker)) frame = readFrame(name, view, body, end);
    if (OTHER_SOF.includes(marker)) throw badFile(name, unsupported(marker));
    if (marker === APP0) jfif = true;
    if (marker === APP14 && end >= body + 12) adobe = bytes[body + 11];
    at = end;
  }
}

function readFrame(name: string, view: DataView, body: number, end: number): Frame {
  const count = end - body >= 6 ? view.getUint8(body + 5) : 0;
  if (end - body !== 6 + 3 * count) throw badFile(name, 'damaged JPEG: frame header of the wrong length');
  const precision = view.getUint8(body);
  if (precision !== 8) throw badFile(name, `JPEG with ${precision} bits per sample; 8 can be read`);
  return {
    height: view.getUint16(body + 1),
    width: view.getUint16(body + 3),
    ids: Array.from({ length: count }, (_, i) => view.getUint8(body + 6 + 3 * i)),
  };
}

function checked(name: string, bytes: Uint8Array, { width, height, ids }: Frame): Omit<JpegHeader, 'ycc'> {
  const components = ids.length;
  if (components === 4) throw badFile(name, 'CMYK or YCCK JPEG: convert it to RGB first');
  if (components !== 1 && components !== 3) {
    throw badFile(name, `JPEG with ${components} components; 1 (grey) and 3 (colour) can be read`);
  }
  const pixels = width * height;
  if (pixels === 0) throw badFile(name, `JPEG of ${width} x ${height} pixels`);
  if (pixels > MAX_PIXELS) {
    throw badFile(name, `JPEG of ${width} x ${height} pixels, more than ${MAX_PIXELS} in total`);
  }
  if (pixels > PIXELS_PER_BYTE * bytes.length) {
    throw badFile(name, `${bytes.length} bytes cannot hold a JPEG of ${width} x ${height} pixels`);
  }
  return { width, height, components };
}

/** Inside a scan 0xFF is always followed by a zero or a marker, so FF D9 can only be the end of the image. */
function checkEnd(name: string, bytes: Uint8Array, from: number): void {
  for (let at = bytes.length - 2; at >= from; at--) {
    if (bytes[at] === 0xff && bytes[at + 1] === EOI) return;
  }
  throw badFile(name, 'truncated JPEG: it has no end-of-image marker');
}

/** As libjpeg guesses it: JFIF says YCbCr, Adobe's marker says which, else the component ids. */
function isYcc({ ids }: Frame, jfif: boolean, adobe: number | undefined): boolean {
  if (jfif) return true;
  if (adobe !== undefined) return adobe !== 0;
  return String.fromCharCode(...ids) !== 'RGB';
}

function unsupported(marker: number): string {
  const kind = marker === 0xc3 ? 'lossless' : marker >= 0xc9 ? 'arithmetic-coded' : 'hierarchical';
  return `${kind} JPEG; baseline and progressive can be read`;
}
