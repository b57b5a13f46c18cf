/** A mesh of input-queued VC routers, flit by flit; timing of BookSim 2's iq_router (Jiang et al., ISPASS 2013). */
import type { Clock } from '../../sim/clock.ts';
import { Component } from '../../sim/component.ts';
import type { Kernel } from '../../sim/kernel.ts';
import { ProbePoint } from '../../sim/probe.ts';
import { Phase, type Tick } from '../../sim/tick.ts';
import { BitSet } from './bit-set.ts';
import { DelayLine } from './delay-line.ts';
import { packetOf, TAIL } from './flit.ts';
import { type MeshOptions, type MeshParams, meshParams } from './mesh-params.ts';
import { checkPacket, type Noc, type NocCounts } from './noc.ts';
import { PacketPool } from './packet-pool.ts';
import { PORT, PORT_SHIFT, PORT_STRIDE } from './ports.ts';
import { lowest } from './round-robin.ts';
import { RouterArray } from './router-array.ts';
import { SourceQueues } from './source-queues.ts';
import { SwitchAllocator } from './switch-allocator.ts';
import { VcAllocator } from './vc-allocator.ts';

/** From the cycle of the switch grant: switch traversal (1), then writing and reading the channel around its latency. */
const TRAVERSAL_CYCLES = 2;
const SINK_CYCLES = TRAVERSAL_CYCLES + 1;
/** A credit leaves in the cycle of the grant, crosses the channel (1 to the node), and is read one cycle later. */
const CREDIT_CYCLES = 1;
const SOURCE_CREDIT_CYCLES = CREDIT_CYCLES + 1;

/**
 * One component for all routers. It schedules one event per clock cycle (Phase.Deliver) while a flit or credit
 * moves, and none while it is idle. A router is visited only in cycles in which it can do something.
 */
export class Mesh extends Component implements Noc {
  readonly params: MeshParams;
  readonly nodes: number;
  onDeliver: (node: number, tag: number) => void = () => {};
  /** The head flit of a packet enters the network: (node, tag). */
  readonly onInject = new ProbePoint();
  readonly #clock: Clock;
  readonly #packets = new PacketPool();
  readonly #routers: RouterArray;
  readonly #sources: SourceQueues;
  readonly #vcAllocator: VcAllocator;
  readonly #switchAllocator: SwitchAllocator;
  readonly #flits: DelayLine;
  readonly #credits: DelayLine;
  readonly #sinks: DelayLine;
  readonly #active: BitSet;
  /** Tick of the last cycle in which a node injected, so that a node sends at most one flit in a cycle. */
  readonly #sentAt: Float64Array;
  /** From the switch grant: until the next router reads the flit, and until the last one, or this one, reads the credit. */
  readonly #hopCycles: number;
  readonly #creditCycles: number;
  readonly #sinkCreditCycles: number;
  readonly #step: number;
  #scheduled = false;
  #injectedAt: Tick = -1;
  #packetCount = 0;
  #flitCount = 0;
  #writes = 0;
  #reads = 0;
  #ejected = 0;
  #vcGrants = 0;

