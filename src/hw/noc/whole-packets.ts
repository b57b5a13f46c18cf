/** Packets that nothing hinders go as a whole, one step for each router; where they meet, their flits are laid and move one by one. */
import { Agenda } from './agenda.ts';
import { type Announcement, BulkCounts, type FlitLayers, layFlits } from './lay-flits.ts';
import { isStraight, liftFlits } from './lift-flits.ts';
import type { PacketPool } from './packet-pool.ts';
import { neighbour, PORT, xyPort } from './ports.ts';
import { firstFrom, lowest } from './round-robin.ts';
import type { RouterArray } from './router-array.ts';
import { PORT_FIELD, VC } from './router-layout.ts';
import { type RouterPipeline, SOURCE_CREDIT_CYCLES } from './router-pipeline.ts';
import { INJECTION_CYCLES, type SourceQueues } from './source-queues.ts';
import type { WormTimes } from './worm-times.ts';
import { STEP, WORM, Worms } from './worms.ts';

/**
 * Kinds of entries of the agenda, in their order within a cycle: a worm is delivered; a worm of flits may come to its next router; a
 * node is free of flits; a worm comes to a router; a node begins with a packet; all credits of a worm are back.
 */
const DELIVER = 0;
const MARK = 1;
const FREE = 2;
const COME = 3;
const BEGIN = 4;
const END = 5;

const LOCAL = PORT.local;
// Names of their own: the compiler folds these, but not the fields of an import.
const { accept: VC_ACCEPT, bit: BIT, credits: CREDITS, grant: VC_GRANT, peer: PEER } = VC;
const { port: PORT_OF, words: VC_WORDS } = VC;
const { bits: STEP_BITS, inVc: IN_VC, outVc: OUT_VC, output: OUTPUT } = STEP;
const {
  busyTo: BUSY_TO,
  came: CAME,
  cameAt: CAME_AT,
  free: FREE_VCS,
  lastBit: LAST_BIT,
  marks: MARKS,
  number: NUMBER,
  switchAccept: ACCEPT,
  switchGrant: GRANT,
  switchVc: OFFER,
  words: PORT_HEADER,
} = PORT_FIELD;
const NEVER = -1;

const vcIndex = (port: number, vc: number): number => (vc - port - PORT_HEADER) / VC_WORDS;

export interface WholeSetup {
  readonly rows: number;
  readonly cols: number;
  readonly times: WormTimes;
  readonly routers: RouterArray;
  readonly packets: PacketPool;
  readonly sources: SourceQueues;
  readonly pipeline: RouterPipeline;
  /** One cycle of all flits that are laid: nodes and routers, then what comes to the nodes in the cycle after. Returns whether anything moves then. */
  readonly moveFlits: () => boolean;
  /** The tail of a packet has come to its node. */
  readonly arrived: (packet: number) => void;
  /** Something may be delivered in that cycle. */
  readonly wake: (cycle: number) => void;
}

/**
 * A worm alone on each output that it passes takes the same step in each router. What it leaves behind there, pointers and VCs, is
 * what its flits would have left; where another worm wants the same output too early, both are laid and stay flits to their ends. So
 * is a worm that comes to an output on the way of flits: it is marked as long as they are there. Worms on different
 * outputs of a router have different inputs or times and do nothing to each other.
 */
export class WholePackets {
  readonly counts = new BulkCounts();
  readonly #setup: WholeSetup;
  readonly #worms: Worms;
  readonly #layers: FlitLayers;
  readonly #agenda = new Agenda();
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #depth: number;
  readonly #vcs: number;
  readonly #vcShift: number;
  /** By node: worms of flits that have something there, and the cycle from which it may send. */
  readonly #sourceMarks: Int32Array;
  readonly #freeFrom: Float64Array;
  /** Earliest delivery, by packet; its worm, when it is laid. */
  #due = new Float64Array(256);
  #wormOf = new Int32Array(256);
  /** Worms of flits on their way. */
  #laid = 0;
  /** The cycle that flits move in next; whether there are any. */
  #cycle = 0;
  #moving = false;
  readonly #toLay: number[] = [];
  /** Worms of flits whose tails have left a router in this cycle. */
  readonly #moved: number[] = [];
  #coming = new Int32Array(64);
  #comers = 0;
  /** The last cycle in which something moves, as far as is known, and how many such there were. */
  #activeTo = NEVER;
  #active = 0;

