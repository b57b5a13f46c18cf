/** Who evaluates the points of a study: this thread, a pool of threads, or other machines. */
import type { Block, SealedRow } from '../job.ts';

/** What an engine tells whoever runs it. */
export interface EngineHooks {
  /** Called with rows as they are there, in any order; each job has one row. They are kept when the call comes back. */
  onRows(rows: readonly SealedRow[]): Promise<void> | void;
  /** Called now and then; may throw to stop. */
  pause?: (() => Promise<void>) | undefined;
}

/** Evaluates blocks of points, wherever it does so. */
export interface Engine {
  /**
   * Evaluates all blocks. They are taken one by one as there is room for them, so that memory does not grow with their
   * number. A point that cannot be has a row with its error; what is thrown ends the study.
   */
  run(blocks: AsyncIterable<Block>, hooks: EngineHooks): Promise<void>;
  /** Ends what still runs, and lets go of threads and connections. */
  close(): Promise<void>;
}
