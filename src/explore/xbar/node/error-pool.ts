/** Measures the errors of crossbars on worker threads: a point goes to whichever thread is free, and every point gives what it gives alone. */
import { Worker } from 'node:worker_threads';
import { TrexError } from '../../../base/errors.ts';
import type { XbarError } from '../../../report/xbar-row.ts';
import type { ErrorOptions } from '../error.ts';
import type { ErrorPool } from '../xbar.ts';
import type { ErrorReply, ErrorRequest } from './error-worker.ts';

interface Waiting {
  readonly request: ErrorRequest;
  resolve(error: XbarError): void;
  reject(error: Error): void;
}

/** Starts `threads` workers. Close the pool: its threads keep the process alive. */
export function startErrorPool(threads: number, options: ErrorOptions): ErrorPool {
  // The worker stands beside this file, under the same ending.
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const script = new URL(`./error-worker.${ending}`, import.meta.url);
  const idle: Worker[] = [];
  const all: Worker[] = [];
  const queue: Waiting[] = [];
  const running = new Map<Worker, Waiting>();
  let id = 0;
  let broken: Error | undefined;

  const next = (): void => {
    while (queue.length > 0 && idle.length > 0) {
      const worker = idle.pop()!;
      const waiting = queue.shift()!;
      running.set(worker, waiting);
      worker.postMessage(waiting.request);
    }
  };
  const settle = (worker: Worker, finish: (waiting: Waiting) => void): void => {
    const waiting = running.get(worker);
    running.delete(worker);
    if (waiting !== undefined) finish(waiting);
  };
  for (let i = 0; i < threads; i++) {
    const worker = new Worker(script);
    worker.on('message', (reply: ErrorReply) => {
      settle(worker, waiting => {
        if ('error' in reply) waiting.resolve(reply.error);
        else waiting.reject(failure(reply));
      });
      idle.push(worker);
      next();
    });
    // A thread that dies answers nothing any more: neither do points that would wait for it.
    worker.on('error', error => {
      broken = error;
      settle(worker, waiting => waiting.reject(error));
      for (const waiting of queue.splice(0)) waiting.reject(error);
    });
    all.push(worker);
    idle.push(worker);
  }
  return {
    threads,
    measure: point =>
      new Promise((resolve, reject) => {
        if (broken !== undefined) reject(broken);
        else queue.push({ request: { id: id++, point, options }, resolve, reject });
        next();
      }),
    close: async () => {
      queue.length = 0;
      await Promise.all(all.map(worker => worker.terminate()));
    },
  };
}

function failure(reply: Exclude<ErrorReply, { error: XbarError }>): Error {
  return reply.isBug ? new Error(reply.message) : new TrexError(reply.message, reply.exitCode);
}
