/** Deal: the vectors of a layer whose arrays stand there several times go to its copies in turn. */
import { type Step, stepOf, WINDOW } from '../program.ts';

export class Deal {
  /** By step: copies of its layer that share its jobs, its jobs of one image, and which of them is the next. */
  readonly #copies: Int32Array;
  readonly #jobs: Int32Array;
  readonly #next: Int32Array;
  /** By slot. */
  readonly #copyOf: Int32Array;

  constructor(steps: number) {
    this.#copies = new Int32Array(steps).fill(1);
    this.#jobs = new Int32Array(steps);
    this.#next = new Int32Array(steps);
    this.#copyOf = new Int32Array(steps * WINDOW);
  }

  /** So many copies share the jobs of `step` from now on. */
  connect({ index, jobs }: Step, copies: number): void {
    this.#copies[index] = copies;
    this.#jobs[index] = jobs;
    this.#next[index] = 0;
  }

  /** A job begins: job j of an image is for copy j mod copies, so that every image is dealt alike. */
  begin(slot: number): void {
    const step = stepOf(slot);
    const copies = this.#copies[step];
    if (copies === 1) return;
    const job = this.#next[step];
    this.#copyOf[slot] = job % copies;
    this.#next[step] = job + 1 === this.#jobs[step] ? 0 : job + 1;
  }

  /** The copy of a job that has begun. */
  copyOf(slot: number): number {
    return this.#copyOf[slot];
  }
}
