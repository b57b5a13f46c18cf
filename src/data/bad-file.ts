/** What every reader of data throws when a file is not what it should be: one message that starts with its name. */
import { EXIT, TrexError } from '../base/errors.ts';

/** A file that is there and cannot be used (exit 3). */
export const badFile = (name: string, message: string): TrexError =>
  new TrexError(`${name}: ${message}`, EXIT.invalidFile);

/** A file that should be there and is not (exit 4). */
export const missingFile = (name: string, message = 'no such file'): TrexError =>
  new TrexError(`${name}: ${message}`, EXIT.missing);

/** Whether `error` says that the content of one file is bad, as opposed to a slip of the user or a bug. */
export const isBadFile = (error: unknown): error is TrexError =>
  error instanceof TrexError && error.exitCode === EXIT.invalidFile;
