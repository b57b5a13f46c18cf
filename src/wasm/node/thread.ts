/** One of Node's worker threads as something that is told and asked. */
import { Worker } from 'node:worker_threads';
import { type ExitCode, TrexError } from '../../base/errors.ts';

/** To a thread; `id` where an answer is awaited. */
export interface Message<Body> {
  readonly id?: number;
  readonly body: Body;
}

/** From a thread. */
export type Reply<Answer> =
  | { readonly id: number; readonly answer: Answer }
  | { readonly id: number; readonly failure: Failure };

/** An error on its way between threads; the user's mistakes have an exit code. */
export interface Failure {
  readonly message: string;
  readonly exitCode?: ExitCode;
}

export interface Thread<Body, Answer> {
  tell(body: Body): void;
  /** @throws what the thread threw, or an error when it has ended. */
  ask(body: Body): Promise<Answer>;
  close(): Promise<void>;
}

/** The worker script `name` that stands beside the file of `url`, under the same ending. */
export const siblingScript = (url: string, name: string): URL =>
  new URL(`./${name}.${url.endsWith('.ts') ? 'ts' : 'js'}`, url);

/** Starts a thread, which finds `number` in its `workerData`. While it is asked it keeps the process alive; one that waits does not. */
export function startThread<Body, Answer>(script: URL, number = 0): Thread<Body, Answer> {
  const worker = new Worker(script, { workerData: number });
  worker.unref();
  let dead: Error | undefined;
  const waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  const settle = (reply: Reply<Answer>): void => {
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (waiting.size === 0) worker.unref();
    if ('answer' in reply) asked?.resolve(reply.answer);
    else asked?.reject(errorOf(reply.failure));
  };
  const end = (error: Error): void => {
    dead ??= error;
    for (const { reject } of waiting.values()) reject(dead);
    waiting.clear();
  };
  worker.on('message', settle);
  worker.on('error', end);
  worker.on('exit', () => end(new Error('a worker thread has ended')));
  let ids = 0;
  return {
    tell: body => worker.postMessage({ body } satisfies Message<Body>),
    ask: body =>
      new Promise((resolve, reject) => {
        if (dead !== undefined) {
          reject(dead);
          return;
        }
        const id = ids++;
        worker.postMessage({ id, body } satisfies Message<Body>);
        waiting.set(id, { resolve, reject });
        worker.ref();
      }),
    close: async () => {
      await worker.terminate();
    },
  };
}

const errorOf = ({ message, exitCode }: Failure): Error =>
  exitCode === undefined ? new Error(message) : new TrexError(message, exitCode);
