/**
 * State that a later run takes up stands behind its CRC-32 (ISO 3309): each line of a log, or a binary file as a whole. A
 * changed byte is noticed; a file from before there were checksums is told apart from a damaged one.
 */
import { crc32 } from './crc32.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** What a seal holds, or what is wrong with it, in words that follow a file's name. */
export type Opened<T> = { readonly content: T } | { readonly wrong: string };

const LINE = '{"check":"';
const FILE = 'trex-state ';
const DIGITS = 8;

/** An object with at least one key as a line of newline-delimited JSON; its first member is the checksum of the others. */
export function sealedLine(entry: object): string {
  const rest = JSON.stringify(entry).slice(1);
  return `${LINE}${checkOf(encoded(rest))}",${rest}\n`;
}

/** The object of a line, which comes without its end. */
export function openedLine(line: Uint8Array): Opened<Readonly<Record<string, unknown>>> {
  const opened = unsealed(line, LINE, '",');
  if ('wrong' in opened) return opened;
  try {
    return { content: JSON.parse(`{${decoder.decode(opened.content)}`) as Record<string, unknown> };
  } catch {
    return { wrong: 'is not JSON' };
  }
}

/** Any bytes, behind a first line with their checksum. */
export function sealedBytes(bytes: Uint8Array): Uint8Array {
  const head = encoder.encode(`${FILE}${checkOf(bytes)}\n`);
  const sealed = new Uint8Array(head.length + bytes.length);
  sealed.set(head);
  sealed.set(bytes, head.length);
  return sealed;
}

/** The bytes behind the first line, aligned for typed arrays. */
export function openedBytes(sealed: Uint8Array): Opened<Uint8Array> {
  const opened = unsealed(sealed, FILE, '\n');
  return 'wrong' in opened ? opened : { content: opened.content.slice() };
}

function unsealed(bytes: Uint8Array, before: string, after: string): Opened<Uint8Array> {
  const digits = before.length + DIGITS;
  const head = String.fromCharCode(...bytes.subarray(0, digits + after.length));
  if (!head.startsWith(before) || !head.endsWith(after) || head.length < digits + after.length)
    return { wrong: 'has no checksum: it is damaged, or was not written by this version of trex' };
  const content = bytes.subarray(digits + after.length);
  const [expected, got] = [head.slice(before.length, digits), checkOf(content)];
  if (expected === got) return { content };
  return { wrong: `has checksum ${got}, expected ${expected}: it was changed or is damaged` };
}

/** UTF-8 takes up to three bytes for a character of a text. */
const MOST_BYTES = 3;
let space = new Uint8Array(1 << 14);

/** The bytes of a text, until the next one is asked for. */
function encoded(text: string): Uint8Array {
  if (space.length < MOST_BYTES * text.length) space = new Uint8Array(2 * MOST_BYTES * text.length);
  return space.subarray(0, encoder.encodeInto(text, space).written);
}

/** Eight hexadecimal digits. */
export const checkOf = (bytes: Uint8Array): string => crc32(bytes).toString(16).padStart(DIGITS, '0');
