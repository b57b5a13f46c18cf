/** A network that takes no time and never blocks: what a chip would reach if its interconnect were free. */
import { Component } from '../../sim/component.ts';
import type { Kernel } from '../../sim/kernel.ts';
import { Phase } from '../../sim/tick.ts';
import { checkPacket, type Noc, type NocCounts } from './noc.ts';

/** Delivers in the tick of send(), as a further event of Phase.Deliver; only packets and flits are counted. */
export class IdealNoc extends Component implements Noc {
  readonly nodes: number;
  onDeliver: (node: number, tag: number) => void = () => {};
  readonly #arrive: number;
  /** Packets between send() and delivery: events of one tick and phase run in the order of send(). */
  readonly #node: number[] = [];
  readonly #tag: number[] = [];
  readonly #free: number[] = [];
  #packets = 0;
  #flits = 0;

  constructor(parent: Component | Kernel, name: string, nodes: number) {
    super(parent, name);
    this.nodes = nodes;
    this.#arrive = this.kernel.handler(packet => this.#deliver(packet));
    this.stat('packets', '1', () => this.#packets);
    this.stat('flits', '1', () => this.#flits);
  }

  get counts(): NocCounts {
    return {
      packets: this.#packets,
      flits: this.#flits,
      flitHops: 0,
      flitLengths: 0,
      routerTraversals: 0,
      bufferWrites: 0,
      bufferReads: 0,
      allocations: 0,
    };
  }

  hops(_src: number, _dst: number): number {
    return 0;
  }

  wire(_src: number, _dst: number): number {
    return 0;
  }

  routers(_src: number, _dst: number): number {
    return 0;
  }

  /** It has no links. */
  linkEnds(link: number): never {
    throw new RangeError(`${this.path} has no link ${link}`);
  }

  /** It has no turns to forget. */
  reset(): void {}

  send(src: number, dst: number, flits: number, tag: number): void {
    checkPacket(this.nodes, src, dst, flits);
    const packet = this.#free.pop() ?? this.#node.length;
    this.#node[packet] = dst;
    this.#tag[packet] = tag;
    this.#flits += flits;
    this.kernel.at(this.kernel.now, Phase.Deliver, this.#arrive, packet);
  }

  #deliver(packet: number): void {
    this.#packets++;
    this.#free.push(packet);
    this.onDeliver(this.#node[packet], this.#tag[packet]);
  }
}
