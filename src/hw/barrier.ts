/** Waits for all parties of a job: the crossbars of a PE, the PEs of a tile, the tiles of a layer. */

export class Barrier {
  readonly #parties: Int32Array;
  readonly #missing: Int32Array;

  /** `parties`: how many are waited for, by entry. */
  constructor(parties: Int32Array) {
    this.#parties = parties;
    this.#missing = parties.slice();
  }

  /** At the entries from `first` to before `end`, which have no job yet, `parties` are waited for. */
  expect(parties: number, first: number, end: number): void {
    this.#parties.fill(parties, first, end);
    this.#missing.fill(parties, first, end);
  }

  /** One has come; whether it was the last. The entry is then ready for another job. */
  arrive(entry: number): boolean {
    if (--this.#missing[entry] > 0) return false;
    this.#missing[entry] = this.#parties[entry];
    return true;
  }
}
