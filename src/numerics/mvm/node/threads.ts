/** Node's worker threads for the wasm back end. */
import { siblingScript } from '../../../wasm/node/thread.ts';
import { startThreads as startPool } from '../../../wasm/node/threads.ts';
import type { MvmPool } from '../wasm/pool.ts';

/** Starts `count` threads that wait for work and do not keep the process alive. */
export const startThreads = (count: number): MvmPool =>
  startPool(count, siblingScript(import.meta.url, 'mvm-worker'));
