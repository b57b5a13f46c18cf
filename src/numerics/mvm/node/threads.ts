/** Node's worker threads for the wasm back end: the only file here, with its worker, that needs Node. */
import { Worker } from 'node:worker_threads';
import type { ThreadPool } from '../wasm/backend.ts';
import type { Message, Reply } from './worker.ts';

/** Starts `count` threads that wait for work and do not keep the process alive. */
export async function startThreads(count: number): Promise<ThreadPool> {
  // The worker stands beside this file, under the same ending.
  const script = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
  const workers = await Promise.all(Array.from({ length: count }, () => start(script)));
  const tell = (message: Message): void => {
    for (const worker of workers) worker.postMessage(message);
  };
  return {
    load: (kernel, module, memory) => tell({ kind: 'load', kernel, module, memory }),
    unload: kernel => tell({ kind: 'unload', kernel }),
    run: async (kernel, job) => {
      await Promise.all(workers.map((worker, i) => ask(worker, { kind: 'run', kernel, job, thread: i + 1 })));
    },
    close: async () => {
      await Promise.all(workers.map(worker => worker.terminate()));
    },
  };
}

async function start(script: URL): Promise<Worker> {
  const worker = new Worker(script);
  await new Promise<void>((resolve, reject) => {
    worker.once('online', resolve);
    worker.once('error', reject);
  });
  worker.unref();
  return worker;
}

/** Sends a message and waits for its reply; a thread that is at work keeps the process alive. */
function ask(worker: Worker, message: Message): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.ref();
    const settle = (finish: () => void): void => {
      worker.unref();
      worker.off('message', onReply);
      worker.off('error', onError);
      finish();
    };
    const onReply = (reply: Reply): void =>
      settle(() => (reply.error === undefined ? resolve() : reject(new Error(reply.error))));
    const onError = (error: Error): void => settle(() => reject(error));
    worker.on('message', onReply);
    worker.on('error', onError);
    worker.postMessage(message);
  });
}
