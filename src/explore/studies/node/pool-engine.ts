/**
 * Points on threads of this process. A thread that ends in the middle of its work (out of memory, a crash) takes no other point
 * with it: its block is tried again point by point, and a point that ends its thread twice has a row that says so.
 */
import { MessageChannel } from 'node:worker_threads';
import { Tinypool } from 'tinypool';
import { siblingScript } from '../../../wasm/node/thread.ts';
import { type Block, failedRow, type SealedRow } from '../job.ts';
import type { Engine } from './engine.ts';
import type { DataPlace } from './evaluation-host.ts';
import type { PointTask } from './point-worker.ts';

/** Blocks at hand per thread: the next one waits there while a thread is at one. */
const AHEAD = 2;
/** What a thread that has ended may still have sent arrives by then. */
const LAST_WORDS_MS = 200;
/** Times that a point may end its thread. */
const MOST_ENDS = 2;

/** A thread ended while it was at a block. */
class ThreadEnded extends Error {}

/** What the threads of a pool run, and what they may read. */
export interface PoolOptions {
  /** Exports `evaluate`, as point-worker.ts does. */
  readonly script?: URL;
  /** Where weights and data are read: anywhere, or below a folder alone. */
  readonly data?: DataPlace;
}

/** Points on so many threads of this machine. */
export function poolEngine(threads: number, options: PoolOptions = {}): Engine {
  const { script = siblingScript(import.meta.url, 'point-worker'), data = 'anywhere' } = options;
  const pool = new Tinypool({
    filename: script.href,
    name: 'evaluate',
    runtime: 'worker_threads',
    minThreads: threads,
    maxThreads: threads,
    isolateWorkers: false,
    // A point leaves little behind: fewer, larger collections.
    resourceLimits: { maxYoungGenerationSizeMb: 64 },
  });
  // Of threads that end without work there is nothing to say: the pool starts new ones.
  pool.on('error', () => {});
  return {
    async run(blocks, { onRows, pause }) {
      const atWork = new Set<Promise<void>>();
      let failure: { readonly error: unknown } | undefined;
      let last: Promise<void> | undefined;
      const start = (block: Block): void => {
        // Rows of blocks of many come in order, which saves putting them in order; a point alone waits for no other.
        const before = block.jobs.length > 1 ? last : undefined;
        const work = rowsOf(pool, data, block)
          .then(async rows => {
            await before;
            await onRows(rows);
          })
          .catch(error => {
            failure ??= { error };
          })
          .finally(() => atWork.delete(work));
        atWork.add(work);
        last = work;
      };
      const settle = async (most: number): Promise<void> => {
        while (atWork.size > most && failure === undefined) {
          await Promise.race(atWork);
          await pause?.();
        }
        if (failure !== undefined) throw failure.error;
      };
      for await (const block of blocks) {
        start(block);
        await settle(AHEAD * threads - 1);
      }
      await settle(0);
    },
    close: () => pool.destroy(),
  };
}

async function rowsOf(pool: Tinypool, data: DataPlace, block: Block, ends = 0): Promise<SealedRow[]> {
  try {
    return await ask(pool, { block, data });
  } catch (error) {
    if (!(error instanceof ThreadEnded)) throw error;
    const { jobs } = block;
    if (jobs.length === 1 && ends + 1 >= MOST_ENDS)
      return [failedRow(block, jobs[0], `${error.message}, ${MOST_ENDS} times`)];
    // Alone, so that the others are not lost with the one that ends its thread.
    const alone = jobs.map(job =>
      rowsOf(pool, data, { ...block, jobs: [job] }, jobs.length === 1 ? ends + 1 : 0),
    );
    return (await Promise.all(alone)).flat();
  }
}

/** @throws ThreadEnded, or what the thread threw */
async function ask(pool: Tinypool, work: Omit<PointTask, 'alive'>): Promise<SealedRow[]> {
  const { port1, port2 } = new MessageChannel();
  const gone = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  port1.on('close', () => {
    // The pool itself does not notice a thread that has just left: it would wait for its answer for ever.
    timer = setTimeout(() => gone.abort(), LAST_WORDS_MS);
  });
  try {
    const task: PointTask = { ...work, alive: port2 };
    return (await pool.run(task, { transferList: [port2], signal: gone.signal })) as SealedRow[];
  } catch (error) {
    const { name, code, message } = error as NodeJS.ErrnoException;
    if (name === 'AbortError') throw new ThreadEnded('its thread ended');
    if (code === 'ERR_WORKER_OUT_OF_MEMORY') throw new ThreadEnded('its thread ran out of memory');
    throw error instanceof Error ? error : new Error(message);
  } finally {
    clearTimeout(timer);
    port1.removeAllListeners('close');
    port1.close();
  }
}
