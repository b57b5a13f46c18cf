/** Shows a file in the reader's browser. */
import { spawn } from 'node:child_process';
import { TrexError } from '../../base/errors.ts';

const OPENERS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
};

/** Does not wait for the browser. @throws TrexError where nothing opens files. */
export async function openFile(path: string): Promise<void> {
  const [command, ...words] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...words, path], { detached: true, stdio: 'ignore' });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', ({ message }) => reject(new TrexError(`${path}: cannot be opened: ${message}`)));
  });
  child.unref();
}
