/**
 * What a submitter waits for: blocks that are out, and the points in them that have no row yet. A point has one row, however often
 * its job comes back: a queue delivers at least once, and exactly once is made here.
 */
import { type Block, failedRow, type Job, type SealedRow } from '../../job.ts';

/** Rows of an earlier submitter that may still be asked for. */
const MOST_EARLY = 200_000;

export interface PendingBlock {
  readonly name: string;
  readonly block: Block;
  /** The points without a row, by their ids. */
  readonly open: Map<string, Job>;
  /** Whether Redis has it, as far as is known. */
  isQueued: boolean;
}

export class Pending {
  readonly #blocks = new Map<string, PendingBlock>();
  readonly #blockOf = new Map<string, PendingBlock>();
  readonly #early = new Map<string, SealedRow>();
  readonly #nameOf: (ids: readonly string[]) => string;

  constructor(nameOf: (ids: readonly string[]) => string) {
    this.#nameOf = nameOf;
  }

  /** Blocks that are out. */
  get size(): number {
    return this.#blocks.size;
  }

  get blocks(): Iterable<PendingBlock> {
    return this.#blocks.values();
  }

  /** Takes up a block. Rows that are there already, of a submitter that was killed, come back at once. */
  add(block: Block): SealedRow[] {
    const there: SealedRow[] = [];
    const jobs = block.jobs.filter(({ id }) => {
      const row = this.#early.get(id);
      if (row === undefined) return true;
      this.#early.delete(id);
      there.push(row);
      return false;
    });
    if (jobs.length > 0) this.#put({ ...block, jobs });
    return there;
  }

  #put(block: Block): void {
    const ids = block.jobs.map(job => job.id);
    const open = new Map(block.jobs.map(job => [job.id, job]));
    const pending: PendingBlock = { name: this.#nameOf(ids), block, open, isQueued: false };
    this.#blocks.set(pending.name, pending);
    for (const id of ids) this.#blockOf.set(id, pending);
  }

  /** Those of the rows that nobody has had yet. */
  take(rows: readonly SealedRow[]): SealedRow[] {
    return rows.filter(row => {
      const pending = this.#blockOf.get(row.id);
      if (pending === undefined) {
        if (this.#early.size < MOST_EARLY) this.#early.set(row.id, row);
        return false;
      }
      this.#blockOf.delete(row.id);
      pending.open.delete(row.id);
      if (pending.open.size === 0) this.#blocks.delete(pending.name);
      return true;
    });
  }

  /** A block that nobody takes any more: its points go out one by one, so that only the one that ends its workers is lost. */
  giveUp(name: string, starts: number): SealedRow[] {
    const pending = this.#blocks.get(name);
    if (pending === undefined) return [];
    const { block, open } = pending;
    const jobs = [...open.values()];
    if (block.jobs.length === 1)
      return this.take(jobs.map(job => failedRow(block, job, `its worker ended, ${starts} times`)));
    this.#blocks.delete(name);
    for (const job of jobs) this.#put({ ...block, jobs: [job] });
    return [];
  }

  /** Redis does not know this job: it goes out again. */
  lost(name: string): void {
    const pending = this.#blocks.get(name);
    if (pending !== undefined) pending.isQueued = false;
  }
}
