/** The import lines of a source tree, types included. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Texts by path; paths are relative to the tree and have forward slashes. */
export type Tree = ReadonlyMap<string, string>;

export interface Import {
  /** The file that imports. */
  readonly from: string;
  /** The file that it means: `hw/pe.ts`; for a package, its name: `node:fs`. */
  readonly to: string;
  readonly relative: boolean;
}

/** Every file of code below `folder`, whatever its extension. */
export function readTree(folder: string): Tree {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => name.replaceAll('\\', '/'))
    .filter(name => /\.[cm]?[jt]sx?$/.test(name))
    .sort();
  return new Map(names.map(name => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** What a file imports or exports from, statically or not. */
export function importsOf(from: string, text: string): Import[] {
  const statements = text.matchAll(/^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm);
  const bare = text.matchAll(/\b(?:import|require)\s*\(?\s*['"`]([^'"`]+)['"`]/g);
  return [...statements, ...bare].map(([, name]) => {
    const relative = name.startsWith('.');
    return { from, to: relative ? posix.join(posix.dirname(from), name) : name, relative };
  });
}

/** All imports between the files of a tree. */
export const importsWithin = (tree: Tree): Import[] =>
  [...tree].flatMap(([file, text]) => importsOf(file, text)).filter(({ relative }) => relative);
