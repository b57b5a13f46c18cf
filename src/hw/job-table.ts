/** Places of the jobs in flight in the tables of the blocks that hold one layer, or several as sets of weights. */
import { entryOf, type Step, slotOf, stepOf, WINDOW } from './program.ts';

/** Steps that share a layer may be at work on it at the same time, so that each has WINDOW places of its own. */
export class JobTable {
  /** Number of places. */
  readonly size: number;
  /** First place of each step; the load, whose step comes after them, is over before they begin. */
  readonly #first: Int32Array;
  /** Set of weights of each step. */
  readonly #set: Uint8Array;
  readonly #once: number;

  /** For the layers with these ids, each in a set of its own; without steps there is the load alone. */
  constructor(steps: readonly Step[], layers: readonly string[]) {
    this.#once = steps.length;
    this.#first = new Int32Array(steps.length + 1);
    this.#set = new Uint8Array(steps.length);
    let size = 0;
    for (const step of steps) {
      const set = step.layer === undefined ? -1 : layers.indexOf(step.layer);
      if (set < 0) continue;
      this.#first[step.index] = size;
      this.#set[step.index] = set;
      size += WINDOW;
    }
    this.size = Math.max(size, WINDOW);
  }

  /** The place of a job of one of the steps. */
  placeOf(slot: number): number {
    return this.#first[stepOf(slot)] + entryOf(slot);
  }

  /** The set of weights that a job reads or writes: the load of set s is job s of its step. */
  setOf(slot: number): number {
    const step = stepOf(slot);
    return step === this.#once ? entryOf(slot) : this.#set[step];
  }

  /** A table of places that all hold `value`. */
  filled(value: number): Int32Array {
    return new Int32Array(this.size).fill(value);
  }
}

/** The job that loads a set of weights before the first image; `once`: the step behind all others. */
export const loadSlot = (once: number, set: number): number => slotOf(once, set);
