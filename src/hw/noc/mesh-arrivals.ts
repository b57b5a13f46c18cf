/** Packets whose tails come to their nodes in one cycle, told in the order of nodes. */
import { BitSet } from './bit-set.ts';
import type { Messages } from './messages.ts';
import type { PacketPool } from './packet-pool.ts';

export class MeshArrivals {
  /** Packets that have arrived so far. */
  packets = 0;
  readonly #pool: PacketPool;
  readonly #messages: Messages;
  /** Nodes that a tail has reached in this cycle, and its packet. */
  readonly #ended: BitSet;
  readonly #endedPacket: Int32Array;

  constructor(nodes: number, pool: PacketPool, messages: Messages) {
    this.#pool = pool;
    this.#messages = messages;
    this.#ended = new BitSet(nodes);
    this.#endedPacket = new Int32Array(nodes);
  }

  end(packet: number): void {
    const node = this.#pool.dst[packet];
    this.#ended.add(node);
    this.#endedPacket[node] = packet;
  }

  /** Tells of all that have ended since, and releases them. */
  tell(onDeliver: (node: number, tag: number) => void): void {
    const ended = this.#ended;
    const pool = this.#pool;
    for (let node = ended.next(0); node >= 0; node = ended.next(node + 1)) {
      const packet = this.#endedPacket[node];
      const tag = pool.tag[packet];
      const copy = pool.dstX[packet] < 0;
      ended.remove(node);
      this.packets++;
      pool.release(packet);
      if (copy) this.#messages.arrive(tag, node, onDeliver);
      else onDeliver(node, tag);
    }
  }
}
