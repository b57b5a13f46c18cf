/** Files in memory for the tests, and the failure that a promise ends in. */

import { TrexError } from '../../src/base/errors.ts';

export { memoryData as memoryFiles } from '../../src/data/memory-data.ts';

/** The message and exit code that `action` fails with; anything but a TrexError is thrown on. */
export async function failed(action: Promise<unknown>): Promise<{ message: string; exitCode: number }> {
  try {
    await action;
  } catch (error) {
    if (error instanceof TrexError) return { message: error.message, exitCode: error.exitCode };
    throw error;
  }
  throw new Error('nothing was thrown');
}
