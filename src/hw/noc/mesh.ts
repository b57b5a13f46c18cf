/** A mesh of input-queued VC routers, flit by flit; timing of BookSim 2's iq_router (Jiang et al., ISPASS 2013). */
import type { Clock } from '../../sim/clock.ts';
import { Component } from '../../sim/component.ts';
import type { Kernel } from '../../sim/kernel.ts';
import { ProbePoint } from '../../sim/probe.ts';
import { Phase, type Tick } from '../../sim/tick.ts';
import { FixedDelay } from './fixed-delay.ts';
import { BulkCounts } from './flit-layers.ts';
import { type ChipPlace, gridPlace } from './floorplan.ts';
import { MeshArrivals } from './mesh-arrivals.ts';
import { MeshLinks } from './mesh-links.ts';
import { type MeshOptions, type MeshParams, meshParams } from './mesh-params.ts';
import { Messages } from './messages.ts';
import { checkPacket, checkTree, type MulticastNoc, type NocCounts } from './noc.ts';
import { PacketPool } from './packet-pool.ts';
import { RouterArray } from './router-array.ts';
import { VC } from './router-layout.ts';
import { RouterPipeline } from './router-pipeline.ts';
import { INJECTION_CYCLES, SourceQueues } from './source-queues.ts';
import { WholeMesh } from './whole-mesh.ts';
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
  readonly #arrivals: MeshArrivals;
  readonly #step: number;
  readonly #whole: WholeMesh | undefined;
  #listened = false;
  #scheduled = false;
  #injectedAt: Tick = -1;

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
    this.#arrivals = new MeshArrivals(nodes, this.#packets, this.#messages);
    this.#step = this.kernel.handler(() => this.#cycle());
    this.#whole = this.#wholeMesh();
    for (const key of Object.keys(this.counts) as (keyof NocCounts)[])
      this.stat(key, '1', () => this.counts[key]);
  }

  get counts(): NocCounts {
    const { sinks, vcGrants, writes } = this.#pipeline;
    const bulk = this.#whole?.counts ?? NO_BULK;
    const hops = this.#hopCount();
    const reads = this.#pipeline.reads + bulk.reads;
    return {
      packets: this.#arrivals.packets,
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
    this.#whole?.drain();
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
      this.#whole?.send(src, packet, this.hops(src, this.#packets.dst[packet]));
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
    this.#listened = !this.#whole.moves && (this.#links.onService.attached || this.onInject.attached);
    if (this.#listened) {
      // A cycle in which something has moved is over.
      if (this.#whole.activeTo * this.#clock.period === this.kernel.now) this.#injectedAt = this.kernel.now;
      this.#whole.stop();
    }
    return !this.#listened;
  }

  reset(): void {
    if (this.#scheduled || this.#whole?.moves === true)
      throw new RangeError(`${this.path} is reset while something moves`);
    this.#whole?.reset();
    this.#routers.reset();
    this.#sources.reset();
    this.#sentAt.fill(-1);
    this.#injectedAt = -1;
  }

  #wholeMesh(): WholeMesh | undefined {
    const { params } = this;
    const times = params.whole ? wormTimes(params) : undefined;
    if (times === undefined) return undefined;
    return new WholeMesh({
      rows: params.rows,
      cols: params.cols,
      times,
      routers: this.#routers,
      packets: this.#packets,
      sources: this.#sources,
      pipeline: this.#pipeline,
      arrivals: this.#arrivals,
      kernel: this.kernel,
      clock: this.#clock,
      tellEnded: () => this.#tellEnded(),
    });
  }

  #schedule(tick: Tick): void {
    this.#scheduled = true;
    this.kernel.at(tick, Phase.Deliver, this.#step, 0);
  }

  #cycle(): void {
    const { now } = this.kernel;
    const pipeline = this.#pipeline;
    this.#deliver();
    this.#sources.takeCredits(pipeline.sourceCredits);
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
    for (let i = sinks.start; i < end; i++) if (entries[i] >= 0) this.#arrivals.end(entries[i]);
    this.#tellEnded();
  }

  #tellEnded(): void {
    this.#arrivals.tell(this.onDeliver);
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
