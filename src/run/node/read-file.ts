/** Reads the files that a command names: whole, as plain bytes or as a JSON object, with their hashes. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { FileHash } from '../../arch/source-files.ts';
import { plainBytes } from '../../base/bytes.ts';
import { missingError } from '../../base/errors.ts';
import { invalidFile } from '../../workload/import/tensor.ts';

/** @throws TrexError: missing or unreadable (4), no file (3), too large (3). */
export function readBytes(path: string): Uint8Array {
  const stats = statOf(path);
  if (stats === undefined) throw missingError(`${path}: no such file`);
  if (!stats.isFile()) throw invalidFile(`${path}: expected a file`);
  try {
    return plainBytes(readFileSync(path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_FS_FILE_TOO_LARGE')
      throw invalidFile(`${path}: ${stats.size} bytes; split the weights into shards of at most 2 GiB`);
    throw missingError(`${path}: cannot be read: ${message}`);
  }
}

/** Undefined for what is not there. */
export function statOf(path: string) {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** Worked out when it is asked for: a large file takes a while. */
export function hashOf(path: string, bytes: Uint8Array): FileHash {
  let hash: string | undefined;
  return {
    path,
    get sha256() {
      hash ??= createHash('sha256').update(bytes).digest('hex');
      return hash;
    },
  };
}
