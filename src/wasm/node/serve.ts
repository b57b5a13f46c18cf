/** The other end of `thread.ts`: what a worker script calls to answer its messages. */
import { parentPort, workerData } from 'node:worker_threads';
import { TrexError } from '../../base/errors.ts';
import type { ThreadWork } from '../pool.ts';
import type { Failure, Message, Reply } from './thread.ts';
import type { PoolMessage } from './threads.ts';

/** Items after which patient work looks for other work: about a millisecond. */
const PATIENT_ITEMS = 32;

/** Answers every question by what `answer` gives or throws. */
export function serve<Body, Answer>(answer: (body: Body) => Promise<Answer>): void {
  onMessage<Body>(async (id, body) => {
    try {
      reply({ id, answer: await answer(body) });
    } catch (error) {
      reply({ id, failure: failureOf(error) });
    }
  });
}

/** Makes this thread one of a pool: `begin` is given its number, from 1 on. */
export function serveThread<Note, Job>(begin: (thread: number) => ThreadWork<Note, Job>): void {
  const work = begin(workerData);
  type Going = { readonly id: number; readonly go: (most: number) => boolean };
  /** Work that waits until there is nothing else, in the order in which it came. */
  const patient: Going[] = [];

  /** Works on a job, and replies if there is no item left; whether it did. */
  const goOn = ({ id, go }: Going, most: number): boolean => {
    try {
      if (!go(most)) return false;
      reply({ id, answer: null });
    } catch (error) {
      reply({ id, failure: failureOf(error) });
    }
    return true;
  };
  /** Messages that have come in the meantime are handled before this is called again. */
  const later = (): void => {
    if (goOn(patient[0], PATIENT_ITEMS)) patient.shift();
    if (patient.length > 0) setImmediate(later);
  };

  onMessage<PoolMessage<Note, Job>>((id, body) => {
    if ('note' in body) {
      work.note(body.note);
      return;
    }
    let going: Going;
    try {
      going = { id, go: work.accept(body.job) };
    } catch (error) {
      reply({ id, failure: failureOf(error) });
      return;
    }
    if (!body.patient) goOn(going, Number.POSITIVE_INFINITY);
    else if (patient.push(going) === 1) setImmediate(later);
  });
}

function onMessage<Body>(handle: (id: number, body: Body) => void): void {
  parentPort?.on('message', ({ id = -1, body }: Message<Body>) => handle(id, body));
}

const reply = <Answer>(message: Reply<Answer>): void => parentPort?.postMessage(message);

function failureOf(error: unknown): Failure {
  if (error instanceof TrexError) return { message: error.message, exitCode: error.exitCode };
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
