/** Runs `trex`, for tests. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';

/** The program. */
export const MAIN = fileURLToPath(new URL('../../node/trex.js', import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Command {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly args: readonly string[];
}

/** What the thread of asker.ts gets: where it is asked and answers, and what it sets to 1 when it has. */
export interface Asker {
  readonly port: MessagePort;
  readonly answered: Int32Array;
}

type Words = (...args: string[]) => Ran;
type Environment = Readonly<Record<string, string>>;

function environment(more: Environment): Record<string, string | undefined> {
  const { COLUMNS: _, ...own } = process.env;
  return Object.assign(own, { NO_COLOR: '1' }, more);
}

let asker: Asker | undefined;

function startAsker(): Asker {
  const { port1: port, port2 } = new MessageChannel();
  const answered = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData: Asker = { port: port2, answered };
  new Worker(new URL('./asker.js', import.meta.url), { workerData, transferList: [port2] }).unref();
  return { port, answered };
}

/**
 * In the folder `cwd`, one command after the other in one process, which loads the program once: it is the one of `MAIN`, and each
 * command finds its streams, its environment and its end as in a process of its own.
 */
export function trexIn(cwd: string, more: Environment = {}): Words {
  return (...args) => {
    asker ??= startAsker();
    const { port, answered } = asker;
    Atomics.store(answered, 0, 0);
    port.postMessage({ cwd, env: environment(more), args } satisfies Command);
    Atomics.wait(answered, 0, 0);
    return receiveMessageOnPort(port)!.message as Ran;
  };
}

/** In the folder `cwd`, each command in a process of its own, as users have it. */
export function trexProcess(cwd: string, more: Environment = {}): Words {
  return (...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
      cwd,
      encoding: 'utf8',
      env: environment(more),
    });
    return { code: status, out: stdout, err: stderr };
  };
}
