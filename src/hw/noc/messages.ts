/** Vectors to many nodes, cut into packets: a node has got one when it has got a copy of each of its packets. */

interface Message {
  readonly tag: number;
  readonly packets: number;
  /** Copies of packets that have not arrived, at any node. */
  left: number;
  /** Packets that have arrived, by node; nothing where one packet is all. */
  readonly arrived: Map<number, number>;
}

/** Message numbers are reused after the last arrival. */
export class Messages {
  readonly #messages: Message[] = [];
  readonly #free: number[] = [];

  /** A message of so many packets to so many nodes; returns its number. */
  start(tag: number, packets: number, nodes: number): number {
    const message = this.#free.pop() ?? this.#messages.length;
    this.#messages[message] = { tag, packets, left: packets * nodes, arrived: new Map() };
    return message;
  }

  tagOf(message: number): number {
    return this.#messages[message].tag;
  }

  /** A packet of the message has come to `node`; `done` follows when it was the node's last. */
  arrive(number: number, node: number, done: (node: number, tag: number) => void): void {
    const message = this.#messages[number];
    if (--message.left === 0) this.#free.push(number);
    if (message.packets > 1) {
      // Packets may overtake each other on different VCs.
      const arrived = (message.arrived.get(node) ?? 0) + 1;
      message.arrived.set(node, arrived);
      if (arrived < message.packets) return;
    }
    done(node, message.tag);
  }
}
