/** A pool of Node's worker threads. */
import type { ThreadPool } from '../pool.ts';
import { startThread } from './thread.ts';

export type PoolMessage<Note, Job> =
  | { readonly note: Note }
  | { readonly job: Job; readonly patient: boolean };

/** Starts `count` threads that run `script`, which calls `serveThread`; they are numbered from 1. */
export function startThreads<Note, Job>(count: number, script: URL): ThreadPool<Note, Job> {
  const threads = Array.from({ length: count }, (_, i) =>
    startThread<PoolMessage<Note, Job>, null>(script, i + 1),
  );
  return {
    tell: note => {
      for (const thread of threads) thread.tell({ note });
    },
    run: async (job, patient = false) => {
      const runs = await Promise.allSettled(threads.map(thread => thread.ask({ job, patient })));
      for (const run of runs) if (run.status === 'rejected') throw run.reason;
    },
    close: async () => {
      await Promise.all(threads.map(thread => thread.close()));
    },
  };
}
