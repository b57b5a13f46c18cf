/** Image files for the tests: PNGs from their raw rows, and JPEGs of 32 x 32 pixels in four squares. */
import { deflateSync } from 'node:zlib';
import { crc32 } from '../../src/base/crc32.ts';

export interface PngSpec {
  readonly width: number;
  readonly height: number;
  /** Default 8. */
  readonly depth?: number;
  /** Default 2, RGB. */
  readonly colorType?: number;
  readonly interlaced?: boolean;
  readonly palette?: readonly number[];
  readonly transparency?: readonly number[];
}

/** A PNG whose filtered rows (filter byte, then samples) are `rows`. */
export function png(
  { width, height, depth = 8, colorType = 2, interlaced = false, palette, transparency }: PngSpec,
  rows: readonly number[],
): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([depth, colorType, 0, 0, interlaced ? 1 : 0], 8);
  const compressed = deflateSync(Uint8Array.from(rows));
  return Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk('IHDR', header),
    ...(palette === undefined ? [] : chunk('PLTE', palette)),
    ...(transparency === undefined ? [] : chunk('tRNS', transparency)),
    ...chunk('IDAT', compressed.subarray(0, 5)),
    ...chunk('IDAT', compressed.subarray(5)),
    ...chunk('IEND', []),
  ]);
}

/** One colour, `width` x `height`. */
export function plainPng(width: number, height: number, color: readonly number[]): Uint8Array {
  const row = [0, ...Array.from({ length: width }, () => color).flat()];
  const types: Readonly<Record<number, number>> = { 1: 0, 2: 4, 3: 2, 4: 6 };
  return png(
    { width, height, colorType: types[color.length] },
    Array.from({ length: height }, () => row).flat(),
  );
}

function chunk(type: string, data: ArrayLike<number>): number[] {
  const body = Uint8Array.from([...type].map(c => c.charCodeAt(0)).concat(Array.from(data)));
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, data.length);
  view.setUint32(4, crc32(body));
  const words = Array.from(new Uint8Array(view.buffer));
  return [...words.slice(0, 4), ...body, ...words.slice(4)];
}

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));

/** Colours of the squares: top left, top right, bottom left, bottom right. */
export const SQUARES = [
  [200, 30, 40],
  [20, 180, 60],
  [30, 50, 220],
  [240, 240, 10],
] as const;
/** Luma of the squares. */
export const GREY_SQUARES = [82, 118, 63, 214] as const;

/** The squares as Pillow 12 (libjpeg-turbo 3) writes them, quality 75. */
export const JPEG = {
  /** Chroma at half resolution. */
  baseline: fromBase64(
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjL/wAARCAAgACADASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAYI/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/EABgBAAMBAQAAAAAAAAAAAAAAAAYHCAQF/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAwDAQACEQMRAD8AkQHKMtSAM6dkQAdYpaXASWJn/9k=',
  ),
  progressive: fromBase64(
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjL/wgARCAAgACADASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAUH/8QAGAEAAwEBAAAAAAAAAAAAAAAABQYHAwT/2gAMAwEAAhADEAAAAZA5GWkM53DDsU0wSUn/AP/EABQQAQAAAAAAAAAAAAAAAAAAAED/2gAIAQEAAQUCB//EABQRAQAAAAAAAAAAAAAAAAAAACD/2gAIAQMBAT8BH//EABQRAQAAAAAAAAAAAAAAAAAAACD/2gAIAQIBAT8BH//EABQQAQAAAAAAAAAAAAAAAAAAAED/2gAIAQEABj8CB//EABQQAQAAAAAAAAAAAAAAAAAAAED/2gAIAQEAAT8hB//aAAwDAQACAAMAAAAQDC9B/8QAFBEBAAAAAAAAAAAAAAAAAAAAIP/aAAgBAwEBPxAf/8QAFBEBAAAAAAAAAAAAAAAAAAAAIP/aAAgBAgEBPxAf/8QAFBABAAAAAAAAAAAAAAAAAAAAQP/aAAgBAQABPxAH/9k=',
  ),
  /** A restart marker after every third of its 16 blocks. */
  grey: fromBase64(
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAAgACABAREA/8QAGAAAAwEBAAAAAAAAAAAAAAAAAAYHBAj/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/90ABAAD/9oACAEBAAA/AFEGR//QylsP/9HKCQ//0p86XD//058HS7//1Ks//9k=',
  ),
  cmyk: fromBase64(
    '/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAIBgYHBgUIBwcHCQkICgwUDQwLCwwZEhMPFB0aHx4dGhwcICQuJyAiLCMcHCg3KSwwMTQ0NB8nOT04MjwuMzQy/8AAFAgAIAAgBEMRAE0RAFkRAEsRAP/EABgAAQEBAQEAAAAAAAAAAAAAAAAIBwUE/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAA4EQwBNAFkASwAAPwDSGOsnb+AJLUs6gAK0TS5YAJLUs6gAPUn1UAALSV8i0AEWpBWkAC0lfItAB//Z',
  ),
  /** Colour stored as RGB, which Adobe's marker says. */
  rgb: fromBase64(
    '/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAIBgYHBgUIBwcHCQkICgwUDQwLCwwZEhMPFB0aHx4dGhwcICQuJyAiLCMcHCg3KSwwMTQ0NB8nOT04MjwuMzQy/8AAEQgAIAAgA1IRAEcRAEIRAP/EABgAAQEBAQEAAAAAAAAAAAAAAAAIBQcE/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAwDUgBHAEIAAD8A6Q465OAktSzUAVomllgJLUs1AHqT6qABaSvkWgItSCtIBaSvkWgP/9k=',
  ),
} as const;
