/** Node's worker threads for training: with its worker the only file here that needs Node. */
import { Worker } from 'node:worker_threads';
import type { HelperStart, Helpers } from '../step/engine.ts';
import type { Message, Reply } from './worker.ts';

/** Starts `count` threads that share the run's memory and do not keep the process alive. */
export async function startThreads(count: number, start: HelperStart): Promise<Helpers> {
  // The worker stands beside this file, under the same ending.
  const script = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
  const workers = Array.from({ length: count }, () => new Worker(script));
  for (const worker of workers) worker.unref();
  await Promise.all(workers.map((worker, i) => ask(worker, { kind: 'start', start, thread: i + 1 })));
  return {
    run: async job => {
      await Promise.all(workers.map(worker => ask(worker, { kind: 'run', job })));
    },
    close: async () => {
      await Promise.all(workers.map(worker => worker.terminate()));
    },
  };
}

/** Sends a message and waits for its reply; a thread that is at work keeps the process alive. */
function ask(worker: Worker, message: Message): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.ref();
    const settle = (finish: () => void): void => {
      worker.unref();
      worker.off('message', onReply);
      worker.off('error', onError);
      worker.off('exit', onExit);
      finish();
    };
    const onReply = (reply: Reply): void =>
      settle(() => (reply.error === undefined ? resolve() : reject(new Error(reply.error))));
    const onError = (error: Error): void => settle(() => reject(error));
    const onExit = (): void => settle(() => reject(new Error('a training thread ended')));
    worker.on('message', onReply);
    worker.on('error', onError);
    worker.on('exit', onExit);
    worker.postMessage(message);
  });
}
