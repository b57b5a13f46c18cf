/** Data below one folder: no path and no link leads out of it. */
import { realpath } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { missingError, usageError } from '../../../base/errors.ts';
import type { DataFiles } from '../../../data/data-files.ts';
import { diskFiles } from '../../../data/node/disk-files.ts';

/** Whether a path stays below the folder that it starts from. */
export const isBelow = (path: string): boolean => !isAbsolute(path) && !path.split(/[\\/]/).includes('..');

/** Where `path` is below `dir`. @throws TrexError for what is not there, or leads out of it by a link */
export async function below(dir: string, path: string): Promise<string> {
  if (!isBelow(path)) throw usageError(`${path} leads out of --data-dir`);
  const missing = (): never => {
    throw missingError(`${path} is not there, below its --data-dir`);
  };
  const root = await realpath(dir).catch(missing);
  const found = await realpath(join(root, path)).catch(missing);
  if (found !== root && !found.startsWith(root + sep)) throw usageError(`${path} leads out of --data-dir`);
  return found;
}

/** Files below `dir` and nowhere else. */
export const filesBelow = (dir: string): DataFiles => ({
  stat: async path => {
    if (isBelow(path) && (await diskFiles.stat(join(dir, path))) === undefined) return undefined;
    return diskFiles.stat(await below(dir, path));
  },
  list: async path => diskFiles.list(await below(dir, path)),
  read: async (path, maxBytes) => diskFiles.read(await below(dir, path), maxBytes),
});
