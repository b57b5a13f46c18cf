/** Cycles in which something moves, those to come that are known included. */

export const NEVER = -1;

export class ActiveCycles {
  /** The last one, as far as is known, and how many there were. */
  to = NEVER;
  count = 0;

  /** Something moves in the cycles `from` .. `to`; nothing is known of those between the last one and `from`. */
  cover(from: number, to: number): void {
    if (to <= this.to) return;
    this.count += to - Math.max(from - 1, this.to);
    this.to = to;
  }
}
