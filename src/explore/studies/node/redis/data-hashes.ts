/** Data that points read by path: their hashes for whoever has them under another folder. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { usageError } from '../../../../base/errors.ts';
import { diskFiles } from '../../../../data/node/disk-files.ts';
import type { Block } from '../../job.ts';
import { metricOf } from '../../metric-names.ts';
import { below, isBelow } from '../files-below.ts';
import type { DataHash } from './messages.ts';

const MOST_ENTRIES = 100_000;

/** The paths of data that the points of a block name. */
export function dataPaths({ metrics, iso, jobs }: Pick<Block, 'metrics' | 'iso' | 'jobs'>): string[] {
  const paths = metrics.flatMap(metric =>
    Object.entries(metricOf(metric).options).flatMap(([option, { isPath }]) =>
      isPath === true ? [`${metric}.${option}`] : [],
    ),
  );
  const values = [iso, ...jobs.map(job => job.point)];
  const found = paths.flatMap(path => values.flatMap(of => (typeof of[path] === 'string' ? [of[path]] : [])));
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
  const known = new Map<string, Promise<string>>();
  return path => {
    const found = known.get(path);
    if (found !== undefined) return found;
    const hash = below(dir, path).then(hashOf);
    known.set(path, hash);
    // What is not there may come.
    hash.catch(() => known.delete(path));
    return hash;
  };
}

/** SHA-256 of a file, or of the names and hashes of a folder. */
async function hashOf(path: string): Promise<string> {
  const stat = await diskFiles.stat(path);
  const hash = createHash('sha256');
  if (stat?.kind === 'file') {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  }
  const entries = [...(await diskFiles.list(path))].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (entries.length > MOST_ENTRIES) throw usageError(`${path}: more than ${MOST_ENTRIES} files`);
  for (const { name } of entries) hash.update(`${await hashOf(join(path, name))} ${name}\n`);
  return hash.digest('hex');
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
