/** Zip archives for the tests, right ones and lies. */
import { deflateRawSync } from 'node:zlib';
import { crc32 } from '../../../src/base/crc32.ts';

interface Member {
  readonly name: string;
  readonly content: Uint8Array;
  readonly method?: number;
  /** Declared instead of the true ones. */
  readonly lie?: { size?: number; compressed?: number; crc?: number; offset?: number; flags?: number };
  /** As numpy.savez does: sizes of the local header stand in a zip64 field. */
  readonly zip64Local?: boolean;
}

/** A zip archive by the format's own tables; stored unless `method` is 8. */
export function zip(members: readonly Member[], lie: { count?: number; comment?: string } = {}): Uint8Array {
  const parts: number[] = [];
  const directory: number[] = [];
  const u16 = (n: number) => [n & 255, (n >> 8) & 255];
  const u32 = (n: number) => [n & 255, (n >>> 8) & 255, (n >>> 16) & 255, (n >>> 24) & 255];
  for (const { name, content, method = 0, lie: l = {}, zip64Local = false } of members) {
    const packed = method === 8 ? deflateRawSync(content) : content;
    const offset = l.offset ?? parts.length;
    const [crc, size, compressed] = [
      l.crc ?? crc32(content),
      l.size ?? content.length,
      l.compressed ?? packed.length,
    ];
    const title = [...new TextEncoder().encode(name)];
    const common = [...u16(l.flags ?? 0), ...u16(method), ...u32(0), ...u32(crc)];
    const extra = zip64Local
      ? [...u16(1), ...u16(16), ...u32(size), ...u32(0), ...u32(compressed), ...u32(0)]
      : [];
    const sizes = zip64Local ? [...u32(0xffffffff), ...u32(0xffffffff)] : [...u32(compressed), ...u32(size)];
    parts.push(...[0x50, 0x4b, 3, 4, 20, 0], ...common, ...sizes, ...u16(title.length), ...u16(extra.length));
    for (const byte of [...title, ...extra, ...packed]) parts.push(byte);
    directory.push(...[0x50, 0x4b, 1, 2, 20, 0, 20, 0], ...common, ...u32(compressed), ...u32(size));
    directory.push(
      ...u16(title.length),
      ...u16(0),
      ...u16(0),
      ...u16(0),
      ...u16(0),
      ...u32(0),
      ...u32(offset),
    );
    directory.push(...title);
  }
  const comment = [...new TextEncoder().encode(lie.comment ?? '')];
  const count = lie.count ?? members.length;
  const end = [0x50, 0x4b, 5, 6, 0, 0, 0, 0, ...u16(count), ...u16(count), ...u32(directory.length)];
  end.push(...u32(parts.length), ...u16(comment.length), ...comment);
  return Uint8Array.from([...parts, ...directory, ...end]);
}
