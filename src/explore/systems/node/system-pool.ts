/** Runs of networks on worker threads, each on whichever is free. */
import type { SystemFigures } from '../../../report/system-row.ts';
import { type AskPool, startAskPool } from '../../../wasm/node/ask-pool.ts';
import { siblingScript } from '../../../wasm/node/thread.ts';
import type { SystemRequest } from '../systems.ts';

/** Starts `threads` workers. */
export const startSystemPool = (threads: number): AskPool<SystemRequest, SystemFigures> =>
  startAskPool(siblingScript(import.meta.url, 'system-worker'), threads);
