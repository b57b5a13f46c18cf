/** An H-tree: a binary or quad tree of switches whose links are shared and queue; layout as in NeuroSim's H-tree. */
import type { Clock } from '../../sim/clock.ts';
import { Component } from '../../sim/component.ts';
import type { Kernel } from '../../sim/kernel.ts';
import { ProbePoint } from '../../sim/probe.ts';
import type { Served } from '../../sim/resource.ts';
import { Phase, type Tick } from '../../sim/tick.ts';
import { checkPacket, type Noc, type NocCounts } from './noc.ts';
import { TreeRoute } from './tree-route.ts';

/** Links between level l - 1 and level l; the first entry lies next to the root. */
export interface TreeLevel {
  readonly latency_cycles: number;
  /** Flits that enter one link in one cycle. */
  readonly flitsPerCycle: number;
}

export interface HTreeOptions {
  readonly arity: 2 | 4;
  /** One entry per level of links; there are arity ** levels.length leaves. */
  readonly levels: readonly TreeLevel[];
}

/**
 * Nodes are the leaves, then one more node at the root switch. Packets cut through: the head goes on while the tail
 * still enters the link before, and a link serves one packet at a time, first come first served. Switches hold as much as
 * queues up (no back-pressure). A packet alone takes the sum of the latencies plus the cycles of its other flits.
 */
export class HTree extends Component implements Noc {
  readonly nodes: number;
  readonly route: TreeRoute;
  onDeliver: (node: number, tag: number) => void = () => {};
  /** Every link is one in either direction. */
  readonly #links: TreeLinks;
  readonly #clock: Clock;
  readonly #levels: readonly TreeLevel[];
  /** Tick from which each link is free, per direction. */
  readonly #upFree: Float64Array;
  readonly #downFree: Float64Array;
  readonly #linkFlits: Float64Array;
  readonly #head: number;
  readonly #tail: number;
  readonly #packets: TreePacket[] = [];
  readonly #free: number[] = [];
  #delivered = 0;
  #flits = 0;
  #traversals = 0;
  #claims = 0;

  /** Throws RangeError for a tree that cannot be built. */
  constructor(parent: Component | Kernel, name: string, options: HTreeOptions, clock: Clock) {
    super(parent, name);
    const { arity, levels } = options;
    if (levels.length < 1 || arity ** levels.length > 2 ** 20)
      throw new RangeError(`H-tree of ${levels.length} levels`);
    for (const { latency_cycles, flitsPerCycle } of levels) {
      if (!Number.isInteger(latency_cycles) || latency_cycles < 1) {
        throw new RangeError(`H-tree link latency of ${latency_cycles} cycles: needs an integer from 1 up`);
      }
      if (!(flitsPerCycle > 0)) throw new RangeError(`H-tree link of ${flitsPerCycle} flits per cycle`);
    }
    this.route = new TreeRoute(arity, levels.length);
    this.nodes = this.route.leaves + 1;
    this.#clock = clock;
    this.#levels = levels;
    const links = this.route.firstLink[levels.length + 1];
    this.#links = this.resource('links', new TreeLinks(2 * links));
    this.#upFree = new Float64Array(links);
    this.#downFree = new Float64Array(links);
    this.#linkFlits = new Float64Array(levels.length);
    this.#head = this.kernel.handler(packet => this.#enterLink(packet));
    this.#tail = this.kernel.handler(packet => this.#deliver(packet));
    for (const key of Object.keys(this.counts) as (keyof NocCounts)[])
      this.stat(key, '1', () => this.counts[key]);
    levels.forEach((_, i) => {
      this.stat(`linkFlits[${i + 1}]`, '1', () => this.#linkFlits[i]);
    });
  }

  /** Flits times links, per level of links; the first entry lies next to the root. */
  get linkFlits(): readonly number[] {
    return [...this.#linkFlits];
  }

  get counts(): NocCounts {
    return {
      packets: this.#delivered,
      flits: this.#flits,
      flitHops: this.#linkFlits.reduce((sum, flits) => sum + flits, 0),
      routerTraversals: this.#traversals,
      bufferWrites: this.#traversals,
      bufferReads: this.#traversals,
      allocations: this.#claims,
    };
  }

  hops(src: number, dst: number): number {
    return this.route.hops(src, dst);
  }

  /** A node at the root sits on its switch; leaves hang below theirs. */
  routers(src: number, dst: number): number {
    const links = this.hops(src, dst);
    return Math.max(1, src === this.route.root || dst === this.route.root ? links : links - 1);
  }

  /** Links serve first come, first served: there are no turns to forget. */
  reset(): void {}

  send(src: number, dst: number, flits: number, tag: number): void {
    checkPacket(this.nodes, src, dst, flits);
    const edge = this.#clock.edge();
    const turn = this.route.turn(src, dst);
    const up = this.route.level(src) - turn;
    const packet = { src, dst, flits, tag, turn, up, step: 0, links: this.hops(src, dst), tailIn: edge };
    const id = this.#free.pop() ?? this.#packets.length;
    this.#packets[id] = packet;
    if (packet.links > 0) this.kernel.at(edge, Phase.Deliver, this.#head, id);
    else this.kernel.at(edge + (flits - 1) * this.#clock.period, Phase.Deliver, this.#tail, id);
  }

  /** The head is at the entrance of its next link: the link is reserved now, for as long as the flits take. */
  #enterLink(id: number): void {
    const packet = this.#packets[id];
    const { src, dst, flits, turn, up, step } = packet;
    const { period } = this.#clock;
    const rising = step < up;
    const level = rising ? this.route.level(src) - step : turn + 1 + step - up;
    const link = this.route.link(rising ? src : dst, level);
    const { latency_cycles, flitsPerCycle } = this.#levels[level - 1];
    const free = rising ? this.#upFree : this.#downFree;

    const start = Math.max(this.kernel.now, free[link]);
    // A tail that comes in late, from a narrower link or a queue, keeps the link for longer.
    const end = Math.max(start + Math.ceil(flits / flitsPerCycle) * period, packet.tailIn + period);
    free[link] = end;
    this.#links.serve(rising ? link : this.#upFree.length + link, start, end);
    const latency: Tick = latency_cycles * period;
    packet.tailIn = end - period + latency;
    packet.step++;
    this.#linkFlits[level - 1] += flits;
    this.#claims++;
    if (packet.step < packet.links) this.kernel.at(start + latency, Phase.Deliver, this.#head, id);
    else this.kernel.at(packet.tailIn, Phase.Deliver, this.#tail, id);
  }

  #deliver(id: number): void {
    const { src, dst, flits, tag } = this.#packets[id];
    this.#delivered++;
    this.#flits += flits;
    this.#traversals += flits * this.routers(src, dst);
    this.#free.push(id);
    this.onDeliver(dst, tag);
  }
}

/** Links, up and down, and for how long packets held them. */
class TreeLinks implements Served {
  readonly servers: number;
  readonly onService = new ProbePoint();
  busyTime: Tick = 0;

  constructor(servers: number) {
    this.servers = servers;
  }

  serve(link: number, start: Tick, end: Tick): void {
    this.busyTime += end - start;
    this.onService.emit(link, start, end);
  }
}

interface TreePacket {
  readonly src: number;
  readonly dst: number;
  readonly flits: number;
  readonly tag: number;
  /** Level of the highest switch, links on the way up, links passed, and links in all. */
  readonly turn: number;
  readonly up: number;
  step: number;
  readonly links: number;
  /** Tick at which the tail reaches the entrance of the next link. */
  tailIn: Tick;
}
