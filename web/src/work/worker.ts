/** The worker: all that computes. Requests of a lane follow each other; an older one stops at its next pause. */
import { TrexError } from 'trex-sim';
import { open } from './drop/open.ts';
import { film } from './film.ts';
import { form } from './form.ts';
import { inside } from './inside.ts';
import { draw } from './noise/draw.ts';
import { engine, held } from './noise/held.ts';
import type { FromWorker, Lane, Lanes, ToWorker } from './protocol.ts';
import { figures, report, take } from './runs.ts';
import type { Turn } from './turn.ts';

class Stale extends Error {}

type Handlers = {
  readonly [L in Lane]: (question: Lanes[L]['question'], turn: Turn) => Promise<Lanes[L]['answer']>;
};

const HANDLERS: Handlers = {
  figures,
  pinned: figures,
  form,
  report,
  film,
  race: film,
  inside,
  take,
  open,
  draw,
  held,
  engine: ({ engine: name }) => engine.choose(name),
};

const newest = new Map<Lane, number>();
const say = (message: FromWorker): void => postMessage(message);

/** Messages wait until this one is through: no timer, which a browser would slow down. */
const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();
const turn = (): Promise<void> =>
  new Promise(resolve => {
    waiting.push(resolve);
    channel.port2.postMessage(0);
  });

addEventListener('message', async ({ data: { id, lane, question } }: MessageEvent<ToWorker>) => {
  newest.set(lane, id);
  const pause = async (): Promise<void> => {
    await turn();
    if (newest.get(lane) !== id) throw new Stale();
  };
  try {
    // A burst of requests is one: only the last of them begins.
    await pause();
    const answer = await HANDLERS[lane](question as never, {
      pause,
      part: part => say({ id, kind: 'part', part }),
    });
    say({ id, kind: 'answer', answer });
  } catch (error) {
    if (error instanceof Stale) say({ id, kind: 'superseded' });
    else {
      const isBug = !(error instanceof TrexError);
      const message =
        error instanceof Error ? (isBug ? `${error.message}\n${error.stack}` : error.message) : String(error);
      say({ id, kind: 'error', message, isBug });
    }
  }
});
