/** Files in memory, for a browser: the shipped ones under `arch/`, `tech/` and `models/`, and any others by their paths. */
import {
  type FileKind,
  type FileRef,
  type Files,
  fileNames,
  isPath,
  unknownFile,
} from '../arch/source-files.ts';
import { missingError } from '../base/errors.ts';
import { sha256Hex } from '../base/sha256.ts';

/**
 * Files by path, such as `arch/trex.yaml`. Their hashes are worked out here, once.
 */
export async function memoryFiles(texts: Readonly<Record<string, string>>): Promise<Files> {
  const hashed = Object.entries(texts).map(
    async ([path, text]) =>
      [normal(path), { text, sha256: await sha256Hex(new TextEncoder().encode(text)) }] as const,
  );
  const files = new Map(await Promise.all(hashed));
  const list = (kind: FileKind): string[] =>
    [...files.keys()]
      .filter(path => path.startsWith(`${kind}/`) && path.endsWith('.yaml'))
      .map(path => path.slice(kind.length + 1, -'.yaml'.length))
      .filter(name => !name.includes('/'))
      .sort();
  return {
    list,
    resolve(kind, name, from) {
      const path = isPath(name) ? pathFrom(name, from) : `${kind}/${name}.yaml`;
      if (files.has(path)) return { path, name: path };
      if (isPath(name)) throw missingError(`${path}: no such file`);
      throw unknownFile(
        kind,
        name,
        list(kind),
        fileNames(name).find(file => files.has(pathFrom(file, from))),
      );
    },
    read({ path, name }) {
      const file = files.get(path);
      if (file === undefined) throw missingError(`${name}: no such file`);
      return file;
    },
  };
}

const pathFrom = (path: string, from: FileRef | undefined): string =>
  normal(from === undefined ? path : `${from.path.replace(/[^/]*$/, '')}${path}`);

/** `a/b.yaml` of `./a/c/../b.yaml`. */
function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
