/** Ctrl-C during a run: the run stops at its next pause, and what is half-written is thrown away. */
import { setImmediate } from 'node:timers/promises';
import { EXIT, TrexError } from '../../base/errors.ts';

/**
 * A pause that gives signals a turn, then calls `work`; throws TrexError (130) after SIGINT or SIGTERM.
 * A second signal ends the process at once, as without a handler.
 */
export function interruptible(
  work: (done: number, total: number) => Promise<void>,
): (done: number, total: number) => Promise<void> {
  let stopped = false;
  const stop = (): void => {
    stopped = true;
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return async (done, total) => {
    await setImmediate();
    if (stopped)
      throw new TrexError(
        `interrupted after ${done} of ${total} jobs; nothing was written`,
        EXIT.interrupted,
      );
    await work(done, total);
  };
}
