/** Places of the jobs in flight in the tables of the blocks that hold one layer. */
import { entryOf, type Step, stepOf, WINDOW } from './program.ts';

/** Steps that share a layer may be at work on it at the same time, so that each has WINDOW places of its own. */
export class JobTable {
  /** Number of places. */
  readonly size: number;
  /** First place of each step; the load, whose step comes after them, is over before they begin. */
  readonly #first: Int32Array;

  /** For the layer with this id; without steps there is the load alone. */
  constructor(steps: readonly Step[], layer: string) {
    this.#first = new Int32Array(steps.length + 1);
    let size = 0;
    for (const step of steps) {
      if (step.layer !== layer) continue;
      this.#first[step.index] = size;
      size += WINDOW;
    }
    this.size = Math.max(size, WINDOW);
  }

  /** The place of a job of one of the steps. */
  placeOf(slot: number): number {
    return this.#first[stepOf(slot)] + entryOf(slot);
  }

  /** A table of places that all hold `value`. */
  filled(value: number): Int32Array {
    return new Int32Array(this.size).fill(value);
  }
}
