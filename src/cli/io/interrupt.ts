/**
 * Ctrl-C during a command: work stops at its next pause, or soon after at the next turn of the event loop, says what is kept
 * and how to go on, and exits with 130. A second signal ends the process at once, as without a handler.
 */
import { writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { EXIT, TrexError } from '../../base/errors.ts';

/** Work that does not come to a pause by then is ended where it stands: files are whole at every turn of the event loop. */
const GRACE_MS = 300;
const STEP_MS = 50;
const STDERR = 2;

let stopped = false;
let kept = 'nothing was written';
let grace_ms = GRACE_MS;
let clear = (): void => {};

/** From here on signals end the process with a message. */
export function watchSignals(): void {
  const stop = (): void => {
    stopped = true;
    setTimeout(() => {
      clear();
      writeSync(STDERR, `interrupted; ${kept}\n`);
      process.exit(EXIT.interrupted);
    }, grace_ms).unref();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

/** What an interrupted command has kept from now on, and how it goes on; a command that takes leave of others needs longer. */
export function keeps(text: string, { within_ms = GRACE_MS } = {}): void {
  kept = text;
  grace_ms = within_ms;
}

/** What goes on from a folder. */
export const goesOnFrom = (dir: string): string => `the same command goes on from ${dir}`;

/** Called before the message of a command that is ended: a line of progress is in its way. */
export function onStop(call: () => void): void {
  clear = call;
}

/** Work in steps: signals get in between two of them. @throws TrexError (130) after one */
export async function stepByStep<T>(steps: Generator<void, T>): Promise<T> {
  let last = performance.now();
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    if (performance.now() - last < STEP_MS) continue;
    await checkStopped(0, 0, '');
    last = performance.now();
  }
}

/** Gives signals a turn. @throws TrexError (130) after one, with what is done and what is kept. */
export async function checkStopped(done: number, total: number, unit: string): Promise<void> {
  await setImmediate();
  if (!stopped) return;
  const after = total > 0 ? ` after ${done} of ${total} ${unit}` : '';
  throw new TrexError(`interrupted${after}; ${kept}`, EXIT.interrupted);
}
