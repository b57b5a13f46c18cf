/** A folder in which one process at a time keeps a file that a later one goes on from. */
import { ftruncateSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type FolderLock, lockFolder } from './lock.ts';
import { attemptWrite, checkResumable, isStaging } from './write-file.ts';

interface OwnFolder {
  readonly dir: string;
  /** What must be in it, unless it is empty or not there. */
  readonly file: string;
  /** Whose folder it is, in words: `trex xbar`. */
  readonly command: string;
  /** Files of an earlier run that are not wanted any more. */
  readonly forget: readonly string[];
}

/**
 * Makes the folder, keeps others out, and clears away what a killed process has left.
 * @throws TrexError: a folder of something else, another process at work there, a read-only disk (1).
 */
export async function ownFolder({ dir, file, command, forget }: OwnFolder): Promise<FolderLock> {
  checkResumable(dir, file, command);
  attemptWrite(dir, () => mkdirSync(dir, { recursive: true }));
  const lock = await lockFolder(dir);
  try {
    for (const left of readdirSync(dir)) if (isStaging(left)) rmSync(join(dir, left), { force: true });
    for (const name of forget) rmSync(join(dir, name), { force: true });
    return lock;
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Opens a file that goes on at `end`; what stands behind it is a torn line, and goes. @throws TrexError */
export const openAtEnd = (path: string, end: number): number =>
  attemptWrite(path, () => {
    const file = openSync(path, end === 0 ? 'w+' : 'r+');
    ftruncateSync(file, end);
    return file;
  });
