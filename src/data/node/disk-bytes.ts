/** A file on disk that is read in parts. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { RandomBytes } from '../../base/random-bytes.ts';

/** Of a file that is there. */
export function diskBytes(path: string): RandomBytes & { hash(): string } {
  const { size } = statSync(path);
  const read = (start: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, size - start)));
    const file = openSync(path, 'r');
    try {
      let done = 0;
      // One call gives 2 GiB at most.
      while (done < bytes.length) {
        const some = readSync(file, bytes, done, Math.min(bytes.length - done, CHUNK), start + done);
        if (some === 0) break;
        done += some;
      }
      return bytes.subarray(0, done);
    } finally {
      closeSync(file);
    }
  };
  const hash = (): string => {
    const all = createHash('sha256');
    for (let at = 0; at < size; at += CHUNK) all.update(read(at, CHUNK));
    return all.digest('hex');
  };
  return { size, read, hash, sha256: async () => hash() };
}

const CHUNK = 2 ** 24;