  /** Throws RangeError for a figure that no mesh can have. */
  constructor(parent: Component | Kernel, name: string, options: MeshOptions, clock: Clock) {
    super(parent, name);
    const params = meshParams(options);
    this.params = params;
    this.nodes = params.rows * params.cols;
    this.#clock = clock;
    const nodes = this.nodes;
    this.#hopCycles = TRAVERSAL_CYCLES + params.linkLatency_cycles;
    this.#creditCycles = CREDIT_CYCLES + params.linkLatency_cycles + params.creditDelay_cycles;
    this.#sinkCreditCycles = SINK_CYCLES + SOURCE_CREDIT_CYCLES + params.creditDelay_cycles;
    const longest = Math.max(this.#hopCycles, this.#creditCycles, this.#sinkCreditCycles);
    this.#routers = new RouterArray(params, this.#packets);
    // One flit per input port and cycle; one credit per output port, and one per node.
    this.#flits = new DelayLine(nodes * (PORT.local + 1), longest);
    this.#credits = new DelayLine(nodes * (PORT.source + 1), longest);
    this.#sinks = new DelayLine(nodes, longest);
    this.#sources = new SourceQueues(this.#routers, this.#flits, params.waitForTailCredit);
    this.#vcAllocator = new VcAllocator(this.#routers);
    this.#switchAllocator = new SwitchAllocator(this.#routers);
    this.#active = new BitSet(nodes);
    this.#sentAt = new Float64Array(nodes).fill(-1);
    this.#step = this.kernel.handler(() => this.#cycle());
    for (const key of Object.keys(this.counts) as (keyof NocCounts)[])
      this.stat(key, '1', () => this.counts[key]);
  }

  get counts(): NocCounts {
    return {
      packets: this.#packetCount,
      flits: this.#flitCount,
      flitHops: this.#reads - this.#ejected,
      routerTraversals: this.#reads,
      bufferWrites: this.#writes,
      bufferReads: this.#reads,
      allocations: this.#vcGrants + this.#reads,
    };
  }

  hops(src: number, dst: number): number {
    const { x, y } = this.#routers;
    return Math.abs(x[src] - x[dst]) + Math.abs(y[src] - y[dst]);
  }

  /** Packets at `node` that have not left their source entirely. */
  backlog(node: number): number {
    return this.#sources.queued[node];
  }

  send(src: number, dst: number, flits: number, tag: number): void {
    checkPacket(this.nodes, src, dst, flits);
    const packets = this.#packets;
    const packet = packets.claim();
    packets.dst[packet] = dst;
    packets.dstX[packet] = this.#routers.x[dst];
    packets.dstY[packet] = this.#routers.y[dst];
    packets.flitsLeft[packet] = flits;
    packets.tag[packet] = tag;
    this.#sources.enqueue(src, packet);
    // Sent after this cycle's injection, yet in the same tick: the head still goes out now, if the node is free.
    const now = this.kernel.now;
    const missed = now === this.#injectedAt && this.#sentAt[src] !== now;
    if (missed && this.#sources.queued[src] === 1) this.#inject(src);
    if (!this.#scheduled)
      this.#schedule(now === this.#injectedAt ? now + this.#clock.period : this.#clock.edge());
  }

  #schedule(tick: Tick): void {
    this.#scheduled = true;
    this.kernel.at(tick, Phase.Deliver, this.#step, 0);
  }

  #cycle(): void {
    this.#deliver();
    this.#readCredits();
    this.#readFlits();
    this.#injectAll();
    const busy = this.#visitRouters();
    this.#scheduled = false;
    const moving = this.#flits.pending + this.#credits.pending + this.#sinks.pending > 0;
    if (busy || moving || !this.#sources.active.empty) this.#schedule(this.kernel.now + this.#clock.period);
  }

  /** Flits that have left the channels to their nodes, in the order of nodes. */
  #deliver(): void {
    const sinks = this.#sinks;
    sinks.advance();
    this.#flitCount += sinks.due;
    for (let i = 0; i < sinks.due; i++) {
      const word = sinks.first[sinks.start + i];
      if ((word & TAIL) === 0) continue;
      const packet = packetOf(word);
      const tag = this.#packets.tag[packet];
      this.#packetCount++;
      this.#packets.release(packet);
      this.onDeliver(sinks.second[sinks.start + i], tag);
    }
  }

  #readCredits(): void {
    const line = this.#credits;
    const { waitForTailCredit } = this.params;
    const routers = this.#routers;
    const { credits, depth, freeVcs, tailSent, vcShift } = routers;
    line.advance();
    for (let i = line.start; i < line.start + line.due; i++) {
      const vc = line.first[i];
      const port = vc >> vcShift;
      const left = ++credits[vc];
      const freed = waitForTailCredit && left === depth;
      if (freed) freeVcs[port] |= tailSent[port] & (1 << (vc & ((1 << vcShift) - 1)));
      if ((port & (PORT_STRIDE - 1)) === PORT.source) this.#sources.wake(port >> PORT_SHIFT);
      else if ((left === 1 && routers.resume(vc)) || freed) this.#active.add(port >> PORT_SHIFT);
    }
  }

  #readFlits(): void {
    const line = this.#flits;
    const routers = this.#routers;
    line.advance();
    this.#writes += line.due;
    for (let i = line.start; i < line.start + line.due; i++) {
      const vc = line.first[i];
      if (routers.arrive(vc, line.second[i])) this.#active.add(vc >> (routers.vcShift + PORT_SHIFT));
    }
  }

