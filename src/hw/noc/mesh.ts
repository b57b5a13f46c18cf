/** A mesh of input-queued VC routers, flit by flit; timing of BookSim 2's iq_router (Jiang et al., ISPASS 2013). */
import type { Clock } from '../../sim/clock.ts';
import { Component } from '../../sim/component.ts';
import type { Kernel } from '../../sim/kernel.ts';
import { ProbePoint } from '../../sim/probe.ts';
import type { Served } from '../../sim/resource.ts';
import { Phase, type Tick } from '../../sim/tick.ts';
import { BitSet } from './bit-set.ts';
import { FixedDelay } from './fixed-delay.ts';
import { BulkCounts } from './flit-layers.ts';
import { type ChipPlace, gridPlace } from './floorplan.ts';
import { type MeshOptions, type MeshParams, meshParams } from './mesh-params.ts';
import { Messages } from './messages.ts';
import { checkPacket, checkTree, type MulticastNoc, type NocCounts } from './noc.ts';
import { PacketPool } from './packet-pool.ts';
import { RouterArray } from './router-array.ts';
import { VC } from './router-layout.ts';
import { RouterPipeline } from './router-pipeline.ts';
import { INJECTION_CYCLES, SourceQueues } from './source-queues.ts';
import { WholePackets } from './whole-packets.ts';
import { wormTimes } from './worm-times.ts';
import { XyTrees } from './xy-trees.ts';

const NO_BULK = new BulkCounts();

/**
 * Vectors to many nodes take the tree of their XY routes. A router sends the copies of a packet one after another, to one output
 * at a time, and keeps the flits until the last copy has them, as routers do that have no crossbar with several outputs at once
 * (those to which Krishna et al., MICRO 2011, compare one that forks in a single cycle). Why that cannot deadlock, on the VCs of all other traffic: no packet of a tree is longer than a
 * VC's buffer (longer vectors are cut), so the VC that a copy was given takes all of it in the end, and the router holds all of it
 * however far other copies are. A buffer thus waits for nothing but room in one further on an XY route, and these have no circle.
 *
 * One component for all routers. It schedules one event per clock cycle (Phase.Deliver) while a flit or credit
 * moves, and none while it is idle. A router is visited only in cycles in which it can do something.
 */
export class Mesh extends Component implements MulticastNoc {
  readonly params: MeshParams;
  readonly nodes: number;
  onDeliver: (node: number, tag: number) => void = () => {};
  /** The head flit of a packet enters the network: (node, tag). */
  readonly onInject = new ProbePoint();
  readonly #links: MeshLinks;
  readonly #routers: RouterArray;
  readonly #clock: Clock;
  readonly #packets = new PacketPool();
  readonly #trees: XyTrees;
  readonly #messages = new Messages();
  readonly #sources: SourceQueues;
  readonly #pipeline: RouterPipeline;
  /** Tick of the last cycle in which a node injected, so that a node sends at most one flit in a cycle. */
  readonly #sentAt: Float64Array;
  /** Nodes that a tail has reached in this cycle, and its packet. */
  readonly #ended: BitSet;
  readonly #endedPacket: Int32Array;
  readonly #step: number;
  readonly #whole: WholePackets | undefined;
  readonly #wake: number;
  /** Wakes to come, and cycles that the kernel has counted as events. */
  #wakes = 0;
  #lastWake = -1;
  #lateWake = -1;
  #listened = false;
  #told = 0;
  #scheduled = false;
  #injectedAt: Tick = -1;
  #packetCount = 0;

