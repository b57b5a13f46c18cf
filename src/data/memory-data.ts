/** Data in memory, for a browser: files by path, folders are what stands before their slashes. */
import { badFile, missingFile } from './bad-file.ts';
import type { DataFiles, Entry } from './data-files.ts';

/** What `diskFiles` is of a disk; texts are UTF-8. */
export function memoryData(contents: Readonly<Record<string, Uint8Array | string>>): DataFiles {
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
      const found = bytes(path);
      if (found.length > maxBytes)
        throw badFile(path, `${found.length} bytes, more than the ${maxBytes} that it may have`);
      return found;
    },
  };
}
