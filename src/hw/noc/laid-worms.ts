/** Worms that go flit by flit: which worms are laid, where they are while their flits move, and when they are whole again. */
import type { ActiveCycles } from './active-cycles.ts';
import type { Agenda } from './agenda.ts';
import type { FlitLayers } from './flit-layers.ts';
import { longer } from './grow.ts';
import { nextLate } from './late-flits.ts';
import { type Announcement, layFlits } from './lay-flits.ts';
import { isStraight, liftFlits } from './lift-flits.ts';
import type { PacketPool } from './packet-pool.ts';
import { SOURCE_CREDIT_CYCLES } from './router-pipeline.ts';
import { INJECTION_CYCLES } from './source-queues.ts';
import { BEGIN, COME, DELIVER, END, FREE, MARK } from './worm-agenda.ts';
import type { WormOutputs } from './worm-outputs.ts';
import { endOf, toTail } from './worm-times.ts';
import { STEP, WORM, type Worms } from './worms.ts';

export interface LaidSetup {
  readonly layers: FlitLayers;
  readonly outputs: WormOutputs;
  readonly packets: PacketPool;
  readonly agenda: Agenda;
  readonly active: ActiveCycles;
  /** A worm for a packet at a node, on its route. */
  readonly claim: (node: number, packet: number) => number;
  readonly wake: (cycle: number) => void;
}

export class LaidWorms {
  /** The cycle that flits move in next; whether there are any. */
  cycle = 0;
  moving = false;
  /** Worms of flits on their way. */
  count = 0;
  readonly #setup: LaidSetup;
  readonly #worms: Worms;
  readonly #outputs: WormOutputs;
  readonly #agenda: Agenda;
  /** By node: worms of flits that have something there. */
  readonly #sourceMarks: Int32Array;
  /** By packet. */
  #wormOf = new Int32Array(256);
  readonly #toLay: number[] = [];
  /** Worms of flits whose tails have left a router in this cycle. */
  readonly #moved: number[] = [];

  constructor(setup: LaidSetup) {
    const { routers, worms } = setup.layers;
    this.#setup = setup;
    this.#worms = worms;
    this.#outputs = setup.outputs;
    this.#agenda = setup.agenda;
    this.#sourceMarks = new Int32Array(routers.nodes);
    routers.track = {
      onGive: (packet, vc, outVc) => this.#given(packet, vc, outVc),
      onLeave: packet => this.#left(packet),
    };
  }

  /** Whether a node sends flit by flit. */
  sends(node: number): boolean {
    return this.#sourceMarks[node] > 0;
  }

  /** A worm has left its node, and all its credits are back there. */
  free(node: number): void {
    this.#sourceMarks[node]--;
  }

  /** A tail comes to its node. */
  ended(packet: number): void {
    this.count--;
    this.#worms.release(this.#wormOf[packet]);
  }

  /** The head of a packet leaves its node in this cycle. */
  injected(packet: number): void {
    this.#agenda.add(this.cycle + INJECTION_CYCLES, MARK, this.#wormOf[packet]);
  }

