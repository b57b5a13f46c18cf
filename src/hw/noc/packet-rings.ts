/** Which packets come to each input VC, in their order: a ring for each, behind the VCs of its port. */
import { lowest } from './round-robin.ts';
import { RING, VC } from './router-layout.ts';

export class PacketRings {
  /** Words of a ring. */
  readonly words: number;
  readonly #words: Int32Array;
  readonly #depth: number;
  readonly #first: number;

  /** In the words of all routers; `first`: from a port to its first ring; `depth`: flits of a buffer. */
  constructor(words: Int32Array, first: number, depth: number) {
    this.#words = words;
    this.#first = first;
    this.#depth = depth;
    this.words = ringWords(depth);
  }

  /** Where the ring of an input VC begins. */
  of(vc: number): number {
    const words = this.#words;
    return words[vc + VC.port] + this.#first + lowest(words[vc + VC.bit]) * this.words;
  }

  /** The packet at the front of an input VC. */
  packet(vc: number): number {
    const words = this.#words;
    const ring = this.of(vc);
    return words[ring + RING.words + words[ring + RING.front]];
  }

  /** The next packet whose flits are going to come to an input VC. */
  announce(vc: number, packet: number): void {
    const words = this.#words;
    const ring = this.of(vc);
    const place = words[ring + RING.back];
    words[ring + RING.words + place] = packet;
    words[ring + RING.back] = place === this.#depth ? 0 : place + 1;
  }

  /** The packet is going to come to an input VC before those that have been announced. */
  announceFirst(vc: number, packet: number): void {
    const words = this.#words;
    const ring = this.of(vc);
    const place = words[ring + RING.front] === 0 ? this.#depth : words[ring + RING.front] - 1;
    words[ring + RING.words + place] = packet;
    words[ring + RING.front] = place;
  }

  /** The packet at the front of an input VC is not there any more. */
  dropPacket(vc: number): void {
    const words = this.#words;
    const front = this.of(vc) + RING.front;
    words[front] = words[front] === this.#depth ? 0 : words[front] + 1;
  }

  /** Whether an input VC has been told of this packet and no other one. */
  holdsOnly(vc: number, packet: number): boolean {
    const words = this.#words;
    const ring = this.of(vc);
    const front = words[ring + RING.front];
    const next = front === this.#depth ? 0 : front + 1;
    return words[ring + RING.back] === next && words[ring + RING.words + front] === packet;
  }
}

export const ringWords = (depth: number): number => RING.words + depth + 1;