  /** Throws RangeError for a figure that no mesh can have. */
  constructor(parent: Component | Kernel, name: string, options: MeshOptions, clock: Clock) {
    super(parent, name);
    const params = meshParams(options);
    this.params = params;
    this.nodes = params.rows * params.cols;
    this.#clock = clock;
    const nodes = this.nodes;
    this.#trees = new XyTrees(params.rows, params.cols);
    const routers = new RouterArray(params, this.#packets, this.#trees);
    this.#routers = routers;
    const injected = new FixedDelay(nodes, INJECTION_CYCLES);
    this.#sources = new SourceQueues(routers, injected, params.waitForTailCredit);
    this.#pipeline = new RouterPipeline(routers, params, injected);
    const { rows, cols } = params;
    const links = 2 * (rows * (cols - 1) + cols * (rows - 1));
    this.#links = this.resource('links', new MeshLinks(links, clock.period, () => this.#hopCount()));
    this.#sentAt = new Float64Array(nodes).fill(-1);
    this.#ended = new BitSet(nodes);
    this.#endedPacket = new Int32Array(nodes);
    this.#step = this.kernel.handler(() => this.#cycle());
    this.#wake = this.kernel.handler(() => this.#look());
    this.#whole = params.whole ? this.#wholePackets() : undefined;
    for (const key of Object.keys(this.counts) as (keyof NocCounts)[])
      this.stat(key, '1', () => this.counts[key]);
  }

  get counts(): NocCounts {
    const { sinks, vcGrants, writes } = this.#pipeline;
    const bulk = this.#whole?.counts ?? NO_BULK;
    const hops = this.#hopCount();
    const reads = this.#pipeline.reads + bulk.reads;
    return {
      packets: this.#packetCount,
      flits: sinks.arrived + bulk.flits,
      flitHops: hops,
      flitLengths: hops,
      routerTraversals: reads,
      bufferWrites: writes + bulk.writes,
      bufferReads: reads,
      allocations: vcGrants + bulk.vcGrants + reads,
    };
  }

  #hopCount(): number {
    // What is left, when all packets have arrived, are their credits.
    if (this.#wakes === 0) this.#whole?.drain();
    return this.#pipeline.hops + (this.#whole?.counts.hops ?? 0);
  }

  hops(src: number, dst: number): number {
    const { cols } = this.params;
    const across = Math.abs((src % cols) - (dst % cols));
    return across + Math.abs(Math.floor(src / cols) - Math.floor(dst / cols));
  }

  /** Links are equally long. */
  wire(src: number, dst: number): number {
    return this.hops(src, dst);
  }

  /** A link is named by the input port at its end. */
  linkEnds(link: number): readonly [ChipPlace, ChipPlace] {
    const { node, from } = this.#routers.linkInto(link);
    const { cols } = this.params;
    return [gridPlace(from, cols), gridPlace(node, cols)];
  }

  /** Every node has one, so there is one more than there are links. */
  routers(src: number, dst: number): number {
    return this.hops(src, dst) + 1;
  }

  /** Packets at `node` that have not left their source entirely. */
  backlog(node: number): number {
    return this.#sources.queued(node);
  }

  send(src: number, dst: number, flits: number, tag: number): void {
    checkPacket(this.nodes, src, dst, flits);
    const packets = this.#packets;
    const packet = packets.claim();
    packets.dst[packet] = dst;
    packets.dstX[packet] = dst % this.params.cols;
    packets.dstY[packet] = Math.floor(dst / this.params.cols);
    packets.flits[packet] = flits;
    packets.tag[packet] = tag;
    this.#enqueue(src, packet);
  }

  addTree(src: number, dsts: readonly number[]): number {
    checkTree(this.nodes, src, dsts);
    if (this.#whole !== undefined && dsts.length > 1)
      throw new RangeError(`${this.path} moves whole packets: to one node each`);
    return this.#trees.add(src, dsts);
  }

  treeHops(tree: number): number {
    return this.#trees.of(tree).links;
  }

  treeWire(tree: number): number {
    return this.treeHops(tree);
  }

  treeRouters(tree: number): number {
    const { links, dsts } = this.#trees.of(tree);
    return links + dsts.length;
  }

  sendTree(tree: number, flits: number, tag: number): void {
    const { src, dsts, code } = this.#trees.of(tree);
    if (dsts.length === 1) {
      this.send(src, dsts[0], flits, tag);
      return;
    }
    checkPacket(this.nodes, src, src, flits);
    const { depth } = this.params;
    const message = this.#messages.start(tag, Math.ceil(flits / depth), dsts.length);
    for (let left = flits; left > 0; left -= depth) {
      const packets = this.#packets;
      const packet = packets.claim();
      packets.dst[packet] = dsts.length;
      packets.dstX[packet] = code;
      packets.flits[packet] = Math.min(left, depth);
      packets.tag[packet] = message;
      this.#enqueue(src, packet);
    }
  }

  #enqueue(src: number, packet: number): void {
    this.#packets.flitsLeft[packet] = this.#packets.flits[packet];
    if (this.#goesWhole()) {
      const hops = this.hops(src, this.#packets.dst[packet]);
      this.#whole?.send(src, packet, hops, this.#clock.edge() / this.#clock.period);
      return;
    }
    this.#sources.enqueue(src, packet);
    // Sent after this cycle's injection, yet in the same tick: the head still goes out now, if the node is free.
    const now = this.kernel.now;
    const missed = now === this.#injectedAt && this.#sentAt[src] !== now;
    if (missed && this.#sources.queued(src) === 1) this.#inject(src, now);
    if (!this.#scheduled)
      this.#schedule(now === this.#injectedAt ? now + this.#clock.period : this.#clock.edge());
  }

  /** Who listens hears of single flits; once heard, and nothing moves, all packets go flit by flit. */
  #goesWhole(): boolean {
    if (this.#whole === undefined || this.#listened) return false;
    this.#listened = this.#wakes === 0 && (this.#links.onService.attached || this.onInject.attached);
    if (this.#listened) {
      // A cycle in which something has moved is over.
      if (this.#whole.activeTo * this.#clock.period === this.kernel.now) this.#injectedAt = this.kernel.now;
      this.#whole.stop();
    }
    return !this.#listened;
  }

  reset(): void {
    if (this.#scheduled || this.#wakes > 0)
      throw new RangeError(`${this.path} is reset while something moves`);
    this.#whole?.reset();
    this.#routers.reset();
    this.#sources.reset();
    this.#sentAt.fill(-1);
    this.#injectedAt = -1;
  }

  #wholePackets(): WholePackets | undefined {
    const { params } = this;
    const times = wormTimes(params);
    if (times === undefined) return undefined;
    const whole: WholePackets = new WholePackets({
      rows: params.rows,
      cols: params.cols,
      times,
      routers: this.#routers,
      packets: this.#packets,
      sources: this.#sources,
      pipeline: this.#pipeline,
      moveFlits: () => this.#moveFlits(whole),
      arrived: packet => this.#end(packet),
      wake: cycle => this.#wakeAt(cycle),
    });
    return whole;
  }

  /** A cycle of the flits that are laid, up to what comes to the nodes in the next one; returns whether something moves then. */
  #moveFlits(whole: WholePackets): boolean {
    const pipeline = this.#pipeline;
    const { active } = this.#sources;
    const { sinks } = pipeline;
    this.#readSourceCredits();
    pipeline.receive();
    for (let node = active.next(0); node >= 0; node = active.next(node + 1)) {
      const packet = this.#sources.inject(node);
      if (packet >= 0) whole.injected(packet);
    }
    const busy = pipeline.visit();
    if (!busy && !pipeline.moving && active.empty) return false;
    sinks.advance();
    const { end, entries } = sinks;
    for (let i = sinks.start; i < end; i++) {
      if (entries[i] < 0) continue;
      whole.ended(entries[i]);
      this.#end(entries[i]);
    }
    return true;
  }

  /** Once for a cycle, where it is asked for again at once. */
  #wakeAt(cycle: number): void {
    if (cycle === this.#lastWake) return;
    this.#lastWake = cycle;
    this.#wakes++;
    this.kernel.at(cycle * this.#clock.period, Phase.Deliver, this.#wake, 0);
  }

  /** Delivers what comes to the nodes now. */
  #look(): void {
    const whole = this.#whole as WholePackets;
    const cycle = this.kernel.now / this.#clock.period;
    this.#wakes--;
    whole.advance(cycle);
    whole.deliver(cycle);
    this.#tellEnded();
    const late = whole.nextLate(cycle);
    if (late < this.#lateWake || this.#lateWake <= cycle) {
      this.#lateWake = late;
      if (late < Number.POSITIVE_INFINITY) this.#wakeAt(late);
    }
    if (this.#wakes === 0 && whole.activeTo > cycle) this.#wakeAt(whole.activeTo);
    // One event for each cycle in which something moves, as if each had been one.
    this.kernel.count(whole.activeCycles - this.#told - 1);
    this.#told = whole.activeCycles;
  }

  #schedule(tick: Tick): void {
    this.#scheduled = true;
    this.kernel.at(tick, Phase.Deliver, this.#step, 0);
  }

  #cycle(): void {
    const { now } = this.kernel;
    const pipeline = this.#pipeline;
    this.#deliver();
    this.#readSourceCredits();
    pipeline.receive();
    this.#injectAll(now);
    const busy = pipeline.visit();
    if (this.#links.onService.attached) this.#tellLinks(now);
    this.#scheduled = false;
    if (busy || pipeline.moving || !this.#sources.active.empty) this.#schedule(now + this.#clock.period);
  }

  /** A flit holds its link for a cycle; a link is named by the input port at its end. */
  #tellLinks(now: Tick): void {
    const { entries, next, start } = this.#pipeline.flits;
    const { words } = this.#routers;
    const { onService } = this.#links;
    for (let i = start; i < next; i++)
      onService.emit(words[entries[i] + VC.port], now, now + this.#clock.period);
  }

  /** Flits that have left the channels to their nodes; the packets that end with them, in the order of nodes. */
  #deliver(): void {
    const { sinks } = this.#pipeline;
    sinks.advance();
    const { end, entries } = sinks;
    for (let i = sinks.start; i < end; i++) if (entries[i] >= 0) this.#end(entries[i]);
    this.#tellEnded();
  }

  #end(packet: number): void {
    const node = this.#packets.dst[packet];
    this.#ended.add(node);
    this.#endedPacket[node] = packet;
  }

  #tellEnded(): void {
    const ended = this.#ended;
    const packets = this.#packets;
    for (let node = ended.next(0); node >= 0; node = ended.next(node + 1)) {
      const packet = this.#endedPacket[node];
      const tag = packets.tag[packet];
      const copy = packets.dstX[packet] < 0;
      ended.remove(node);
      this.#packetCount++;
      packets.release(packet);
      if (copy) this.#messages.arrive(tag, node, this.onDeliver);
      else this.onDeliver(node, tag);
    }
  }

  #readSourceCredits(): void {
    const { sourceCredits } = this.#pipeline;
    sourceCredits.advance();
    const { end, entries, start } = sourceCredits;
    for (let i = start; i < end; i++) this.#sources.takeCredit(entries[i]);
  }

  #injectAll(now: Tick): void {
    const { active } = this.#sources;
    for (let node = active.next(0); node >= 0; node = active.next(node + 1)) this.#inject(node, now);
    this.#injectedAt = now;
  }

  #inject(node: number, now: Tick): void {
    this.#sentAt[node] = now;
    const packet = this.#sources.inject(node);
    if (packet < 0) return;
    const { dstX, tag } = this.#packets;
    this.onInject.emit(node, dstX[packet] < 0 ? this.#messages.tagOf(tag[packet]) : tag[packet]);
  }
}

/** Links between routers, one for each direction: the time that flits took on them so far. */
class MeshLinks implements Served {
  readonly servers: number;
  readonly onService = new ProbePoint();
  readonly #period: Tick;
  readonly #hops: () => number;

  constructor(servers: number, period: Tick, hops: () => number) {
    this.servers = servers;
    this.#period = period;
    this.#hops = hops;
  }

  get busyTime(): Tick {
    return this.#hops() * this.#period;
  }
}