  /** A head has got a VC in this cycle: from when on it may be at the next router. */
  #given(packet: number, vc: number, outVc: number): void {
    const worms = this.#worms;
    const worm = this.#wormOf[packet];
    const at = worms.step(worm, worms.passed[worm]);
    worms.path[at + STEP.inVc] = vc;
    worms.path[at + STEP.outVc] = outVc;
    if (worms.passed[worm]++ < worms.hops[worm])
      this.#agenda.add(this.cycle + this.#setup.layers.times.hop, MARK, worm);
  }

  /** A tail leaves a router in this cycle. What follows on the link before no longer finds it there. */
  #left(packet: number): void {
    const worm = this.#wormOf[packet];
    const { left, hops, source, due } = this.#worms;
    const k = left[worm]++;
    this.#outputs.unmark(worm, k === hops[worm] ? k + 1 : k);
    if (k === hops[worm]) due[worm] = this.cycle + this.#setup.layers.times.sink;
    else this.#moved.push(worm);
    // With its last credit.
    if (k === 0) this.#agenda.add(this.cycle + SOURCE_CREDIT_CYCLES + 1, FREE, source[worm]);
  }

  /** A worm may come to its next router; returns whether a whole one may be near its output there. */
  markNext(worm: number, now: number): boolean {
    const k = this.#worms.markedTo[worm];
    this.#outputs.markTo(worm, k + 1);
    return this.#outputs.busyTo(worm, k) + this.#setup.layers.times.hop >= now;
  }

  /** The first cycle after `cycle` in which a packet that is late may be delivered; Infinity without one. */
  nextLate(cycle: number): number {
    return this.count === 0 ? Number.POSITIVE_INFINITY : nextLate(this.#setup.layers, cycle);
  }

  /** Worms whose flits nothing hinders any more are whole from cycle `now` on. */
  liftAll(now: number): void {
    const moved = this.#moved;
    if (moved.length === 0) return;
    for (let i = 0; i < moved.length; i++) if (this.#isAlone(moved[i], now)) this.#lift(moved[i], now);
    moved.length = 0;
  }

  /** Whether no other worm of flits is where the flits of this one, which are straight, go, have just gone, or are. */
  #isAlone(worm: number, now: number): boolean {
    const { passed, left } = this.#worms;
    for (let k = left[worm] - 1; k < passed[worm]; k++) if (this.#outputs.marks(worm, k) > 1) return false;
    return isStraight(this.#setup.layers, worm, now);
  }

  #lift(worm: number, now: number): void {
    const worms = this.#worms;
    const { active, layers, wake } = this.#setup;
    const { times } = layers;
    const passed = worms.passed[worm];
    this.#outputs.unmark(worm, worms.hops[worm] + 1);
    if (worms.markedTo[worm] === passed) this.#agenda.remove(worm, MARK);
    worms.counted[worm] = liftFlits(layers, worm, now);
    worms.granted[worm] = passed;
    worms.liftedAt[worm] = now;
    worms.state[worm] = WORM.whole;
    this.count--;
    this.#outputs.lift(worm, times.hop);
    const start = worms.start[worm];
    worms.due[worm] = start + toTail(times, worms.hops[worm], worms.flits[worm]);
    this.#agenda.add(start + passed * times.hop, COME, worm);
    active.cover(now, endOf(times, start, worms.hops[worm], worms.flits[worm]));
    wake(worms.due[worm]);
  }

  /** A worm is going to be laid before cycle `now`, and with it all those that share an output or a source with it. */
  lay(worm: number, now: number): void {
    const worms = this.#worms;
    const { hop } = this.#setup.layers.times;
    const flits = worms.flits[worm];
    const start = worms.start[worm];
    worms.state[worm] = WORM.flits;
    this.#toLay.push(worm);
    for (const kind of [DELIVER, COME, END]) this.#agenda.remove(worm, kind);
    // The first router that has not sent the tail on; what its input holds matters to those that follow on the same link.
    const left = Math.max(0, Math.floor((now - 1 - flits - start) / hop) + 1);
    worms.left[worm] = left;
    worms.marked[worm] = worms.markedTo[worm] = Math.max(0, left - 1);
    if (left > worms.hops[worm]) return;
    const passed = worms.passed[worm];
    this.#outputs.markTo(worm, passed);
    const comes = start + passed * hop;
    if (passed <= worms.hops[worm] && comes > now) this.#agenda.add(comes, MARK, worm);
    else if (passed <= worms.hops[worm]) this.#outputs.markTo(worm, passed + 1);
    if (start + flits + INJECTION_CYCLES < now || worms.granted[worm] > 0) return;
    this.#markSource(worms.source[worm]);
    if (left > 0) this.#agenda.add(start + flits + SOURCE_CREDIT_CYCLES + 1, FREE, worms.source[worm]);
  }

  /** A packet that waits at a node is going to be sent flit by flit. */
  layQueued(node: number, packet: number): void {
    const worms = this.#worms;
    const worm = this.#setup.claim(node, packet);
    worms.state[worm] = WORM.flits;
    worms.start[worm] = Number.POSITIVE_INFINITY;
    this.#name(packet, worm);
    worms.left[worm] = worms.marked[worm] = worms.markedTo[worm] = 0;
    this.#markSource(node);
  }

  #markSource(node: number): void {
    if (this.#sourceMarks[node]++ > 0) return;
    const { packets, layers } = this.#setup;
    const { sources } = layers;
    this.#agenda.remove(node, BEGIN);
    if (sources.first(node) < 0) return;
    sources.active.add(node);
    for (let p = sources.first(node); p >= 0; p = packets.next[p]) this.layQueued(node, p);
  }

  /** Lays what is to be laid before cycle `now`, and what has to do with it. */
  layAll(now: number): void {
    const worms = this.#worms;
    const toLay = this.#toLay;
    for (let more = true; more; ) {
      more = false;
      for (let i = 0; i < worms.live.length; i++) {
        const worm = worms.live[i];
        if (worms.state[worm] !== WORM.whole || !this.#isNear(worm, now)) continue;
        this.lay(worm, now);
        more = true;
      }
    }
    if (!this.moving) this.cycle = now;
    if (toLay.length === 0) return;
    const announced: Announcement[] = [];
    for (const worm of toLay) {
      layFlits(this.#setup.layers, worm, now, announced);
      const packet = worms.packet[worm];
      // Delivered: only credits were left.
      if (packet < 0) worms.release(worm);
      else this.#name(packet, worm);
    }
    toLay.length = 0;
    // What follows on the same VC as flits has been announced already.
    announced.sort((a, b) => b.cycle - a.cycle);
    for (const { vc, packet } of announced) this.#setup.layers.routers.rings.announceFirst(vc, packet);
    this.moving = true;
  }

  #name(packet: number, worm: number): void {
    if (packet >= this.#wormOf.length) this.#wormOf = longer(this.#wormOf, new Int32Array(2 * packet));
    this.#wormOf[packet] = worm;
    this.count++;
  }

  /** Whether a worm is on a marked output, on the link behind it or in the buffer there, or at a marked source. */
  #isNear(worm: number, now: number): boolean {
    const { passed, start, flits, source, granted } = this.#worms;
    const { hop } = this.#setup.layers.times;
    const tail = start[worm] + flits[worm];
    const atSource = granted[worm] === 0 && tail + INJECTION_CYCLES >= now;
    if (atSource && this.#sourceMarks[source[worm]] > 0) return true;
    for (let k = passed[worm] - 1; k >= 0; k--) {
      if (tail + (k + 1) * hop < now) return false;
      if (this.#outputs.marks(worm, k) > 0) return true;
    }
    return false;
  }
}
