/** One cycle of all routers of a mesh: what comes in over the links, the allocators, and switch traversal. */
import { FixedDelay } from './fixed-delay.ts';
import type { MeshParams } from './mesh-params.ts';
import { PORT } from './ports.ts';
import type { RouterArray } from './router-array.ts';
import { COPY_SENT, ROUTER, VC, VC_STATE } from './router-layout.ts';
import { SwitchAllocator } from './switch-allocator.ts';
import { VcAllocator } from './vc-allocator.ts';

/** From the cycle of the switch grant: switch traversal (1), then writing and reading the channel around its latency. */
export const TRAVERSAL_CYCLES = 2;
export const SINK_CYCLES = TRAVERSAL_CYCLES + 1;
/** A credit leaves in the cycle of the grant, crosses the channel (1 to the node), and is read one cycle later. */
export const CREDIT_CYCLES = 1;
export const SOURCE_CREDIT_CYCLES = CREDIT_CYCLES + 1;

// Fields of the hot path under names of their own: the compiler folds these, but not the fields of an import.
const { alone: ALONE, listed: LISTED_PORTS, routing: ROUTING, visited: VISITED, waiting: WAITING } = ROUTER;
const { credits: CREDITS, held: HELD, left: LEFT, next: NEXT, outVc: OUT_VC, owner: OWNER } = VC;
const { peer: PEER, portBit: PORT_BIT, router: ROUTER_OF, state: STATE } = VC;
const { idle: IDLE, active: ACTIVE, listed: LISTED } = VC_STATE;
const { local: LOCAL } = PORT;
const LOCAL_BIT = 1 << LOCAL;

/** A router is visited only in cycles in which it can do something. */
export class RouterPipeline {
  /** Flits on their way to a node, as the packet of a tail and -1 for the rest; and credits to a node's own port; the node takes them out. */
  readonly sinks: FixedDelay;
  readonly sourceCredits: FixedDelay;
  /** Flits on their way to routers, from nodes and from other routers, as the input VCs to which they go. */
  readonly injected: FixedDelay;
  readonly flits: FixedDelay;
  /** Credits on their way to routers, from other routers and from nodes, as the output VCs to which they come. */
  readonly credits: FixedDelay;
  readonly sinkCredits: FixedDelay;
  /** Output VCs given to packets. */
  vcGrants = 0;
  readonly #routers: RouterArray;
  readonly #words: Int32Array;
  readonly #depth: number;
  readonly #waitForTailCredit: boolean;
  readonly #speculative: boolean;
  readonly #vcAllocator: VcAllocator;
  readonly #switchAllocator: SwitchAllocator;
  /** Routers to visit, in no order: what they do in one cycle does not depend on each other. */
  readonly #toVisit: Int32Array;
  #visits = 0;

  /** `injected`: input VCs of the flits that nodes send. */
  constructor(routers: RouterArray, params: MeshParams, injected: FixedDelay) {
    const { nodes } = routers;
    const { creditDelay_cycles, linkLatency_cycles } = params;
    this.#routers = routers;
    this.#words = routers.words;
    this.#depth = params.depth;
    this.#waitForTailCredit = params.waitForTailCredit;
    this.injected = injected;
    // In one cycle at most: a flit over every link, a credit for it, and a flit and its credit at every node.
    this.flits = new FixedDelay(nodes * LOCAL, TRAVERSAL_CYCLES + linkLatency_cycles);
    this.credits = new FixedDelay(nodes * LOCAL, CREDIT_CYCLES + linkLatency_cycles + creditDelay_cycles);
    this.sinks = new FixedDelay(nodes, SINK_CYCLES);
    this.sinkCredits = new FixedDelay(nodes, SINK_CYCLES + SOURCE_CREDIT_CYCLES + creditDelay_cycles);
    this.sourceCredits = new FixedDelay(nodes, SOURCE_CREDIT_CYCLES);
    this.#vcAllocator = new VcAllocator(routers);
    this.#switchAllocator = new SwitchAllocator(routers, params.speculative);
    this.#speculative = params.speculative;
    this.#toVisit = new Int32Array(nodes);
  }

  /** Whether a flit or a credit is on its way. */
  get moving(): boolean {
    return (
      this.flits.pending ||
      this.credits.pending ||
      this.injected.pending ||
      this.sourceCredits.pending ||
      this.sinks.pending ||
      this.sinkCredits.pending
    );
  }

  /** In how many cycles the last credit on its way is there; 0 without one. */
  get lastCredit(): number {
    return Math.max(this.credits.last, this.sourceCredits.last, this.sinkCredits.last);
  }

  /** Flits written to input buffers, read from them, and those of the latter that went to another router. */
  get writes(): number {
    return this.flits.arrived + this.injected.arrived;
  }

  get reads(): number {
    return this.flits.pushed + this.sinks.pushed;
  }

  get hops(): number {
    return this.flits.pushed;
  }

  /** Credits and flits that reach the routers in this cycle. */
  receive(): void {
    this.#readCredits(this.credits);
    this.#readCredits(this.sinkCredits);
    this.#readFlits(this.flits);
    this.#readFlits(this.injected);
  }

