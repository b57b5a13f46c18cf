/** Where things lie in the shared memory: addresses are handed out once, in order, and never given back. */

/** Cache lines; vectors need less. */
const ALIGN = 64;
/** Vector reads may go beyond the end of an array, up to a panel. */
const SLACK = 64;

export class Arena {
  /** The next free address. */
  top: number;

  constructor(start: number) {
    this.top = aligned(start);
  }

  /** An address for `bytes` bytes. */
  bytes(bytes: number): number {
    const at = this.top;
    this.top = aligned(at + bytes + SLACK);
    return at;
  }

  floats(count: number): number {
    return this.bytes(4 * count);
  }
}

/** Vectors of four that hold `count` floats. */
export const vectorsOf = (count: number): number => Math.ceil(count / 4);

const aligned = (at: number): number => Math.ceil(at / ALIGN) * ALIGN;
