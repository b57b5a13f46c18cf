/** The shipped files and those of the visitor, as the library reads them. */
import { type Files, memoryFiles } from 'trex-sim';
import shipped from '../../generated/files.json';
import type { UserFiles } from './protocol.ts';

let known: { readonly user: string; readonly files: Promise<Files> } | undefined;

/** The same object for the same files: what was parsed of them is kept. A file of the visitor takes the place of a shipped one. */
export function filesWith(user: UserFiles): Promise<Files> {
  const text = JSON.stringify(user);
  if (known?.user !== text)
    known = { user: text, files: memoryFiles(Object.assign({}, shipped as Record<string, string>, user)) };
  return known.files;
}
