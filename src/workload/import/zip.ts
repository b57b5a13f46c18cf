/**
 * Reads zip archives in memory: stored and deflated files, checksums checked, sizes bounded (PKWARE APPNOTE 6.3).
 *
 * The platform inflates. What is ours is the directory with its checks, which fflate 0.8.3 lacks: it compares no checksum, and of two
 * files with one name it keeps the last.
 */
import { plainBytes } from '../../base/bytes.ts';
import { crc32 } from '../../base/crc32.ts';
import { growthProblem } from '../../base/limits.ts';
import { invalidFile, shown } from './tensor.ts';

const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
/** Deflate cannot do better: 258 bytes from 2 bits. */
const MAX_RATIO = 1032;

interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly compressed: number;
  readonly size: number;
  /** Where its local header begins. */
  readonly offset: number;
}

/**
 * The files of an archive, by name. Nothing is inflated beyond the size that it declares, nor if all of them together
 * declare more than `limitBytes`.
 * @throws TrexError (invalid file): not a zip, zip64, encrypted, another method, a wrong checksum or size.
 */
export async function readZip(
  source: Uint8Array,
  file: string,
  limitBytes: number,
): Promise<Map<string, Uint8Array>> {
  const bytes = plainBytes(source);
  const entries = readDirectory(bytes, file);
  const total = entries.reduce((sum, e) => sum + e.size, 0);
  if (total > limitBytes)
    throw invalidFile(`${file}: unpacks to ${total} bytes, more than the limit of ${limitBytes}`);
  const packed = entries.reduce((sum, e) => sum + e.compressed, 0);
  if (packed > bytes.length) throw invalidFile(`${file}: files of the archive overlap`);
  const bomb = growthProblem(bytes.length, total);
  if (bomb !== undefined) throw invalidFile(`${file}: ${bomb}`);
  const files = new Map<string, Uint8Array>();
  for (const entry of entries) files.set(entry.name, await unpack(entry, bytes, file));
  return files;
}

/** The central directory, which holds the sizes that count: a local header may leave them to a zip64 field. */
function readDirectory(bytes: Uint8Array, file: string): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = findEnd(view);
  if (end === undefined) throw invalidFile(`${file}: not a zip archive, or truncated: no end record`);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || at === 0xffffffff) throw zip64(file);
  if (view.getUint16(end + 4, true) !== 0) throw invalidFile(`${file}: split zip archives are not supported`);
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_BYTES > end || view.getUint32(at, true) !== 0x02014b50)
      throw invalidFile(`${file}: broken directory of the zip archive at file ${i + 1} of ${count}`);
    const u16 = (offset: number) => view.getUint16(at + offset, true);
    const u32 = (offset: number) => view.getUint32(at + offset, true);
    const next = at + CENTRAL_BYTES + u16(28) + u16(30) + u16(32);
    if (next > end)
      throw invalidFile(`${file}: broken directory of the zip archive at file ${i + 1} of ${count}`);
    const name = new TextDecoder().decode(bytes.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + u16(28)));
    const entry = {
      name,
      method: u16(10),
      crc: u32(16),
      compressed: u32(20),
      size: u32(24),
      offset: u32(42),
    };
    if ([entry.compressed, entry.size, entry.offset].includes(0xffffffff)) throw zip64(file);
    if (u16(8) & 1) throw invalidFile(`${file}: ${shown(name)} is encrypted`);
    if (names.has(name)) throw invalidFile(`${file}: ${shown(name)} is there twice`);
    names.add(name);
    entries.push(entry);
    at = next;
  }
  return entries;
}

function findEnd(view: DataView): number | undefined {
  const lowest = Math.max(0, view.byteLength - END_BYTES - MAX_COMMENT_BYTES);
  for (let at = view.byteLength - END_BYTES; at >= lowest; at--) {
    if (view.getUint32(at, true) === 0x06054b50) return at;
  }
  return undefined;
}

async function unpack(entry: ZipEntry, bytes: Uint8Array, file: string): Promise<Uint8Array> {
  const { name, method, crc, compressed, size, offset } = entry;
  const fail = (what: string) => invalidFile(`${file}: ${shown(name)}: ${what}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (offset + LOCAL_BYTES > bytes.length || view.getUint32(offset, true) !== 0x04034b50)
    throw fail('its local header is not where the directory says');
  const start = offset + LOCAL_BYTES + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (start + compressed > bytes.length) throw fail('truncated');
  const packed = bytes.subarray(start, start + compressed);
  let content: Uint8Array;
  if (method === 0) {
    if (compressed !== size) throw fail(`stored in ${compressed} bytes, but its size is ${size}`);
    content = packed;
  } else if (method === 8) {
    content = await inflate(packed, size, fail);
  } else throw fail(`compression method ${method}; known: 0 (stored), 8 (deflate)`);
  if (crc32(content) !== crc) throw fail('its checksum is wrong');
  return content;
}

/** Exactly `size` bytes of output; stops reading as soon as there are more. */
async function inflate(packed: Uint8Array, size: number, fail: (what: string) => Error): Promise<Uint8Array> {
  if (size > (packed.length + 1) * MAX_RATIO) throw fail(`${packed.length} bytes cannot unpack to ${size}`);
  const content = new Uint8Array(size);
  const stream = new Blob([packed as Uint8Array<ArrayBuffer>]).stream();
  const reader = stream.pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw fail('its deflated data is broken');
    });
    if (done) break;
    if (length + value.length > size) {
      await reader.cancel().catch(() => undefined);
      throw fail(`unpacks to more than the ${size} bytes that it declares`);
    }
    content.set(value, length);
    length += value.length;
  }
  if (length < size) throw fail(`unpacks to ${length} bytes, but declares ${size}`);
  return content;
}

const zip64 = (file: string) => invalidFile(`${file}: zip64 archives are not supported`);
