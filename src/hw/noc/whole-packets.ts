/** Packets that nothing hinders go as a whole, one step for each router; where they meet, their flits are laid and move one by one. */
import { ActiveCycles, NEVER } from './active-cycles.ts';
import { Agenda } from './agenda.ts';
import { BulkCounts } from './flit-layers.ts';
import { longer } from './grow.ts';
import { LaidWorms } from './laid-worms.ts';
import type { PacketPool } from './packet-pool.ts';
import type { RouterArray } from './router-array.ts';
import { VC } from './router-layout.ts';
import type { RouterPipeline } from './router-pipeline.ts';
import { INJECTION_CYCLES, type SourceQueues } from './source-queues.ts';
import { BEGIN, COME, DELIVER, END, FREE } from './worm-agenda.ts';
import { WormOutputs } from './worm-outputs.ts';
import { WormRoutes } from './worm-routes.ts';
import { endOf, toTail, type WormTimes } from './worm-times.ts';
import { STEP, WORM, Worms } from './worms.ts';

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
 * what its flits would have left; where another worm wants the same output too early, both are laid. So is a worm that comes to an
 * output on the way of flits: it is marked as long as they are there. Worms on different outputs of a router have different inputs or
 * times and do nothing to each other. A worm is whole again when its flits are alone and follow each other without a gap.
 */
export class WholePackets {
  readonly counts = new BulkCounts();
  readonly #setup: WholeSetup;
  readonly #worms: Worms;
  readonly #routes: WormRoutes;
  readonly #outputs: WormOutputs;
  readonly #laid: LaidWorms;
  readonly #agenda = new Agenda();
  readonly #active = new ActiveCycles();
  /** By node: the cycle from which it may send. */
  readonly #freeFrom: Float64Array;
  /** Earliest delivery, by packet. */
  #due = new Float64Array(256);
  #coming = new Int32Array(64);
  #comers = 0;