  constructor(setup: WholeSetup) {
    const { rows, cols, routers } = setup;
    this.#setup = setup;
    this.#worms = new Worms(rows + cols);
    this.#words = routers.words;
    this.#depth = routers.depth;
    this.#vcs = routers.vcs;
    this.#vcShift = routers.vcShift;
    this.#doubles = routers.doubles;
    this.#sourceMarks = new Int32Array(routers.nodes);
    this.#freeFrom = new Float64Array(routers.nodes);
    routers.track = {
      onGive: (packet, vc, outVc) => this.#given(packet, vc, outVc),
      onLeave: packet => this.#left(packet),
    };
    const { pipeline, sources, times } = setup;
    this.#layers = { routers, pipeline, sources, worms: this.#worms, times, counts: this.counts };
  }

  /** Cycles in which something moves, those to come that are known included. */
  get activeCycles(): number {
    return this.#active;
  }

  /** The last one of them. */
  get activeTo(): number {
    return this.#activeTo;
  }

  /** A packet, all of whose columns are filled in, is sent in `cycle`; all before that has been done. */
  send(node: number, packet: number, hops: number, cycle: number): void {
    const { packets, sources } = this.#setup;
    this.advance(cycle);
    this.deliver(cycle);
    if (packet >= this.#due.length) this.#grow();
    const flits = packets.flits[packet];
    const begin = Math.max(cycle, this.#freeFrom[node]);
    const idle = sources.first(node) < 0;
    this.#freeFrom[node] = begin + flits;
    this.#due[packet] = begin + INJECTION_CYCLES + this.#toTail(hops, flits);
    sources.queue(node, packet);
    if (this.#sourceMarks[node] > 0) {
      sources.active.add(node);
      this.#layQueued(node, packet);
      this.#layAll(cycle);
      this.#moving = true;
    } else if (idle) this.#agenda.add(begin, BEGIN, node);
    this.#setup.wake(this.#due[packet]);
  }

  /** Cycles from a head's coming to the first router to the delivery of its tail. */
  #toTail(hops: number, flits: number): number {
    const { hop, sink } = this.#setup.times;
    return hops * hop + flits + sink;
  }

  /** Does all cycles before `cycle`. */
  advance(cycle: number): void {
    const agenda = this.#agenda;
    for (;;) {
      const next = agenda.cycle;
      const at = this.#moving ? Math.min(next, this.#cycle) : next;
      if (at >= cycle) return;
      if (next === at) this.#steps(at);
      if (!this.#moving) continue;
      this.#moving = this.#setup.moveFlits();
      this.#cycle = at + 1;
      if (this.#moving) this.#cover(at + 1, at + 1);
      this.#liftAll(at + 1);
      if (this.#laid === 0) this.#cover(at + 1, at + this.#setup.pipeline.lastCredit);
    }
  }

  /** Delivers the worms whose tails come to their nodes in `cycle`; all before that has been done. */
  deliver(cycle: number): void {
    const agenda = this.#agenda;
    while (agenda.cycle === cycle && agenda.kind === DELIVER) this.#deliver(agenda.take());
  }

  /** A tail among flits comes to its node. */
  ended(packet: number): void {
    this.#laid--;
    this.#worms.release(this.#wormOf[packet]);
  }

  /** The head of a packet of flits leaves its node in this cycle. */
  injected(packet: number): void {
    this.#agenda.add(this.#cycle + INJECTION_CYCLES, MARK, this.#wormOf[packet]);
  }

  /** A head among flits has got a VC in this cycle: from when on it may be at the next router. */
  #given(packet: number, vc: number, outVc: number): void {
    const worms = this.#worms;
    const worm = this.#wormOf[packet];
    const at = worms.step(worm, worms.passed[worm]);
    worms.path[at + IN_VC] = vc;
    worms.path[at + OUT_VC] = outVc;
    if (worms.passed[worm]++ < worms.hops[worm])
      this.#agenda.add(this.#cycle + this.#setup.times.hop, MARK, worm);
  }

  /** A tail among flits leaves a router in this cycle. What follows on the link before no longer finds it there. */
  #left(packet: number): void {
    const worm = this.#wormOf[packet];
    const { left, hops, source, due } = this.#worms;
    const k = left[worm]++;
    this.#unmark(worm, k === hops[worm] ? k + 1 : k);
    if (k === hops[worm]) due[worm] = this.#cycle + this.#setup.times.sink;
    else this.#moved.push(worm);
    // With its last credit.
    if (k === 0) this.#agenda.add(this.#cycle + SOURCE_CREDIT_CYCLES + 1, FREE, source[worm]);
  }

  /** Worms whose flits nothing hinders any more are whole from cycle `now` on. */
  #liftAll(now: number): void {
    const moved = this.#moved;
    for (let i = 0; i < moved.length; i++) if (this.#isAlone(moved[i], now)) this.#lift(moved[i], now);
    moved.length = 0;
  }

  /** Whether no other worm of flits is at an output over which flits of this one, which are straight, are still to go. */
  #isAlone(worm: number, now: number): boolean {
    const { passed, left } = this.#worms;
    for (let k = left[worm] - 1; k < passed[worm]; k++)
      if (this.#words[this.#worms.output(worm, k) + MARKS] > 1) return false;
    return isStraight(this.#layers, worm, now);
  }

  #lift(worm: number, now: number): void {
    const worms = this.#worms;
    const { hop } = this.#setup.times;
    const passed = worms.passed[worm];
    this.#unmark(worm, worms.hops[worm] + 1);
    if (worms.markedTo[worm] === passed) this.#agenda.remove(worm, MARK);
    worms.counted[worm] = liftFlits(this.#layers, worm, now);
    worms.granted[worm] = passed;
    worms.liftedAt[worm] = now;
    worms.state[worm] = WORM.whole;
    this.#laid--;
    const start = worms.start[worm];
    for (let k = worms.left[worm] - 1; k < passed; k++) {
      const at = worms.step(worm, k);
      const output = worms.path[at + OUTPUT];
      if (k >= worms.left[worm]) this.#turn(output, worms.path[at + IN_VC]);
      this.#hold(output, worms.path[at + OUT_VC], start + k * hop + worms.flits[worm]);
    }
    worms.due[worm] = start + this.#toTail(worms.hops[worm], worms.flits[worm]);
    this.#agenda.add(start + passed * hop, COME, worm);
    this.#cover(now, this.#endOf(worm));
    this.#setup.wake(worms.due[worm]);
  }

  /** Marks the outputs of a worm of flits before router `to`. */
  #markTo(worm: number, to: number): void {
    const { markedTo } = this.#worms;
    for (let k = markedTo[worm]; k < to; k++) this.#words[this.#worms.output(worm, k) + MARKS]++;
    markedTo[worm] = Math.max(to, markedTo[worm]);
  }

  #unmark(worm: number, to: number): void {
    const { marked, markedTo } = this.#worms;
    const end = Math.min(to, markedTo[worm]);
    for (let k = marked[worm]; k < end; k++) this.#words[this.#worms.output(worm, k) + MARKS]--;
    marked[worm] = Math.max(marked[worm], end);
  }

  /** The first cycle after `cycle` in which a packet of flits that is late may be delivered; Infinity without one. */
  nextLate(cycle: number): number {
    if (this.#laid === 0) return Number.POSITIVE_INFINITY;
    const { live, state, due, hops, left } = this.#worms;
    const { hop, sink } = this.#setup.times;
    let next = Number.POSITIVE_INFINITY;
    for (let i = 0; i < live.length; i++) {
      const worm = live[i];
      if (state[worm] !== WORM.flits) continue;
      const way = hops[worm] - left[worm];
      if (way < 0) next = Math.min(next, due[worm]);
      // Its tail leaves the first of the routers to come in this cycle at the earliest, and waits for no VC in the others.
      else if (due[worm] <= cycle) next = Math.min(next, cycle + way * (hop - 1) + sink);
    }
    return next;
  }

  /** Does what is left when all packets have arrived: their credits come back. */
  drain(): void {
    this.advance(this.#activeTo + 1);
  }

  /** No packet goes as a whole any more; nothing moves. */
  stop(): void {
    this.drain();
    this.#setup.routers.track = undefined;
  }

  /** Nothing moves. A cycle that has been is counted again if something is sent in it, as by flits. */
  reset(): void {
    this.drain();
    this.#activeTo = NEVER;
  }

  #cover(from: number, to: number): void {
    if (to <= this.#activeTo) return;
    this.#active += to - Math.max(from - 1, this.#activeTo);
    this.#activeTo = to;
  }

  /** All entries of the agenda in cycle `now`. */
  #steps(now: number): void {
    const agenda = this.#agenda;
    let marks = false;
    this.#comers = 0;
    while (agenda.cycle === now && agenda.kind <= COME) {
      const { kind } = agenda;
      const item = agenda.take();
      if (kind === COME) this.#comes(item);
      else if (kind === DELIVER) this.#deliver(item);
      else if (kind === FREE) this.#sourceMarks[item]--;
      else marks = this.#markNext(item, now) || marks;
    }
    if (marks) this.#layAll(now);
    const comers = this.#comers;
    while (this.#meet(now)) this.#layAll(now);
    const { state } = this.#worms;
    for (let i = 0; i < comers; i++)
      if (state[this.#coming[i]] === WORM.whole) this.#pass(this.#coming[i], now);
    while (agenda.cycle === now) {
      if (agenda.kind === BEGIN) this.#begin(agenda.take(), now);
      else this.#worms.release(agenda.take());
    }
  }

  #comes(worm: number): void {
    if (this.#comers === this.#coming.length) {
      const more = new Int32Array(2 * this.#comers);
      more.set(this.#coming);
      this.#coming = more;
    }
    this.#coming[this.#comers++] = worm;
  }

  /** A worm of flits may come to its next router; returns whether a whole one may be near its output there. */
  #markNext(worm: number, now: number): boolean {
    const k = this.#worms.markedTo[worm];
    this.#markTo(worm, k + 1);
    return this.#doubles[(this.#worms.output(worm, k) + BUSY_TO) >> 1] + this.#setup.times.hop >= now;
  }

  /** Marks worms for laying that come to an output too early; returns whether there are any. */
  #meet(now: number): boolean {
    const words = this.#words;
    const doubles = this.#doubles;
    const { state, path, stride, passed } = this.#worms;
    let met = false;
    for (let i = 0; i < this.#comers; i++) {
      const worm = this.#coming[i];
      if (state[worm] !== WORM.whole) continue;
      const at = (worm * stride + passed[worm]) << STEP_BITS;
      const output = path[at + OUTPUT];
      const cameAt = (output + CAME_AT) >> 1;
      const second = doubles[cameAt] === now && words[output + CAME] !== worm;
      if (!second) {
        doubles[cameAt] = now;
        words[output + CAME] = worm;
      }
      const busyTo = doubles[(output + BUSY_TO) >> 1];
      if (!second && busyTo <= now && words[output + MARKS] === 0) {
        const outVc = this.#freeVc(output, path[at + IN_VC], busyTo === now);
        path[at + OUT_VC] = outVc;
        if (words[outVc + CREDITS] === this.#depth) continue;
      }
      this.#lay(worm, now);
      met = true;
    }
    return met;
  }

  /** The output VC that a worm alone gets; `held`: the tail before, in this very cycle, still holds its own. */
  #freeVc(output: number, vc: number, held: boolean): number {
    const words = this.#words;
    const free = held ? words[output + FREE_VCS] & ~words[output + LAST_BIT] : words[output + FREE_VCS];
    const pointer = words[vc + VC_ACCEPT] - (words[output + NUMBER] << this.#vcShift);
    const v = pointer > 0 && pointer < this.#vcs ? firstFrom(free, pointer) : lowest(free);
    return output + PORT_HEADER + v * VC_WORDS;
  }

  /** A head passes a router, by the output VC that is free for it: pointers as its flits leave them. */
  #pass(worm: number, now: number): void {
    const { hop, sink } = this.#setup.times;
    const words = this.#words;
    const worms = this.#worms;
    const { path, flits } = worms;
    const k = worms.passed[worm]++;
    const at = (worm * worms.stride + k) << STEP_BITS;
    const vc = path[at + IN_VC];
    const outVc = path[at + OUT_VC];
    const output = path[at + OUTPUT];
    const inPort = words[vc + PORT_OF];
    const shift = this.#vcShift;
    words[vc + VC_ACCEPT] = ((words[output + NUMBER] << shift) | vcIndex(output, outVc)) + 1;
    words[outVc + VC_GRANT] = ((words[inPort + NUMBER] << shift) | vcIndex(inPort, vc)) + 1;
    this.#turn(output, vc);
    this.#hold(output, outVc, now + flits[worm]);
    if (k === worms.hops[worm]) {
      this.#agenda.add(now + flits[worm] + sink, DELIVER, worm);
      return;
    }
    path[at + (1 << STEP_BITS) + IN_VC] = words[outVc + PEER];
    this.#agenda.add(now + hop, COME, worm);
  }

  /** Flits of a whole worm go over an output up to a cycle. */
  #hold(output: number, outVc: number, to: number): void {
    this.#doubles[(output + BUSY_TO) >> 1] = to;
    this.#words[output + LAST_BIT] = this.#words[outVc + BIT];
  }

  /** The turns of the switch as flits leave them that went from an input VC to an output. */
  #turn(output: number, vc: number): void {
    const words = this.#words;
    const inPort = words[vc + PORT_OF];
    const v = vcIndex(inPort, vc);
    words[output + GRANT] = words[inPort + NUMBER] + 1;
    words[inPort + ACCEPT] = words[output + NUMBER] + 1;
    words[inPort + OFFER] = v + 1 === this.#vcs ? 0 : v + 1;
  }

  /** The first packet of a node leaves it. */
  #begin(node: number, now: number): void {
    const { packets, routers, sources } = this.#setup;
    const packet = sources.first(node);
    const worm = this.#claim(node, packet);
    const worms = this.#worms;
    const flits = worms.flits[worm];
    const start = now + INJECTION_CYCLES;
    const source = sources.leave(node);
    worms.state[worm] = WORM.whole;
    worms.start[worm] = start;
    worms.due[worm] = start + this.#toTail(worms.hops[worm], flits);
    worms.path[worms.step(worm, 0) + IN_VC] = routers.words[source + PEER];
    packets.flitsLeft[packet] = 0;
    this.#cover(now, this.#endOf(worm));
    this.#agenda.add(start, COME, worm);
    if (sources.first(node) >= 0) this.#agenda.add(now + flits, BEGIN, node);
  }

  /** The cycle in which the last credit of a worm is back. */
  #endOf(worm: number): number {
    const { hop, credit, sinkCredit } = this.#setup.times;
    const { start, hops, flits } = this.#worms;
    const last = start[worm] + hops[worm] * hop + flits[worm];
    return last + Math.max(sinkCredit, hops[worm] > 0 ? credit : 0);
  }

