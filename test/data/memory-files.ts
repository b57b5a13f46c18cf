/** Files in memory for the tests, and the failure that a promise ends in. */

import { TrexError } from '../../src/base/errors.ts';
import { badFile, missingFile } from '../../src/data/bad-file.ts';
import type { DataFiles, Entry } from '../../src/data/data-files.ts';

/** Files by path; folders are what stands before their slashes. */
export function memoryFiles(contents: Readonly<Record<string, Uint8Array | string>>): DataFiles {
  const paths = Object.keys(contents);
  const inside = (folder: string): string[] =>
    paths.filter(path => path.startsWith(`${folder}/`)).map(path => path.slice(folder.length + 1));
  const bytes = (path: string): Uint8Array => {
    const content = contents[path];
    return typeof content === 'string' ? new TextEncoder().encode(content) : content;
  };
  return {
    stat: async path => {
      if (Object.hasOwn(contents, path)) return { kind: 'file', bytes: bytes(path).length };
      return inside(path).length > 0 || path === '.' ? { kind: 'folder', bytes: 0 } : undefined;
    },
    list: async folder => {
      const names = [...new Set(inside(folder).map(path => path.split('/')[0]))].reverse();
      return names.map(
        (name): Entry => ({ name, kind: Object.hasOwn(contents, `${folder}/${name}`) ? 'file' : 'folder' }),
      );
    },
    read: async (path, maxBytes) => {
      if (!Object.hasOwn(contents, path)) throw missingFile(path);
      if (bytes(path).length > maxBytes) throw badFile(path, 'too long');
      return bytes(path);
    },
  };
}

/** The message and exit code that `action` fails with; anything but a TrexError is thrown on. */
export async function failed(action: Promise<unknown>): Promise<{ message: string; exitCode: number }> {
  try {
    await action;
  } catch (error) {
    if (error instanceof TrexError) return { message: error.message, exitCode: error.exitCode };
    throw error;
  }
  throw new Error('nothing was thrown');
}