  constructor(setup: WholeSetup) {
    const { rows, cols, packets, pipeline, routers, sources, times, wake } = setup;
    const worms = new Worms(rows + cols);
    const outputs = new WormOutputs(routers, worms);
    this.#setup = setup;
    this.#worms = worms;
    this.#routes = new WormRoutes(routers, packets, worms, rows, cols);
    this.#outputs = outputs;
    this.#freeFrom = new Float64Array(routers.nodes);
    this.#laid = new LaidWorms({
      layers: { routers, pipeline, sources, worms, times, counts: this.counts },
      outputs,
      packets,
      agenda: this.#agenda,
      active: this.#active,
      claim: (node, packet) => this.#claim(node, packet),
      wake,
    });
  }

  /** Cycles in which something moves, those to come that are known included. */
  get activeCycles(): number {
    return this.#active.count;
  }

  /** The last one of them. */
  get activeTo(): number {
    return this.#active.to;
  }

  /** A packet, all of whose columns are filled in, is sent in `cycle`; all before that has been done. */
  send(node: number, packet: number, hops: number, cycle: number): void {
    const { packets, sources, times, wake } = this.#setup;
    const laid = this.#laid;
    this.advance(cycle);
    this.deliver(cycle);
    if (packet >= this.#due.length) this.#due = longer(this.#due, new Float64Array(2 * packet));
    const flits = packets.flits[packet];
    const begin = Math.max(cycle, this.#freeFrom[node]);
    const idle = sources.first(node) < 0;
    const due = begin + INJECTION_CYCLES + toTail(times, hops, flits);
    this.#freeFrom[node] = begin + flits;
    this.#due[packet] = due;
    sources.queue(node, packet);
    if (laid.sends(node)) {
      sources.active.add(node);
      laid.layQueued(node, packet);
      laid.layAll(cycle);
      laid.moving = true;
    } else if (idle) this.#agenda.add(begin, BEGIN, node);
    wake(due);
  }

  /** Does all cycles before `cycle`. */
  advance(cycle: number): void {
    const { moveFlits, pipeline } = this.#setup;
    const agenda = this.#agenda;
    const laid = this.#laid;
    for (;;) {
      const next = agenda.cycle;
      const at = laid.moving ? Math.min(next, laid.cycle) : next;
      if (at >= cycle) return;
      if (next === at) this.#steps(at);
      if (!laid.moving) continue;
      laid.moving = moveFlits();
      laid.cycle = at + 1;
      if (laid.moving) this.#active.cover(at + 1, at + 1);
      laid.liftAll(at + 1);
      if (laid.count === 0) this.#active.cover(at + 1, at + pipeline.lastCredit);
    }
  }

  /** Delivers the worms whose tails come to their nodes in `cycle`; all before that has been done. */
  deliver(cycle: number): void {
    const agenda = this.#agenda;
    while (agenda.cycle === cycle && agenda.kind === DELIVER) this.#deliver(agenda.take());
  }

  /** A tail among flits comes to its node. */
  ended(packet: number): void {
    this.#laid.ended(packet);
  }

  /** The head of a packet of flits leaves its node in this cycle. */
  injected(packet: number): void {
    this.#laid.injected(packet);
  }

  /** The first cycle after `cycle` in which a packet of flits that is late may be delivered; Infinity without one. */
  nextLate(cycle: number): number {
    return this.#laid.nextLate(cycle);
  }

  /** Does what is left when all packets have arrived: their credits come back. */
  drain(): void {
    this.advance(this.#active.to + 1);
  }

  /** No packet goes as a whole any more; nothing moves. */
  stop(): void {
    this.drain();
    this.#setup.routers.track = undefined;
  }

  /** Nothing moves. A cycle that has been is counted again if something is sent in it, as by flits. */
  reset(): void {
    this.drain();
    this.#active.to = NEVER;
  }

  /** All entries of the agenda in cycle `now`. */
  #steps(now: number): void {
    const agenda = this.#agenda;
    const laid = this.#laid;
    let marks = false;
    this.#comers = 0;
    while (agenda.cycle === now && agenda.kind <= COME) {
      const { kind } = agenda;
      const item = agenda.take();
      if (kind === COME) this.#comes(item);
      else if (kind === DELIVER) this.#deliver(item);
      else if (kind === FREE) laid.free(item);
      else marks = laid.markNext(item, now) || marks;
    }
    if (marks) laid.layAll(now);
    while (this.#meet(now)) laid.layAll(now);
    const { state } = this.#worms;
    for (let i = 0; i < this.#comers; i++)
      if (state[this.#coming[i]] === WORM.whole) this.#pass(this.#coming[i], now);
    while (agenda.cycle === now) {
      if (agenda.kind === BEGIN) this.#begin(agenda.take(), now);
      else this.#worms.release(agenda.take());
    }
  }

  #comes(worm: number): void {
    if (this.#comers === this.#coming.length)
      this.#coming = longer(this.#coming, new Int32Array(2 * this.#comers));
    this.#coming[this.#comers++] = worm;
  }

  /** Marks worms for laying that come to an output too early; returns whether there are any. */
  #meet(now: number): boolean {
    const { state } = this.#worms;
    const several = this.#comers > 1;
    let met = false;
    for (let i = 0; i < this.#comers; i++) {
      const worm = this.#coming[i];
      if (state[worm] !== WORM.whole) continue;
      if (!(several && this.#outputs.isSecond(worm, now)) && this.#outputs.isOpen(worm, now)) continue;
      this.#laid.lay(worm, now);
      met = true;
    }
    return met;
  }

  /** A head passes a router. */
  #pass(worm: number, now: number): void {
    const { hop, sink } = this.#setup.times;
    const { flits, hops, passed } = this.#worms;
    this.#outputs.pass(worm, now);
    if (passed[worm] > hops[worm]) this.#agenda.add(now + flits[worm] + sink, DELIVER, worm);
    else this.#agenda.add(now + hop, COME, worm);
  }

  #claim(node: number, packet: number): number {
    const worm = this.#routes.claim(node, packet);
    this.#worms.due[worm] = this.#due[packet];
    return worm;
  }

  /** The first packet of a node leaves it. */
  #begin(node: number, now: number): void {
    const { packets, routers, sources, times } = this.#setup;
    const packet = sources.first(node);
    const worm = this.#claim(node, packet);
    const worms = this.#worms;
    const flits = worms.flits[worm];
    const hops = worms.hops[worm];
    const start = now + INJECTION_CYCLES;
    const source = sources.leave(node);
    worms.state[worm] = WORM.whole;
    worms.start[worm] = start;
    worms.due[worm] = start + toTail(times, hops, flits);
    worms.path[worms.step(worm, 0) + STEP.inVc] = routers.words[source + VC.peer];
    packets.flitsLeft[packet] = 0;
    this.#active.cover(now, endOf(times, start, hops, flits));
    this.#agenda.add(start, COME, worm);
    if (sources.first(node) >= 0) this.#agenda.add(now + flits, BEGIN, node);
  }

  #deliver(worm: number): void {
    const { flits, hops, packet, start } = this.#worms;
    this.counts.addWhole(this.#worms, worm);
    this.#setup.arrived(packet[worm]);
    packet[worm] = -1;
    this.#agenda.add(endOf(this.#setup.times, start[worm], hops[worm], flits[worm]) + 1, END, worm);
  }
}
