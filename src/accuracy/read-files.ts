/** What the functional runs read: whole files, with their hashes when a result asks for them. */
import type { FileHash } from '../arch/source-files.ts';
import type { RandomBytes } from '../base/random-bytes.ts';
import { sha256Hex } from '../base/sha256.ts';
import { type DataFiles, folderOf, join } from '../data/data-files.ts';
import { invalidFile } from '../workload/import/tensor.ts';

/** A file whose hash is known, or one that is hashed when it is asked for: a large one takes a while. */
export type ReadFile =
  | FileHash
  | { readonly path: string; readonly bytes: Uint8Array }
  | { readonly path: string; readonly parts: RandomBytes };

export const hashesOf = (files: readonly ReadFile[]): Promise<FileHash[]> =>
  Promise.all(
    files.map(async file => {
      if ('sha256' in file) return file;
      const { path } = file;
      return { path, sha256: await ('bytes' in file ? sha256Hex(file.bytes) : file.parts.sha256()) };
    }),
  );

/** The path of `name` in the folder of `file`. */
export function siblingPath(file: string, name: string): string {
  const folder = folderOf(file);
  return folder === '.' ? name : join(folder, name);
}

export const isFile = async (disk: DataFiles, path: string): Promise<boolean> =>
  (await disk.stat(path))?.kind === 'file';

/** @throws TrexError (invalid file) for bytes that are no JSON object. */
export function readJson(path: string, bytes: Uint8Array): object {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw invalidFile(`${path}: not JSON: ${(error as Error).message}`);
  }
  throw invalidFile(`${path}: expected a JSON object`);
}
