/** One helper thread of a training run: builds its view of the shared memory and works when told. */
import { parentPort } from 'node:worker_threads';
import { type HelperStart, siteOf } from '../step/engine.ts';
import { type Job, type Site, work } from '../step/work.ts';

export type Message =
  | { readonly kind: 'start'; readonly start: HelperStart; readonly thread: number }
  | { readonly kind: 'run'; readonly job: Job };

export interface Reply {
  readonly error?: string;
}

let site: Site | undefined;

parentPort?.on('message', (message: Message) => {
  parentPort?.postMessage(answer(message));
});

function answer(message: Message): Reply {
  try {
    if (message.kind === 'start') {
      const { layout, module, memory } = message.start;
      site = siteOf(layout, module, memory, message.thread);
    } else work(site!, message.job);
    return {};
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
