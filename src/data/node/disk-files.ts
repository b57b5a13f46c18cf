/** Data on the disks of this machine. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { plainBytes } from '../../base/bytes.ts';
import { badFile, missingFile } from '../bad-file.ts';
import type { DataFiles, Entry, FileStat } from '../data-files.ts';
import type { DataOptions } from '../data-options.ts';
import type { DataSet } from '../data-set.ts';
import { openData } from '../open-data.ts';
import { diskBytes } from './disk-bytes.ts';

export const diskFiles: DataFiles = {
  stat: statOf,

  async list(path) {
    const entries = await readdir(path, { withFileTypes: true }).catch(error => {
      throw missingFile(path, `cannot be read: ${(error as Error).message}`);
    });
    const listed = entries.map(async (entry): Promise<Entry | undefined> => {
      if (!entry.isSymbolicLink()) {
        if (entry.isDirectory()) return { name: entry.name, kind: 'folder' };
        return entry.isFile() ? { name: entry.name, kind: 'file' } : undefined;
      }
      const target = await statOf(join(path, entry.name));
      return target && { name: entry.name, kind: target.kind };
    });
    return (await Promise.all(listed)).filter(entry => entry !== undefined);
  },

  async read(path, maxBytes) {
    const found = await statOf(path);
    if (found === undefined) throw missingFile(path);
    if (found.kind !== 'file') throw badFile(path, 'expected a file, got a folder');
    if (found.bytes > maxBytes) {
      throw badFile(path, `${found.bytes} bytes, more than the ${maxBytes} that it may have`);
    }
    const bytes = await readFile(path).catch(error => {
      throw missingFile(path, `cannot be read: ${(error as Error).message}`);
    });
    return plainBytes(bytes);
  },

  async parts(path) {
    const found = await statOf(path);
    if (found === undefined) throw missingFile(path);
    if (found.kind !== 'file') throw badFile(path, 'expected a file, got a folder');
    return diskBytes(path);
  },
};

/** `openData` for a path on disk; a relative path starts at the working directory. */
export const openDiskData = (path: string, options?: DataOptions, offered?: DataOptions): Promise<DataSet> =>
  openData(diskFiles, path.replaceAll('\\', '/'), options, offered);

/** Links are followed; devices and pipes count as missing. */
async function statOf(path: string): Promise<FileStat | undefined> {
  const stats = await stat(resolve(path)).catch(() => undefined);
  if (stats?.isDirectory()) return { kind: 'folder', bytes: 0 };
  return stats?.isFile() ? { kind: 'file', bytes: stats.size } : undefined;
}
