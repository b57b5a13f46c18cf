/** The command `trex`. */
import { EXIT } from '../base/errors.ts';
import { commandLine } from './command-line.ts';
import { watchSignals } from './io/interrupt.ts';

/** One run of the program: what it prints goes to the process's streams, its exit code to `process.exitCode`. */
export async function main(args: readonly string[]): Promise<void> {
  watchSignals();
  process.stdout.on('error', error => {
    // A reader such as `head` that has seen enough is not a failure.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(EXIT.ok);
    throw error;
  });
  const code = await commandLine(args);
  // A command that finds something wrong, and prints all the same, has set its own.
  if (code !== EXIT.ok) process.exitCode = code;
}