  #readCredits(line: FixedDelay): void {
    line.advance();
    const { end, entries } = line;
    const words = this.#words;
    // Without waiting for the tail's credit a full set of credits means nothing.
    const drained = this.#waitForTailCredit ? this.#depth : 0;
    for (let i = line.start; i < end; i++) {
      const outVc = entries[i];
      const credits = words[outVc + CREDITS] + 1;
      words[outVc + CREDITS] = credits;
      if (credits === 1) this.#resume(words[outVc + OWNER]);
      if (credits === drained) {
        this.#routers.freeDrained(outVc);
        this.wake(words[outVc + ROUTER_OF]);
      }
    }
  }

  /** A credit has come back after there was none: the holder of the output VC, if there is one, may go on. */
  #resume(vc: number): void {
    const words = this.#words;
    if (vc === 0 || words[vc + HELD] === 0) return;
    if (words[vc + STATE] === ACTIVE) this.#routers.list(vc);
    this.wake(words[vc + ROUTER_OF]);
  }

  #readFlits(line: FixedDelay): void {
    line.advance();
    const { end, entries } = line;
    const words = this.#words;
    for (let i = line.start; i < end; i++) {
      const vc = entries[i];
      const held = words[vc + HELD];
      words[vc + HELD] = held + 1;
      if (held !== 0) continue;
      // The head of a packet, or the next flit of one that holds an output VC and has run out of flits or credits.
      const state = words[vc + STATE];
      if (state === IDLE) this.#routers.startPacket(vc);
      else if (state === ACTIVE && words[words[vc + OUT_VC] + CREDITS] > 0) this.#routers.list(vc);
      this.wake(words[vc + ROUTER_OF]);
    }
  }

  /** The router is visited in this cycle, or in the next one where the visits of this one are over. */
  wake(router: number): void {
    const words = this.#words;
    if (words[router + VISITED] !== 0) return;
    words[router + VISITED] = 1;
    this.#toVisit[this.#visits++] = router;
  }

  /** Visits every router that can do something; returns whether one of them did. */
  visit(): boolean {
    const routers = this.#toVisit;
    const words = this.#words;
    const visits = this.#visits;
    let kept = 0;
    for (let i = 0; i < visits; i++) {
      const router = routers[i];
      // Without progress nothing changes until a flit or a credit comes in, and that wakes the router.
      if (this.#visitRouter(router)) routers[kept++] = router;
      else words[router + VISITED] = 0;
    }
    this.#visits = kept;
    return kept > 0;
  }

  /** One cycle of a router; returns whether it made progress. */
  #visitRouter(router: number): boolean {
    const words = this.#words;
    const alone = words[router + ALONE];
    const unrouted = words[router + WAITING] | words[router + ROUTING];
    if (alone !== 0 && unrouted === 0) {
      // It stays alone, and listed, when it has to wait for a flit or a credit.
      if (words[alone + HELD] === 0 || words[words[alone + OUT_VC] + CREDITS] === 0) return false;
      this.#traverse(alone);
      return true;
    }
    return (unrouted | words[router + LISTED_PORTS]) !== 0 && this.#allocate(router);
  }

  /** Both allocators see the state at the start of the cycle; then flits traverse the switch. */
  #allocate(router: number): boolean {
    const words = this.#words;
    const switches = this.#switchAllocator;
    const speculative = this.#speculative;
    const asking = words[router + LISTED_PORTS] | (speculative ? words[router + WAITING] : 0);
    const wins = asking === 0 ? 0 : switches.allocate(router);
    const given = words[router + WAITING] === 0 ? 0 : this.#vcAllocator.allocate(router);
    const routed = words[router + ROUTING] !== 0;
    if (routed) this.#routers.finishRouting(router);
    for (let i = 0; i < wins; i++) {
      const vc = switches.winners[i];
      // A packet that hoped, and got no output VC or one without a credit, stays.
      if (!speculative || words[vc + STATE] === LISTED) this.#traverse(vc);
    }
    this.vcGrants += given;
    return wins + given > 0 || routed;
  }

  /** The front flit of an input VC that won the switch leaves, with a credit for the place behind the output. */
  #traverse(vc: number): void {
    const words = this.#words;
    const left = words[vc + LEFT] - 1;
    if (left < 0) {
      this.#copy(vc, left);
      return;
    }
    const outVc = words[vc + OUT_VC];
    const next = words[vc + NEXT];
    words[vc + LEFT] = left;
    words[vc + HELD]--;
    words[outVc + CREDITS]--;
    if (words[vc + PORT_BIT] === LOCAL_BIT) this.sourceCredits.push(words[vc + PEER]);
    else this.credits.push(words[vc + PEER]);
    if (next !== 0) this.flits.push(next);
    else {
      // The node takes the flit at once and sends the credit back.
      this.sinks.push(left === 0 ? this.#routers.rings.packet(vc) : -1);
      this.sinkCredits.push(outVc);
    }
    if (left === 0) this.#routers.endPacket(vc, this.#waitForTailCredit);
  }

  /** As #traverse(), for a flit that has further outputs to go to, on other links: it keeps its place in the buffer. */
  #copy(vc: number, left: number): void {
    const words = this.#words;
    words[vc + LEFT] = left;
    words[vc + HELD]--;
    words[words[vc + OUT_VC] + CREDITS]--;
    this.flits.push(words[vc + NEXT]);
    if (left === COPY_SENT) this.#routers.endCopy(vc, this.#waitForTailCredit);
  }
}
