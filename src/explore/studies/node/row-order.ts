/** Whether rows come in the order of their points: then a file of them needs no putting in order. */
import type { Block, SealedRow } from '../job.ts';

export class RowOrder {
  /** Ids of points that are out, from `#next` on. */
  #ids: string[] = [];
  #next = 0;
  #holds = true;

  /** False once a row has come before one that stands before it. */
  get holds(): boolean {
    return this.#holds;
  }

  /** The same blocks. */
  async *watched(blocks: AsyncIterable<Block>): AsyncGenerator<Block> {
    for await (const block of blocks) {
      if (this.#holds) for (const { id } of block.jobs) this.#ids.push(id);
      yield block;
    }
  }

  /** Rows that are kept now. */
  saw(rows: readonly SealedRow[]): void {
    if (!this.#holds) return;
    for (const { id } of rows) if (this.#ids[this.#next++] !== id) this.#holds = false;
    // Memory does not grow with their number.
    if (this.#holds && this.#next < this.#ids.length / 2) return;
    this.#ids = this.#holds ? this.#ids.slice(this.#next) : [];
    this.#next = 0;
  }
}
