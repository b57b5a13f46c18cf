/** The folder of a run that was given none: named after what went in, and never in the place of another result. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { statOf } from '../../run/node/read-file.ts';
import { writeWhole } from '../../run/node/write-file.ts';
import { attempt, checkOutputDir, moveFile, writeOutputDir } from './output-dir.ts';

const PARENT = 'trex-out';
/** What tells whether a folder holds the same run. */
const RESULT = 'result.json';

/** The folders that a run may take, the first that is free or its own: `trex-out/NAME`, `trex-out/NAME-2` and so on. */
const candidate = (name: string, n: number): string => join(PARENT, n === 1 ? name : `${name}-${n}`);

/** Before the run: whether there will be a place for its files. @throws TrexError as `checkOutputDir` */
export function checkDefaultDir(name: string): void {
  let n = 1;
  while (!isFree(candidate(name, n))) n++;
  checkOutputDir(candidate(name, n));
}

/**
 * Writes the files of a run below `trex-out`, and says where. A folder with the same result takes them again, and keeps what else
 * it has; one with another, as after an edit by hand, stays as it is. @throws TrexError for a full or read-only disk.
 */
export function writeDefaultDir(
  name: string,
  files: Readonly<Record<string, string>>,
  moved: Readonly<Record<string, string>> = {},
): string {
  for (let n = 1; ; n++) {
    const dir = candidate(name, n);
    if (isFree(dir)) {
      try {
        writeOutputDir(dir, files, { moved });
        return dir;
      } catch (error) {
        // Another process may have taken it meanwhile.
        if (isFree(dir)) throw error;
      }
    }
    if (!holdsResult(dir, files[RESULT])) continue;
    for (const [file, text] of Object.entries(files)) writeWhole(join(dir, file), text);
    for (const [file, from] of Object.entries(moved)) attempt(dir, () => moveFile(from, join(dir, file)));
    return dir;
  }
}

const isFree = (dir: string): boolean =>
  attempt(
    dir,
    () => !existsSync(dir) || (statOf(dir)?.isDirectory() === true && readdirSync(dir).length === 0),
  );

const holdsResult = (dir: string, result: string): boolean => {
  const path = join(dir, RESULT);
  return statOf(path)?.isFile() === true && attempt(dir, () => readFileSync(path, 'utf8') === result);
};
