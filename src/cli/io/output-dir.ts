/** The folder of a run's files: it appears whole or not at all. */
import {
  accessSync,
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { TrexError, usageError } from '../../base/errors.ts';

/** With --force a folder is replaced only if it holds one of these: no other folder is ever deleted. */
const OURS = ['result.json', 'results.ndjson', 'results.csv', 'data.json'];

export interface OutputDirOptions {
  /** Replace an earlier output. */
  readonly force?: boolean;
  /** Files that lie elsewhere, by the name that they get; they are moved. */
  readonly moved?: Readonly<Record<string, string>>;
}

/** Before a run that reads `inputs`: none of them goes with what `--force` replaces. @throws TrexError (usage) */
export function checkInputsStay(dir: string, inputs: readonly (string | undefined)[]): void {
  if (statOf(dir) === undefined) return;
  const lost = inputs.find(
    input => input !== undefined && statOf(input) !== undefined && holds(dir, realpathSync(input)),
  );
  if (lost !== undefined)
    throw usageError(
      `--out ${dir}: --force would replace ${lost}, which this run reads; take another folder`,
    );
}

/**
 * Checks, before a run, that its files will have a place at `dir`.
 * @throws TrexError: not a folder; not empty, without `force`; with `force`, not the output of an earlier run; no right
 * to write there.
 */
export function checkOutputDir(dir: string, { force = false }: Pick<OutputDirOptions, 'force'> = {}): void {
  if (dir === '') throw usageError('the output folder needs a name');
  attempt(dir, () => {
    const target = targetOf(dir);
    checkParent(dir, dirname(target));
    const stats = statOf(target);
    if (stats === undefined) return;
    if (!stats.isDirectory()) throw new TrexError(`${dir}: a file of that name is in the way`);
    if (holds(target, process.cwd())) throw new TrexError(`${dir}: the working directory cannot be replaced`);
    const names = readdirSync(target);
    if (names.length === 0) return;
    if (!force) throw new TrexError(`${dir}: exists and is not empty; --force replaces it`);
    if (!names.some(name => OURS.includes(name)))
      throw new TrexError(
        `${dir}: has no ${OURS[0]}, so it is no earlier output: not even --force replaces it`,
      );
  });
}

/**
 * Writes `files` (name: content) as the folder `dir`: first under a temporary name beside it, then in one rename.
 * Whatever fails, `dir` is as it was and nothing else is left. @throws TrexError as `checkOutputDir`, or for a full or
 * read-only disk.
 */
export function writeOutputDir(
  dir: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  { force = false, moved = {} }: OutputDirOptions = {},
): void {
  for (const name of [...Object.keys(files), ...Object.keys(moved)]) {
    if (name !== basename(name) || name === '..' || name === '.')
      throw new RangeError(`${name} is not a file name`);
  }
  checkOutputDir(dir, { force });
  attempt(dir, () => {
    const target = targetOf(dir);
    const parents = makeParents(dirname(target));
    let staging: string | undefined;
    try {
      staging = makeBeside(target, 'tmp');
      for (const [name, text] of Object.entries(files)) writeFileSync(join(staging, name), text);
      for (const [name, from] of Object.entries(moved)) moveFile(from, join(staging, name));
      if (force) replace(target, staging);
      else fill(target, staging);
    } catch (error) {
      if (staging !== undefined) rmSync(staging, { recursive: true, force: true });
      removeEmpty(parents);
      throw error;
    }
  });
}

/** Takes a place that is free; the disk refuses when somebody has filled it meanwhile. */
function fill(target: string, staging: string): void {
  if (statOf(target) !== undefined) rmdirSync(target);
  renameSync(staging, target);
}

/** The old folder steps aside, and comes back if the new one cannot take its place. */
function replace(target: string, staging: string): void {
  if (statOf(target) === undefined) {
    fill(target, staging);
    return;
  }
  const aside = makeBeside(target, 'old.tmp');
  const old = join(aside, 'old');
  try {
    renameSync(target, old);
    takePlace(target, staging, old);
  } catch (error) {
    // Never with what is in it: if the old folder could not go back, it stays here.
    rmdirSync(aside);
    throw error;
  }
  rmSync(aside, { recursive: true, force: true });
}

function takePlace(target: string, staging: string, old: string): void {
  try {
    renameSync(staging, target);
  } catch (error) {
    renameSync(old, target);
    throw error;
  }
}

/** An empty folder on the disk of `target`; two writers never get the same one. */
function makeBeside(target: string, ending: string): string {
  for (let n = 0; ; n++) {
    const path = `${target}.${process.pid}-${n}.${ending}`;
    try {
      mkdirSync(path);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** The folders that were not there, innermost first. One by one: Node's recursive mkdir never ends below /proc. */
function makeParents(folder: string): string[] {
  const missing: string[] = [];
  for (let path = folder; statOf(path) === undefined; path = dirname(path)) missing.push(path);
  const made: string[] = [];
  try {
    for (const path of missing.toReversed()) {
      if (statOf(path) === undefined) mkdirSync(path);
      made.unshift(path);
    }
  } catch (error) {
    removeEmpty(made);
    throw error;
  }
  return made;
}

function removeEmpty(folders: readonly string[]): void {
  try {
    for (const folder of folders) rmdirSync(folder);
  } catch {
    // Somebody else has put something there meanwhile: theirs to keep.
  }
}

export function moveFile(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    copyFileSync(from, to);
    rmSync(from);
  }
}

/** What a link points to is replaced, not the link. */
function targetOf(dir: string): string {
  return statOf(dir, lstatSync)?.isSymbolicLink() ? realpathSync(dir) : resolve(dir);
}

function holds(folder: string, path: string): boolean {
  const away = relative(realpathSync(folder), path);
  return away === '' || (away !== '..' && !away.startsWith(`..${sep}`) && !isAbsolute(away));
}

/** The nearest folder that exists above the target must be one, and take new names. */
function checkParent(dir: string, parent: string): void {
  let path = parent;
  while (statOf(path) === undefined && path !== dirname(path)) path = dirname(path);
  if (!statOf(path)?.isDirectory()) throw new TrexError(`${dir}: ${path} is a file, not a folder`);
  accessSync(path, constants.W_OK);
}

/** Undefined for what is not there, or below a file. */
function statOf(path: string, read: (path: string) => Stats = statSync): Stats | undefined {
  try {
    return read(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** What the disk refuses becomes a message. */
export function attempt<T>(dir: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof TrexError || code === undefined) throw error;
    throw new TrexError(`${dir}: cannot be written: ${message}`);
  }
}
