/** What the matrices of one back end share: memories, kernels and threads. */
import { EXIT, TrexError } from '../../../base/errors.ts';
import { Arena } from '../../../wasm/arena.ts';
import { wasmEngine } from '../../../wasm/engine.ts';
import type { ExportedFunction } from '../../../wasm/module.ts';
import { Kernels, type LoadedKernel } from './compile.ts';
import type { MvmPool } from './pool.ts';
import { type Piece, type ThreadTables, threadBytes, work } from './work.ts';

/** Matrices fill a memory up to here; the rest is for inputs, sums and tables. */
const MATRIX_BYTES = 3 * 2 ** 30;

/** Memory for one job, with the number of its next work item at the start. */
export interface Workspace {
  readonly arena: Arena;
  /** Leave the calling thread to other jobs. */
  readonly background: boolean;
  /** Bytes that are free for the job's own use. */
  readonly at: number;
  readonly counter: number;
}

const TOO_LARGE = 'the matrix and its inputs do not fit into 4 GiB of memory: cut the columns';
/** A counter has a cache line of its own. */
const COUNTER_BYTES = 64;

interface Area {
  readonly at: number;
  readonly bytes: number;
}

interface Place {
  readonly arena: Arena;
  readonly at: number;
}

export class Host {
  readonly threads: number;
  readonly #pool: MvmPool | undefined;
  readonly #kernels: Kernels;
  readonly #arenas: Arena[] = [];
  /** Tables and scratch of the threads in each memory, and room for one job. */
  readonly #tables = new Map<Arena, ThreadTables>();
  readonly #areas = new Map<Arena, Area>();
  #last: Promise<void> = Promise.resolve();
  readonly #background = new Set<Promise<unknown>>();

  /** `pool` holds all threads but the calling one. */
  constructor(threads: number, pool: MvmPool | undefined) {
    if (wasmEngine() === undefined) throw new TrexError('this host has no WebAssembly', EXIT.missing);
    this.threads = threads;
    this.#pool = pool;
    this.#kernels = new Kernels(pool);
  }

  /** Room for a matrix. @throws TrexError for one that fits no memory. */
  place(bytes: number): Place {
    for (const arena of this.#arenas) {
      if (arena.used + bytes > MATRIX_BYTES) continue;
      const at = arena.allocate(bytes);
      if (at !== undefined) return { arena, at };
    }
    const arena = this.#newArena();
    return { arena, at: arena.take(bytes) };
  }

  /** A memory for what goes with no matrix. */
  anyArena(): Arena {
    return this.#arenas[0] ?? this.#newArena();
  }

  #newArena(): Arena {
    const arena = new Arena(this.#pool !== undefined, TOO_LARGE);
    const number = this.#arenas.push(arena) - 1;
    this.#pool?.tell({ kind: 'join', memory: number, on: arena.memory });
    return arena;
  }

  kernel(arena: Arena, name: string, shape: unknown, emit: () => readonly ExportedFunction[]): LoadedKernel {
    return this.#kernels.get(arena, name, shape, emit);
  }

  /**
   * So many bytes for a queued job, in memory that was used before if possible: fresh memory takes the system's time.
   * They belong to the job until it ends or asks again.
   */
  workspace(arena: Arena, bytes: number): Workspace {
    const size = COUNTER_BYTES + bytes;
    let kept = this.#areas.get(arena);
    if (kept === undefined || kept.bytes < size) {
      if (kept !== undefined) arena.free(kept.at, kept.bytes);
      kept = { at: arena.take(size), bytes: size };
      this.#areas.set(arena, kept);
    }
    return { arena, background: false, counter: kept.at, at: kept.at + COUNTER_BYTES };
  }

  /** Calls `job` when those before it are done: they share a workspace and the threads' tables. */
  queue<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#last.then(job);
    this.#last = settled(result);
    return result;
  }

  /**
   * Calls `job` at once with a workspace of its own; the other threads work on it when they have nothing else to do. Such
   * a job uses no tables.
   */
  async inBackground<T>(arena: Arena, bytes: number, job: (space: Workspace) => Promise<T>): Promise<T> {
    const size = COUNTER_BYTES + bytes;
    const at = arena.take(size);
    const result = job({
      arena,
      background: this.#pool !== undefined,
      counter: at,
      at: at + COUNTER_BYTES,
    });
    const done = settled(result);
    this.#background.add(done);
    try {
      return await result;
    } finally {
      this.#background.delete(done);
      arena.free(at, size);
    }
  }

  /**
   * Works on tasks until they are done, each thread with so many bytes of tables.
   * `alone`: not worth waking other threads.
   */
  async work(
    { arena, counter, background }: Workspace,
    pieces: readonly Piece<LoadedKernel>[],
    { tables, alone = false }: { readonly tables?: number; readonly alone?: boolean } = {},
  ): Promise<void> {
    const rest = { tables: tables === undefined ? NO_TABLES : this.#place(arena, tables), counter };
    // From here on memory does not grow any more.
    const { buffer } = arena.memory;
    Atomics.store(new Int32Array(buffer, counter, 1), 0, 0);
    let others: Promise<void> | undefined;
    if (this.#pool !== undefined && (background || !alone)) {
      this.#kernels.teach(pieces.map(({ kernel }) => kernel));
      const assignment = {
        ...rest,
        pieces: pieces.map(({ kernel, task }) => ({ kernel: kernel.id, task })),
      };
      const job = { memory: this.#arenas.indexOf(arena), bytes: buffer.byteLength, assignment };
      others = this.#pool.run(job, background);
    }
    try {
      if (!background)
        work(
          { ...rest, pieces: pieces.map(({ kernel, task }) => ({ kernel: kernel.kernel, task })) },
          0,
          buffer,
        );
    } finally {
      await others;
    }
  }

  /** When all jobs are done. */
  async close(): Promise<void> {
    await Promise.all([this.#last, ...this.#background]);
    await this.#pool?.close();
  }

  /** Where the tables of the threads lie. */
  #place(arena: Arena, tables: number): ThreadTables {
    const bytes = threadBytes(tables);
    let kept = this.#tables.get(arena);
    if (kept === undefined || kept.bytes < bytes) {
      if (kept !== undefined) arena.free(kept.at, kept.bytes * this.threads);
      kept = { at: arena.take(bytes * this.threads), bytes };
      this.#tables.set(arena, kept);
    }
    return kept;
  }
}

const NO_TABLES: ThreadTables = { at: 0, bytes: 0 };

/** When a job has ended, well or not. */
const settled = (job: Promise<unknown>): Promise<void> =>
  job.then(
    () => {},
    () => {},
  );