  /** A worm for a packet at a node: its route. */
  #claim(node: number, packet: number): number {
    const { rows, cols, packets, routers } = this.#setup;
    const worms = this.#worms;
    const worm = worms.claim();
    worms.packet[worm] = packet;
    worms.source[worm] = node;
    worms.flits[worm] = packets.flits[packet];
    const toX = packets.dstX[packet];
    const toY = packets.dstY[packet];
    let x = node % cols;
    let y = Math.floor(node / cols);
    let at = worms.step(worm, 0);
    for (let here = node; ; at += 1 << STEP_BITS) {
      const port = xyPort(x, y, toX, toY);
      worms.path[at + OUTPUT] = routers.port(routers.router(here), port);
      if (port === LOCAL) break;
      here = neighbour(x, y, port, rows, cols);
      x = here % cols;
      y = Math.floor(here / cols);
    }
    worms.hops[worm] = (at - worms.step(worm, 0)) >> STEP_BITS;
    return worm;
  }

  #deliver(worm: number): void {
    const worms = this.#worms;
    const { counts } = this;
    const flits = worms.flits[worm];
    const hops = worms.hops[worm];
    counts.flits += flits;
    const counted = worms.counted[worm];
    const granted = worms.granted[worm];
    counts.hops += flits * hops - counted;
    counts.reads += flits * (hops + 1) - counted;
    counts.writes += flits * (hops + (granted > 0 ? 0 : 1)) - counted;
    counts.vcGrants += hops + 1 - granted;
    this.#setup.arrived(worms.packet[worm]);
    worms.packet[worm] = -1;
    this.#agenda.add(this.#endOf(worm) + 1, END, worm);
  }

  /** A worm is going to be laid before cycle `now`, and with it all those that share an output or a source with it. */
  #lay(worm: number, now: number): void {
    const worms = this.#worms;
    const { hop } = this.#setup.times;
    const flits = worms.flits[worm];
    const start = worms.start[worm];
    worms.state[worm] = WORM.flits;
    this.#toLay.push(worm);
    this.#agenda.remove(worm, DELIVER);
    this.#agenda.remove(worm, COME);
    this.#agenda.remove(worm, END);
    // The first router that has not sent the tail on; what its input holds matters to those that follow on the same link.
    const left = Math.max(0, Math.floor((now - 1 - flits - start) / hop) + 1);
    worms.left[worm] = left;
    worms.marked[worm] = worms.markedTo[worm] = Math.max(0, left - 1);
    if (left > worms.hops[worm]) return;
    const passed = worms.passed[worm];
    this.#markTo(worm, passed);
    const comes = start + passed * hop;
    if (passed <= worms.hops[worm] && comes > now) this.#agenda.add(comes, MARK, worm);
    else if (passed <= worms.hops[worm]) this.#markTo(worm, passed + 1);
    if (start + flits + INJECTION_CYCLES < now || worms.granted[worm] > 0) return;
    this.#markSource(worms.source[worm]);
    if (left > 0) this.#agenda.add(start + flits + SOURCE_CREDIT_CYCLES + 1, FREE, worms.source[worm]);
  }

  /** A packet that waits at a node is going to be sent flit by flit. */
  #layQueued(node: number, packet: number): void {
    const worms = this.#worms;
    const worm = this.#claim(node, packet);
    worms.state[worm] = WORM.flits;
    worms.start[worm] = Number.POSITIVE_INFINITY;
    worms.due[worm] = this.#due[packet];
    this.#wormOf[packet] = worm;
    this.#laid++;
    worms.left[worm] = worms.marked[worm] = worms.markedTo[worm] = 0;
    this.#markSource(node);
  }

  #markSource(node: number): void {
    if (this.#sourceMarks[node]++ > 0) return;
    const { packets, sources } = this.#setup;
    this.#agenda.remove(node, BEGIN);
    if (sources.first(node) < 0) return;
    sources.active.add(node);
    for (let p = sources.first(node); p >= 0; p = packets.next[p]) this.#layQueued(node, p);
  }

  /** Lays what is to be laid before cycle `now`, and what has to do with it. */
  #layAll(now: number): void {
    const worms = this.#worms;
    const toLay = this.#toLay;
    for (let more = true; more; ) {
      more = false;
      for (let i = 0; i < worms.live.length; i++) {
        const worm = worms.live[i];
        if (worms.state[worm] !== WORM.whole || !this.#isNear(worm, now)) continue;
        this.#lay(worm, now);
        more = true;
      }
    }
    if (!this.#moving) this.#cycle = now;
    if (toLay.length === 0) return;
    const { routers } = this.#setup;
    const announced: Announcement[] = [];
    for (const worm of toLay) {
      layFlits(this.#layers, worm, now, announced);
      const packet = worms.packet[worm];
      if (packet < 0) {
        // Delivered: only credits were left.
        worms.release(worm);
        continue;
      }
      this.#wormOf[packet] = worm;
      this.#laid++;
    }
    toLay.length = 0;
    // What follows on the same VC as flits has been announced already.
    announced.sort((a, b) => b.cycle - a.cycle);
    for (const { vc, packet } of announced) routers.announceFirst(vc, packet);
    this.#moving = true;
  }

  /** Whether a worm is on a marked output, on the link behind it or in the buffer there, or at a marked source. */
  #isNear(worm: number, now: number): boolean {
    const { passed, start, flits, source, granted } = this.#worms;
    const { hop } = this.#setup.times;
    const tail = start[worm] + flits[worm];
    const atSource = granted[worm] === 0 && tail + INJECTION_CYCLES >= now;
    if (atSource && this.#sourceMarks[source[worm]] > 0) return true;
    for (let k = passed[worm] - 1; k >= 0; k--) {
      if (tail + (k + 1) * hop < now) return false;
      if (this.#words[this.#worms.output(worm, k) + MARKS] > 0) return true;
    }
    return false;
  }

  #grow(): void {
    const due = new Float64Array(2 * this.#due.length);
    const wormOf = new Int32Array(due.length);
    due.set(this.#due);
    wormOf.set(this.#wormOf);
    this.#due = due;
    this.#wormOf = wormOf;
  }
}
