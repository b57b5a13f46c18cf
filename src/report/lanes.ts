/** Parallel rows of a timeline: things that overlap get rows of their own, and a free row is used again. */
export class Lanes {
  readonly #taken = new Map<string, boolean[]>();

  /** The lowest free row of `group`. */
  take(group: string): number {
    const taken = this.#taken.get(group) ?? [];
    this.#taken.set(group, taken);
    const free = taken.indexOf(false);
    const lane = free < 0 ? taken.length : free;
    taken[lane] = true;
    return lane;
  }

  free(group: string, lane: number): void {
    const taken = this.#taken.get(group);
    if (taken !== undefined) taken[lane] = false;
  }
}
