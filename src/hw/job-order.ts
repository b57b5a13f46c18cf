/** The jobs of the crossbars of a PE in the order in which they come: every crossbar does the same ones, at its own pace. */

/** A ring that the crossbars share, so that each of them keeps two counters instead of a queue. */
export class JobOrder {
  readonly #ring: Int32Array;
  #count = 0;

  /** `capacity`: jobs of the PE that can be in flight. */
  constructor(capacity: number) {
    this.#ring = new Int32Array(capacity);
  }

  /** Jobs that can be in flight. */
  get capacity(): number {
    return this.#ring.length;
  }

  /** A crossbar is given its job number `index`, the same for every crossbar. Throws Error when another was given a different one. */
  note(index: number, job: number): void {
    const at = index % this.#ring.length;
    if (index === this.#count) {
      this.#ring[at] = job;
      this.#count++;
    } else if (this.#ring[at] !== job) {
      throw new Error(`job ${index} of a PE is ${this.#ring[at]} for one crossbar and ${job} for another`);
    }
  }

  /** Job number `index`. Throws Error when so many came after it that it is forgotten. */
  at(index: number): number {
    const { length } = this.#ring;
    if (this.#count - index > length) throw new Error(`more than ${length} jobs wait for a crossbar`);
    return this.#ring[index % length];
  }
}
