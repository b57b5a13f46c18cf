/** Puts texts into buckets: the same one on every machine, and independent of any seed. */

/** FNV-1a of the text's UTF-16 units, folded; from 0 to `buckets` - 1. */
export function bucketOf(text: string, buckets: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 16;
  return ((hash ^ (hash >>> 8)) >>> 0) % buckets;
}
