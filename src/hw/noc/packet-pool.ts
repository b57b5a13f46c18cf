/** Packets that wait at their source or are in flight, as columns of typed arrays with a free list. */

import { longer } from './grow.ts';

const FIRST_CAPACITY = 256;

/** Packet numbers are reused after release(); the arrays grow by doubling. */
export class PacketPool {
  /**
   * Destination node and its place in the mesh. Of a packet to many: how many of them have not got their copy, and the code of
   * its tree, which is below 0.
   */
  dst = new Int32Array(FIRST_CAPACITY);
  dstX = new Int32Array(FIRST_CAPACITY);
  dstY = new Int32Array(FIRST_CAPACITY);
  /** Flits in all, and those that have not left the source yet. */
  flits = new Int32Array(FIRST_CAPACITY);
  flitsLeft = new Int32Array(FIRST_CAPACITY);
  /** The caller's tag. */
  tag = new Float64Array(FIRST_CAPACITY);
  /** Next packet in the same source queue, or next free number; -1 ends the list. */
  next = new Int32Array(FIRST_CAPACITY);
  #free = -1;
  #used = 0;

  /** A packet number whose columns the caller fills in; `next` is -1. */
  claim(): number {
    let packet = this.#free;
    if (packet >= 0) this.#free = this.next[packet];
    else {
      if (this.#used === this.dst.length) this.#grow();
      packet = this.#used++;
    }
    this.next[packet] = -1;
    return packet;
  }

  /** A copy of a packet has come to one of its destinations, `node`: the number under which it arrives there. */
  leaveTree(packet: number, node: number): number {
    // Nobody asks for the destinations of a packet whose last copy has found its own.
    const copy = --this.dst[packet] === 0 ? packet : this.claim();
    this.dst[copy] = node;
    this.dstX[copy] = this.dstX[packet];
    this.flits[copy] = this.flits[packet];
    this.tag[copy] = this.tag[packet];
    return copy;
  }

  release(packet: number): void {
    this.next[packet] = this.#free;
    this.#free = packet;
  }

  #grow(): void {
    const length = 2 * this.dst.length;
    // Numbers and the lengths of the columns stay 31-bit integers.
    if (length > 2 ** 29) throw new RangeError(`more than ${this.dst.length} packets in one network`);
    for (const key of ['dst', 'dstX', 'dstY', 'flits', 'flitsLeft', 'next'] as const)
      this[key] = longer(this[key], new Int32Array(length));
    this.tag = longer(this.tag, new Float64Array(length));
  }
}
