/** The thread between tests, which wait for an answer where they stand, and the process that runs their command lines. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { workerData } from 'node:worker_threads';
import type { Asker, Command, Ran } from './trex.ts';

const RESIDENT = fileURLToPath(new URL('./resident.js', import.meta.url));
const { port, answered } = workerData as Asker;

let resident: ChildProcess | undefined;

function answer(ran: Ran): void {
  port.postMessage(ran);
  Atomics.store(answered, 0, 1);
  Atomics.notify(answered, 0);
}

function start(): ChildProcess {
  const child = fork(RESIDENT, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child.on('message', answer);
  // A command that ends its process, or breaks it: the next one gets another.
  child.on('exit', code => {
    resident = undefined;
    answer({ code, out: '', err: 'the process of the command line has ended' });
  });
  return child;
}

port.on('message', (command: Command) => {
  resident ??= start();
  resident.send(command);
});
