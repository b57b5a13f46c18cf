/** What the loaders need to know about files: those of a disk are in run/node/files.ts, those in memory in run/memory-files.ts. */
import { missingError, nearest, nearestFew, type TrexError } from '../base/errors.ts';

/** The folders of shipped files: one chip, one device or one network per file. */
export type FileKind = 'arch' | 'tech' | 'models';

/** What a file of a kind is called in messages. */
export const KIND_NOUN: Readonly<Record<FileKind, string>> = {
  arch: 'architecture',
  tech: 'technology',
  models: 'model',
};

/** What is a path and not a name: anything with a slash, or the ending of a file or of a table beside it. */
export const isPath = (text: string): boolean => /[\\/]/.test(text) || /\.(ya?ml|csv|onnx)$/i.test(text);

/** A file that was found. */
export interface FileRef {
  /** Where to read it; unique for a file. */
  readonly path: string;
  /** How to show it: the same on every machine for shipped files. */
  readonly name: string;
  /** The top-level key that it is the value of, in the file of a whole configuration. */
  readonly section?: string | undefined;
}

/** What stands in a file, with its hash (hexadecimal). */
export interface FileText {
  readonly text: string;
  readonly sha256: string;
}

/** Shipped files by name, others by path: `nodeFiles` of this machine, `memoryFiles` of a page. */
export interface Files {
  /**
   * A name ("trex") is a shipped file; with a slash or an ending it is a path, relative to the file `from` or,
   * without one, to the working directory.
   * @throws TrexError (missing) with the nearest name.
   */
  resolve(kind: FileKind, name: string, from?: FileRef): FileRef;
  /** @throws TrexError for a file that is missing, unreadable, too large or not text. */
  read(ref: FileRef): FileText;
  /** Names of the shipped files, sorted. */
  list(kind: FileKind): string[];
}

/** A file that went into a result. */
export interface FileHash {
  readonly path: string;
  readonly sha256: string;
}

/** A file that went into a result: with its text where the result can hold it, so that it can be made again. */
export interface RecordedFile extends FileHash {
  readonly text?: string;
}

/** A file that went into a result, and what stood in it. */
export interface StoredFile extends FileHash {
  readonly text: string;
}

/** More names than these are not all shown where none is near. */
const SHOWN_NAMES = 8;

/** A name that no shipped file has; `beside` is a file of that name where the word stands. */
export function unknownFile(
  kind: FileKind,
  name: string,
  known: readonly string[],
  beside: string | undefined,
): TrexError {
  const near = nearest(name, known);
  const some = nearestFew(name, known, SHOWN_NAMES);
  const all = `known: ${known.join(', ')}`;
  const few = `nearest: ${some.join(', ')}; \`trex list ${kind}\` shows all ${known.length}`;
  const hint = near === undefined ? (known.length > SHOWN_NAMES ? few : all) : `did you mean ${near}?`;
  const fix = beside === undefined ? hint : `for the file there write ./${beside}`;
  return missingError(`no ${KIND_NOUN[kind]} is called '${name}': ${fix}`);
}

/** What a file may be called that was meant by a name. */
export const fileNames = (name: string): string[] =>
  name === '' ? [] : [`${name}.yaml`, `${name}.yml`, name];

/** How a path is shown that stands in the file `from`, or on the command line: with slashes, beside that file. */
export function shownPath(path: string, from: FileRef | undefined): string {
  const isAbsolute = /^([a-z]:)?[\\/]/i.test(path);
  return from === undefined || isAbsolute ? path : tidy(`${from.name.replace(/[^\\/]*$/, '')}${path}`);
}

/** `../b.yaml` of `a/../../c/./../b.yaml`. */
function tidy(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    const last = parts[parts.length - 1];
    if (part === '..' && last !== undefined && last !== '..') parts.splice(-1, last === '' ? 0 : 1);
    else if (part !== '.' && (part !== '' || parts.length === 0)) parts.push(part);
  }
  return parts.join('/');
}

/** Each file once, in the order of reading. */
export const uniqueFiles = (files: readonly FileHash[]): FileHash[] => [
  ...new Map(files.map(file => [file.path, file])).values(),
];
