/** Hashes of what points read from the disks of this machine: weights and data beside texts. */
import { hash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { missingError } from '../../../base/errors.ts';
import type { Hashing } from '../point-files.ts';

/** Of larger folders the names and sizes of their files count, not what stands in them: that would take longer than the study. */
const MOST_BYTES = 2 ** 30;

export const sha256 = (bytes: string | Uint8Array): string => hash('sha256', bytes);

interface Found {
  readonly path: string;
  /** As it is seen from the folder. */
  readonly name: string;
  readonly bytes: number;
}

/** Hashes as they are when they are asked for first. */
export function diskHashing(): Hashing {
  const known = new Map<string, string>();
  return {
    hash: sha256,
    hashPath(path) {
      const found = known.get(path) ?? pathHash(path);
      known.set(path, found);
      return found;
    },
  };
}

/** @throws TrexError (missing) */
function pathHash(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw missingError(`${path}: no such file or folder`);
  if (!stats.isDirectory()) return sha256(readFileSync(path));
  const files = [...filesIn(path, '')].sort((a, b) => (a.name < b.name ? -1 : 1));
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const of = (file: Found): string => (total > MOST_BYTES ? '' : sha256(readFileSync(file.path)));
  return sha256(files.map(file => `${file.name} ${file.bytes} ${of(file)}`).join('\n'));
}

function* filesIn(folder: string, below: string): Generator<Found> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true && entry.isDirectory()) yield* filesIn(path, name);
    else if (stats?.isFile() === true) yield { path, name, bytes: stats.size };
  }
}
