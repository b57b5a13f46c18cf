/** The worker as the page sees it: one request a lane is under way, the newest one; a worker that dies is started anew. */
import type { FromWorker, Lane, Lanes, ToWorker } from './protocol.ts';

/** A request that a newer one has taken the place of. */
export class Superseded extends Error {}
/** A message for the visitor, as the command line prints it. */
export class Refused extends Error {}

/** A worker that says nothing for so long while it has work is gone: pauses of a run are some ten milliseconds apart. */
const SILENT_MS = 15_000;

interface Pending {
  readonly lane: Lane;
  readonly message: ToWorker;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
  readonly onPart: ((part: never) => void) | undefined;
  isAgain: boolean;
}

export class Client {
  readonly #start: () => Worker;
  readonly #onRestart: () => void;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #heard = 0;
  #next = 1;
  #watch: ReturnType<typeof setInterval> | undefined;

  /** `onRestart`: the worker died and another one goes on. */
  constructor(start: () => Worker, onRestart: () => void) {
    this.#start = start;
    this.#onRestart = onRestart;
  }

  /** @throws Superseded, Refused; Error for a fault of the program. */
  ask<L extends Lane>(
    lane: L,
    question: Lanes[L]['question'],
    onPart?: (part: Lanes[L]['answer']) => void,
  ): Promise<Lanes[L]['answer']> {
    const id = this.#next++;
    for (const [other, pending] of this.#pending)
      if (pending.lane === lane) {
        this.#pending.delete(other);
        pending.reject(new Superseded());
      }
    return new Promise((resolve, reject) => {
      const message: ToWorker = { id, lane, question };
      this.#pending.set(id, {
        lane,
        message,
        resolve: resolve as (answer: never) => void,
        reject,
        onPart: onPart as ((part: never) => void) | undefined,
        isAgain: false,
      });
      this.#ready().postMessage(message);
      this.#heard = performance.now();
      this.#watch ??= setInterval(() => this.#check(), 1000);
    });
  }

  /** Ends the worker; requests under way are never answered. */
  close(): void {
    clearInterval(this.#watch);
    this.#worker?.terminate();
    this.#pending.clear();
  }

  #ready(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = this.#start();
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => this.#hear(data));
    worker.addEventListener('error', event => {
      event.preventDefault();
      this.#restart();
    });
    this.#worker = worker;
    return worker;
  }

  #hear(said: FromWorker): void {
    this.#heard = performance.now();
    const pending = this.#pending.get(said.id);
    if (pending === undefined) return;
    if (said.kind === 'part') {
      pending.onPart?.(said.part as never);
      return;
    }
    this.#pending.delete(said.id);
    if (said.kind === 'answer') pending.resolve(said.answer as never);
    else if (said.kind === 'superseded') pending.reject(new Superseded());
    else pending.reject(said.isBug ? new Error(said.message) : new Refused(said.message));
  }

  #check(): void {
    if (this.#pending.size === 0) {
      clearInterval(this.#watch);
      this.#watch = undefined;
    } else if (performance.now() - this.#heard > SILENT_MS) this.#restart();
  }

  /** What was under way is asked once more, and then given up. */
  #restart(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#heard = performance.now();
    this.#onRestart();
    for (const [id, pending] of this.#pending)
      if (pending.isAgain) {
        this.#pending.delete(id);
        pending.reject(new Error('the worker that runs the simulator ended twice: reload the page'));
      } else {
        pending.isAgain = true;
        this.#ready().postMessage(pending.message);
      }
  }
}
