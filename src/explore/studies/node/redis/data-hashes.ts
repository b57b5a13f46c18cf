/** Data that points read by path: their hashes for whoever has them under another folder. */
import { usageError } from '../../../../base/errors.ts';
import type { Block } from '../../job.ts';
import { Routes } from '../../routes.ts';
import { below, isBelow } from '../files-below.ts';
import { diskHashing } from '../hashing.ts';
import type { DataHash } from './messages.ts';

/** The paths of data that the points of a block name. */
export function dataPaths({ metrics, iso, jobs }: Pick<Block, 'metrics' | 'iso' | 'jobs'>): string[] {
  const routes = new Routes(metrics);
  const found = [iso, ...jobs.map(job => job.point)].flatMap(values =>
    Object.entries(values).flatMap(([path, value]) =>
      typeof value === 'string' && routes.isPath(path) ? [value] : [],
    ),
  );
  return [...new Set(found)];
}

/** @throws TrexError for a path that no worker could have */
export function checkShared(paths: readonly string[]): void {
  const bad = paths.find(path => !isBelow(path));
  if (bad !== undefined)
    throw usageError(
      `${bad}: workers find data below their --data-dir: write its path relative to it, without ..`,
    );
}

/** Hashes of what stands below `dir`, each worked out once: data are not changed while points read them. */
export function dataHashes(dir: string): (path: string) => Promise<string> {
  const { hashPath } = diskHashing();
  return async path => hashPath(await below(dir, path));
}

/** What is wrong with the data of a block on this machine; undefined: nothing. */
export async function wrongData(
  data: readonly DataHash[],
  hashes: ((path: string) => Promise<string>) | undefined,
): Promise<string | undefined> {
  for (const { path, sha256 } of data) {
    if (hashes === undefined) return `has no --data-dir, and points read ${path}`;
    try {
      if ((await hashes(path)) !== sha256) return `${path} below its --data-dir is not that of the study`;
    } catch (error) {
      return (error as Error).message;
    }
  }
  return undefined;
}
