/** An earlier result as the request that it answers. */
import type { FileHash } from '../arch/source-files.ts';
import { EXIT, TrexError } from '../base/errors.ts';
import type { Result } from '../report/result.ts';

/** What a result says of how to get it again. @throws TrexError (invalid file) for a text that is no result of a run. */
export function rerunOf(path: string, bytes: Uint8Array): Pick<Result, 'run' | 'files'> {
  let result: Partial<Result>;
  try {
    result = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Result>;
  } catch (error) {
    throw new TrexError(`${path}: not a result: ${(error as Error).message}`, EXIT.invalidFile);
  }
  const { run, files } = result ?? {};
  if (typeof run?.arch !== 'string' || typeof run.model !== 'string' || !Array.isArray(files))
    throw new TrexError(`${path}: not a result of trex run: it has no "run" and "files"`, EXIT.invalidFile);
  return { run, files };
}

/** A warning for each file that is no longer what it was. */
export const changedFiles = (before: readonly FileHash[], now: readonly FileHash[]): string[] =>
  before
    .filter(({ path, sha256 }) => now.find(file => file.path === path)?.sha256 !== sha256)
    .map(({ path }) => `${path} has changed since that result`);
