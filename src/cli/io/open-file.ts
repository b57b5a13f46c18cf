/** Shows a file in the reader's browser. */
import { spawn } from 'node:child_process';
import { TrexError } from '../../base/errors.ts';

const OPENERS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
};

/** What an opener without a browser needs to give up. */
const GIVES_UP_MS = 1500;

/** Does not wait for the browser. @throws TrexError where nothing opens files. */
export async function openFile(path: string): Promise<void> {
  const [command, ...words] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...words, path], { detached: true, stdio: 'ignore' });
  await new Promise<void>((resolve, reject) => {
    const failed = (why: string): void =>
      reject(new TrexError(`${path}: written, but cannot be shown: ${why}; open it in a browser`));
    const timer = setTimeout(resolve, GIVES_UP_MS);
    child.once('error', ({ message }) => failed(`${command}: ${message}`));
    child.once('exit', code => {
      clearTimeout(timer);
      // explorer.exe ends with 1 when it has opened a file.
      if (code === 0 || process.platform === 'win32') resolve();
      else failed(`${command} ended with ${code}`);
    });
  });
  child.unref();
}
