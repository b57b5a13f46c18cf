/** CRC-32 as zip files use it (ISO 3309; polynomial 0xEDB88320, reflected), four bytes at a time ("slicing by 4"). */

const SLICES = 4;

/** Table number `n` is of a byte with `n` more behind it. */
const tables = Array.from({ length: SLICES }, () => new Uint32Array(256));
for (let byte = 0; byte < 256; byte++) {
  let c = byte;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  tables[0][byte] = c;
}
for (let n = 1; n < SLICES; n++)
  for (let byte = 0; byte < 256; byte++) {
    const before = tables[n - 1][byte];
    tables[n][byte] = tables[0][before & 255] ^ (before >>> 8);
  }
const [t0, t1, t2, t3] = tables;

/** Checksum of the bytes, unsigned. */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  let i = 0;
  for (; i + SLICES <= bytes.length; i += SLICES) {
    c ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    c = t3[c & 255] ^ t2[(c >>> 8) & 255] ^ t1[(c >>> 16) & 255] ^ t0[c >>> 24];
  }
  for (; i < bytes.length; i++) c = t0[(c ^ bytes[i]) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
