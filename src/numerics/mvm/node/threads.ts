/** Node's worker threads for the wasm back end: the only file here, with its worker, that needs Node. */
import { Worker } from 'node:worker_threads';
import type { ThreadPool } from '../wasm/host.ts';
import type { Message, Reply, RunMessage } from './worker.ts';

/** Starts `count` threads that wait for work and do not keep the process alive. What they are told waits for them. */
export function startThreads(count: number): ThreadPool {
  // The worker stands beside this file, under the same ending.
  const script = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
  const threads = Array.from({ length: count }, () => start(script));
  const tell = (message: Message): void => {
    for (const thread of threads) thread.worker.postMessage(message);
  };
  return {
    join: (memory, on) => tell({ kind: 'join', memory, on }),
    learn: (kernel, module) => tell({ kind: 'learn', kernel, module }),
    forget: kernel => tell({ kind: 'forget', kernel }),
    run: async job => {
      const runs = await Promise.allSettled(
        threads.map((thread, i) => thread.run({ ...job, thread: i + 1 })),
      );
      for (const run of runs) if (run.status === 'rejected') throw run.reason;
    },
    close: async () => {
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}

interface Thread {
  readonly worker: Worker;
  run(job: Omit<RunMessage, 'kind' | 'id'>): Promise<void>;
}

/** A thread that is at work keeps the process alive; one that waits does not. */
function start(script: URL): Thread {
  const worker = new Worker(script);
  worker.unref();
  let dead: Error | undefined;
  const waiting = new Map<number, (error?: Error) => void>();
  const settle = (id: number, error?: Error): void => {
    waiting.get(id)?.(error);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
  };
  worker.on('message', ({ id, error }: Reply) =>
    settle(id, error === undefined ? undefined : new Error(error)),
  );
  worker.on('error', error => {
    dead = error;
    for (const id of [...waiting.keys()]) settle(id, error);
  });
  let ids = 0;
  const run = (job: Omit<RunMessage, 'kind' | 'id'>): Promise<void> =>
    new Promise((resolve, reject) => {
      if (dead !== undefined) {
        reject(dead);
        return;
      }
      const id = ids++;
      waiting.set(id, error => (error === undefined ? resolve() : reject(error)));
      worker.ref();
      worker.postMessage({ kind: 'run', id, ...job } satisfies RunMessage);
    });
  return { worker, run };
}
