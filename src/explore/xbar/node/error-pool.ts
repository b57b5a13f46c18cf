/** Measures the errors of crossbars on worker threads: no memory that they share, but whole points, each to whichever thread is free. */
import type { XbarError } from '../../../report/xbar-row.ts';
import { siblingScript, startThread, type Thread } from '../../../wasm/node/thread.ts';
import type { ErrorOptions, ErrorPoint } from '../error.ts';
import type { ErrorPool } from '../xbar.ts';

export interface ErrorRequest {
  readonly point: ErrorPoint;
  readonly options: ErrorOptions;
}

type ErrorThread = Thread<ErrorRequest, XbarError>;

/** Starts `threads` workers, which keep the process alive while they measure. */
export function startErrorPool(threads: number, options: ErrorOptions): ErrorPool {
  const script = siblingScript(import.meta.url, 'error-worker');
  const all = Array.from({ length: threads }, (): ErrorThread => startThread(script));
  const idle = [...all];
  /** Points that wait for a thread. */
  const queue: ((thread: ErrorThread) => void)[] = [];
  const release = (thread: ErrorThread): void => {
    const next = queue.shift();
    if (next === undefined) idle.push(thread);
    else next(thread);
  };
  return {
    threads,
    async measure(point) {
      const thread = idle.pop() ?? (await new Promise<ErrorThread>(resolve => queue.push(resolve)));
      try {
        return await thread.ask({ point, options });
      } finally {
        release(thread);
      }
    },
    close: async () => {
      queue.length = 0;
      await Promise.all(all.map(thread => thread.close()));
    },
  };
}
