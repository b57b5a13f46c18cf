/** Several threads with one script that answer questions, each asked of whichever thread is free. */
import { startThread, type Thread } from './thread.ts';

/** Threads that are asked. */
export interface AskPool<Body, Answer> {
  readonly threads: number;
  /** Waits for a free thread. @throws what the thread threw */
  ask(body: Body): Promise<Answer>;
  /** Ends the threads at once; who still waits for one is not answered. */
  close(): Promise<void>;
}

/** Starts `threads` workers, which keep the process alive while they are asked. */
export function startAskPool<Body, Answer>(script: URL, threads: number): AskPool<Body, Answer> {
  const all = Array.from({ length: threads }, (): Thread<Body, Answer> => startThread(script));
  const idle = [...all];
  /** Questions that wait for a thread. */
  const queue: ((thread: Thread<Body, Answer>) => void)[] = [];
  const release = (thread: Thread<Body, Answer>): void => {
    const next = queue.shift();
    if (next === undefined) idle.push(thread);
    else next(thread);
  };
  return {
    threads,
    async ask(body) {
      const thread = idle.pop() ?? (await new Promise<Thread<Body, Answer>>(resolve => queue.push(resolve)));
      try {
        return await thread.ask(body);
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
