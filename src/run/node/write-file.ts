/** One file, whole or not at all: written under a temporary name beside it, then renamed. */
import { accessSync, constants, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { TrexError } from '../../base/errors.ts';
import { statOf } from './read-file.ts';

/** Before a run: whether `path` can take a file. @throws TrexError */
export function checkTarget(path: string): void {
  const folder = dirname(path);
  if (statOf(path)?.isDirectory()) throw new TrexError(`${path}: is a folder`);
  if (!statOf(folder)?.isDirectory()) throw new TrexError(`${path}: there is no folder ${folder}`);
  attemptWrite(path, () => accessSync(folder, constants.W_OK));
}

/** Before a run: whether `dir` is free or holds `file`, so that a run of `what` can go on there. @throws TrexError */
export function checkResumable(dir: string, file: string, what: string): void {
  const stats = statOf(dir);
  if (stats === undefined) return;
  if (!stats.isDirectory()) throw new TrexError(`${dir}: a file of that name is in the way`);
  const names = readdirSync(dir).filter(name => !isLeft(name));
  if (names.length > 0 && !names.includes(file))
    throw new TrexError(
      `${dir}: is not empty and has no ${file}: not the folder of ${what} in this version; take another one`,
    );
}

/** Whether a file is one that a process was about to rename. */
export const isStaging = (name: string): boolean => /\.\d+\.tmp$/.test(name);
/** The lock of a folder has the next number: whoever creates it has it. */
export const LOCK_NAME = /^\.trex-lock-(\d+)$/;

/** What a process that was killed leaves behind. */
const isLeft = (name: string): boolean => isStaging(name) || LOCK_NAME.test(name);

/** @throws TrexError for a full or read-only disk; then `path` is as it was. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const staging = `${path}.${process.pid}.tmp`;
  attemptWrite(path, () => {
    try {
      writeFileSync(staging, content);
      renameSync(staging, path);
    } catch (error) {
      rmSync(staging, { force: true });
      throw error;
    }
  });
}

/** @throws TrexError that names `path` where `action` fails. */
export function attemptWrite<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new TrexError(`${path}: cannot be written: ${(error as Error).message}`);
  }
}
