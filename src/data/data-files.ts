/** What readers of data need of a file system; paths use `/`. On disk: node/disk-files.ts. */
import { bytesInMemory, type RandomBytes } from '../base/random-bytes.ts';
import { badFile, missingFile } from './bad-file.ts';

/** Data files are held in memory; larger ones are refused. MNIST has 47 MB, CIFAR-100 154 MB. */
export const MAX_FILE_BYTES = 2 ** 30;
/** Lists of labels, tokens and classes. */
const MAX_TEXT_BYTES = 2 ** 28;

/** What a path is, and how long (0 for a folder). */
export interface FileStat {
  readonly kind: 'file' | 'folder';
  readonly bytes: number;
}

/** A file or folder by its name within a folder. */
export interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'folder';
}

/** Data by path, as the readers need them: `diskFiles` of this machine. */
export interface DataFiles {
  /** Undefined for what is not there. */
  stat(path: string): Promise<FileStat | undefined>;
  /** Entries of a folder in any order. */
  list(path: string): Promise<readonly Entry[]>;
  /** The whole file. @throws TrexError: missing (4) or longer than `maxBytes` (3). */
  read(path: string, maxBytes: number): Promise<Uint8Array>;
  /** A file in parts, however long. Absent: it is read whole. @throws TrexError: missing (4). */
  parts?(path: string): Promise<RandomBytes>;
}

/** A file in parts, where the files can. @throws TrexError: missing (4), or longer than `maxBytes` where it is read whole (3). */
export async function partsOf(files: DataFiles, path: string, maxBytes: number): Promise<RandomBytes> {
  return files.parts?.(path) ?? bytesInMemory(await files.read(path, maxBytes));
}

export const join = (folder: string, name: string): string =>
  folder === '' || folder.endsWith('/') ? folder + name : `${folder}/${name}`;

/** `a` of `x/y/a`. */
export const baseName = (path: string): string => path.replace(/\/+$/, '').replace(/^.*\//, '') || path;

/** `x/y` of `x/y/a`; `.` of `a`. */
export const folderOf = (path: string): string => {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : path.slice(0, slash) || '/';
};

/**
 * The lines of a UTF-8 text file without their ends; empty lines at the end are dropped.
 * @throws TrexError: missing, too large, or not text.
 */
export async function readLines(files: DataFiles, path: string): Promise<string[]> {
  const bytes = await files.read(path, MAX_TEXT_BYTES);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw badFile(path, 'not a text file: its bytes are not UTF-8');
  }
  const lines = text.split(/\r?\n/);
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

/** The first of `names` that is a file in `folder`, as a path. */
export async function firstFile(
  files: DataFiles,
  folder: string,
  names: readonly string[],
): Promise<string | undefined> {
  for (const name of names) {
    const path = join(folder, name);
    if ((await files.stat(path))?.kind === 'file') return path;
  }
  return undefined;
}

/** @throws TrexError (missing) that lists what was looked for. */
export async function needFile(files: DataFiles, folder: string, names: readonly string[]): Promise<string> {
  const path = await firstFile(files, folder, names);
  if (path === undefined) throw missingFile(folder, `no file called ${names.join(' or ')}`);
  return path;
}
