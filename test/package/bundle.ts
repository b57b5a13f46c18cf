/** What the bundle loads, read from its files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files that are loaded with `file`, itself included, and the modules of Node among them; what is imported late is not followed. */
export function loadedWith(folder: string, file: string): { files: string[]; modules: string[] } {
  const files = new Set<string>();
  const modules = new Set<string>();
  const follow = (name: string): void => {
    if (files.has(name)) return;
    files.add(name);
    for (const from of importsOf(readFileSync(join(folder, name), 'utf8')))
      if (from.startsWith('./')) follow(from.slice(2));
      else modules.add(from);
  };
  follow(file);
  return { files: [...files], modules: [...modules] };
}

/** Static imports of a file that a bundler has written. */
export const importsOf = (text: string): string[] =>
  [...text.matchAll(/(?:^|[;}\n])(?:import|export)(?:[\s*{][^;"'()]*?from)?\s*"([^"]+)"/g)].map(
    ([, from]) => from,
  );

/** Late ones. */
export const lateImportsOf = (text: string): string[] =>
  [...text.matchAll(/\bimport\("([^"]+)"\)/g)].map(([, from]) => from);
