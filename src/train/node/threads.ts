/** Node's worker threads for training. */
import { siblingScript } from '../../wasm/node/thread.ts';
import { startThreads as startPool } from '../../wasm/node/threads.ts';
import type { Helpers } from '../step/engine.ts';

/** Starts `count` threads that share the run's memory and do not keep the process alive. */
export const startThreads = (count: number): Helpers =>
  startPool(count, siblingScript(import.meta.url, 'train-worker'));
