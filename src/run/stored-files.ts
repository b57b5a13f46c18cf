/** The files of a result: what a run reads is kept with it, and read again from there. */
import {
  type FileHash,
  type FileKind,
  type FileRef,
  type Files,
  isPath,
  KIND_NOUN,
  type RecordedFile,
  type StoredFile,
  shownPath,
} from '../arch/source-files.ts';
import { missingError } from '../base/errors.ts';

/** Files that remember what was read. */
export interface RecordedFiles extends Files {
  textOf(name: string): string | undefined;
}

/** The same files; `textOf` has what stood in each that was read, by the name that it is shown with. */
export function recorded(files: Files): RecordedFiles {
  const texts = new Map<string, string>();
  return {
    list: kind => files.list(kind),
    resolve: (kind, name, from) => files.resolve(kind, name, from),
    read(ref) {
      const read = files.read(ref);
      texts.set(ref.name, read.text);
      return read;
    },
    textOf: name => texts.get(name),
  };
}

/** Hashes with the texts of the files that were read there; of weights and data, which no result can hold, there is the hash. */
export const withTexts = (hashes: readonly FileHash[], { textOf }: RecordedFiles): RecordedFile[] =>
  hashes.map(({ path, sha256 }) => {
    const text = textOf(path);
    return { path, sha256, ...(text !== undefined && { text }) };
  });

/** Files as a result of the file `of` holds them; `host` knows which names are shipped. */
export function storedFiles(of: string, stored: readonly StoredFile[], host: Pick<Files, 'list'>): Files {
  const known = new Map(stored.map(file => [file.path, file]));
  return {
    list: kind => host.list(kind),
    resolve(kind, text, from) {
      const name = nameOf(kind, text, from, known);
      if (name === undefined)
        throw missingError(`${of}: has no text of the ${KIND_NOUN[kind]} '${text}', which that run read`);
      return { path: name, name };
    },
    read({ name }) {
      const { text, sha256 } = known.get(name)!;
      return { text, sha256 };
    },
  };
}

/** The files of `host` that are not what a result holds: changed, or not there from here. */
export function changedFiles(stored: readonly FileHash[], host: Files): string[] {
  const now = ({ path }: FileHash): string | undefined => {
    try {
      return host.read(refOf(path, host)).sha256;
    } catch {
      return undefined;
    }
  };
  return stored.filter(file => now(file) !== file.sha256).map(({ path }) => path);
}

/** Where a file of a result is on this machine: in the package, or at its path. @throws TrexError if it is not there. */
function refOf(shown: string, host: Files): FileRef {
  const [, kind, name] = /^(arch|tech|models)\/([^/]+)\.yaml$/.exec(shown) ?? [];
  const isShipped = kind !== undefined && host.list(kind as FileKind).includes(name);
  return host.resolve(isShipped ? (kind as FileKind) : 'arch', isShipped ? name : shown);
}

/** By the name that the run showed it with; a file of the user that is called like a shipped one has `./` before it. */
function nameOf(
  kind: FileKind,
  text: string,
  from: FileRef | undefined,
  known: ReadonlyMap<string, unknown>,
): string | undefined {
  const shown = isPath(text) ? shownPath(text, from) : `${kind}/${text}.yaml`;
  const names = isPath(text) ? [`./${shown}`, shown] : [shown];
  return names.find(name => known.has(name));
}