  #injectAll(): void {
    const { words } = this.#sources.active;
    for (let w = 0; w < words.length; w++) {
      for (let word = words[w]; word !== 0; word &= word - 1) this.#inject((w << 5) + lowest(word));
    }
    this.#injectedAt = this.kernel.now;
  }

  #inject(node: number): void {
    this.#sentAt[node] = this.kernel.now;
    const packet = this.#sources.inject(node);
    if (packet >= 0) this.onInject.emit(node, this.#packets.tag[packet]);
  }

  /** Visits every router that can do something; returns whether one of them did. */
  #visitRouters(): boolean {
    const { words } = this.#active;
    let busy = 0;
    for (let w = 0; w < words.length; w++) {
      let still = words[w];
      for (let word = still; word !== 0; word &= word - 1) {
        const bit = word & -word;
        // Without progress nothing changes until a flit or a credit comes in, and that wakes the router.
        if (!this.#visit((w << 5) + lowest(bit))) still &= ~bit;
      }
      words[w] = still;
      busy |= still;
    }
    return busy !== 0;
  }

  /** One cycle of a router: both allocators see the state at its start; then flits traverse the switch. */
  #visit(router: number): boolean {
    const routers = this.#routers;
    const wins = routers.readyPorts[router] === 0 ? 0 : this.#switchAllocator.allocate(router);
    const given = routers.waitingPorts[router] === 0 ? 0 : this.#vcAllocator.allocate(router);
    const routed = routers.routingPorts[router] !== 0;
    if (routed) routers.finishRouting(router);
    for (let i = 0; i < wins; i++) this.#traverse(this.#switchAllocator.winners[i]);
    this.#vcGrants += given;
    this.#reads += wins;
    return wins + given > 0 || routed;
  }

  #traverse(inVc: number): void {
    const routers = this.#routers;
    const { outVc: outVcs, peer, vcShift } = routers;
    const vcMask = (1 << vcShift) - 1;
    const outVc = outVcs[inVc];
    const word = routers.depart(inVc);

    const inPort = inVc >> vcShift;
    const fromNode = (inPort & (PORT_STRIDE - 1)) === PORT.local;
    this.#credits.push(
      fromNode ? SOURCE_CREDIT_CYCLES : this.#creditCycles,
      (peer[inPort] << vcShift) | (inVc & vcMask),
      0,
    );

    const outPort = outVc >> vcShift;
    if ((outPort & (PORT_STRIDE - 1)) === PORT.local) {
      // The node takes the flit at once and sends the credit back.
      this.#ejected++;
      this.#sinks.push(SINK_CYCLES, word, outPort >> PORT_SHIFT);
      this.#credits.push(this.#sinkCreditCycles, outVc, 0);
    } else {
      this.#flits.push(this.#hopCycles, (peer[outPort] << vcShift) | (outVc & vcMask), word);
    }
    if ((word & TAIL) !== 0) {
      if (this.params.waitForTailCredit) routers.tailSent[outPort] |= 1 << (outVc & vcMask);
      else routers.freeVcs[outPort] |= 1 << (outVc & vcMask);
    }
  }
}
