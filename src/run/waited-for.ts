/** What an image waits for, moment by moment: the unit at work that sets the pace, or words on their way. The times sum to the latency. */
import { stepOf } from '../hw/program.ts';
import type { Component } from '../sim/component.ts';
import type { Tick } from '../sim/tick.ts';
import type { Machine } from './machine.ts';

/** Kinds of resources by what they are parts of; others stand under their own name. */
const UNITS: Readonly<Record<string, string>> = {
  'row drivers': 'crossbar.read',
  'sample-and-hold': 'crossbar.read',
  'ADC banks': 'crossbar.read',
  'shift-and-add': 'crossbar.read',
  'write drivers': 'crossbar.write',
  'softmax units': 'softmax',
  'vector unit': 'vector',
  'DRAM port': 'dram',
  links: 'interconnect',
};
/** Of units that are equally busy the first counts. */
const FIRST = ['crossbar.read', 'crossbar.write', 'softmax', 'vector', 'dram'];
/** No resource is at work, but packets are in routers and their pipelines. */
const INTERCONNECT = 'interconnect';
/** Nothing is at work: words on wires of tiles, and in buffers between their port and their end. */
const ON_THE_WAY = 'on the way';

/** One server of a resource. */
interface Server {
  readonly kind: Kind;
  /** Told so far: busy from now on without a gap. */
  until: Tick;
  /** Of the present phase and, where services outlast it, of the next ones. */
  busy: Tick;
  /** Among those at work. */
  listed: boolean;
}

/** Resources of one kind. */
interface Kind {
  readonly unit: number;
  /** Of its busiest server in a phase. */
  busiest: Tick;
}

/**
 * Listens to the resources of a machine while it runs. An image is cut into phases, at each start and end of a step. In a
 * phase units are ranked by how long their busiest resource works (a read takes drivers, converters and adders one after
 * another, so those of a crossbar add up), and a moment belongs to the first of those at work in it: the one that others wait
 * for. A step that is open and waits has no moments.
 */
export class WaitedFor {
  readonly #now: () => Tick;
  readonly #units: string[] = [...FIRST];
  /** By unit: when what is told of it ends. */
  readonly #until: Tick[] = FIRST.map(() => 0);
  readonly #kinds = new Map<string, Kind>();
  #atWork: Server[] = [];
  /** Ticks of the phase by the units at work together, as bits; those of the last ones are still to add. */
  readonly #together = new Map<number, Tick>();
  #lastUnits = 0;
  #lastTicks: Tick = 0;
  readonly #times = new Map<string, Tick>();
  readonly #jobs: number;
  #jobsLeft = 0;
  #packets = 0;
  #phaseStart: Tick = 0;
  #last: Tick = 0;

  constructor({ kernel, chip, steps }: Pick<Machine, 'kernel' | 'chip' | 'steps'>) {
    this.#now = () => kernel.now;
    this.#jobs = steps.reduce((sum, step) => sum + step.jobs, 0);
    this.#watch(chip);
    chip.engine.onPackets.attach(change => {
      this.#account();
      this.#packets += change;
    });
    chip.controller.onJobStart.attach((_, job) => {
      if (this.#jobsLeft === 0) this.#begin();
      else if (job === 0) this.#endPhase();
    });
    chip.controller.onJobEnd.attach((slot, job) => {
      this.#jobsLeft--;
      if (job === steps[stepOf(slot)].jobs - 1) this.#endPhase();
    });
  }

  /** Ticks of the last image by what it waited for. */
  get times(): ReadonlyMap<string, Tick> {
    return this.#times;
  }

  #watch(component: Component): void {
    for (const [name, { onService }] of component.resources) {
      const kind = this.#kindOf(name);
      const servers: (Server | undefined)[] = [];
      onService.attach((number, start, end) => {
        if (this.#jobsLeft === 0 || start === end) return;
        this.#account();
        let server = servers[number];
        if (server === undefined) {
          server = { kind, until: 0, busy: 0, listed: false };
          servers[number] = server;
        }
        server.until = end;
        server.busy += end - start;
        if (!server.listed) {
          server.listed = true;
          this.#atWork.push(server);
        }
        if (end > this.#until[kind.unit]) this.#until[kind.unit] = end;
      });
    }
    for (const child of component.children) this.#watch(child);
  }

  #kindOf(name: string): Kind {
    const known = this.#kinds.get(name);
    if (known !== undefined) return known;
    const unit = UNITS[name] ?? name;
    if (!this.#units.includes(unit)) {
      this.#units.push(unit);
      this.#until.push(0);
    }
    const kind = { unit: this.#units.indexOf(unit), busiest: 0 };
    this.#kinds.set(name, kind);
    return kind;
  }

  #begin(): void {
    this.#jobsLeft = this.#jobs;
    this.#times.clear();
    this.#together.clear();
    this.#lastTicks = 0;
    for (const server of this.#atWork) {
      server.listed = false;
      server.busy = 0;
    }
    this.#atWork = [];
    this.#until.fill(0);
    this.#packets = 0;
    this.#phaseStart = this.#now();
    this.#last = this.#phaseStart;
  }

  /** Books the time since the last call; a unit is at work until what was told of it ends. */
  #account(): void {
    const now = this.#now();
    while (this.#last < now) {
      let next = now;
      let units = 0;
      for (let i = 0; i < this.#until.length; i++) {
        const until = this.#until[i];
        if (until <= this.#last) continue;
        units |= 1 << i;
        if (until < next) next = until;
      }
      // The bit behind those of the units: packets, which count where no unit is at work.
      if (units === 0 && this.#packets > 0) units = 1 << this.#units.length;
      if (units !== this.#lastUnits) this.#addLast(units);
      this.#lastTicks += next - this.#last;
      this.#last = next;
    }
  }

  #addLast(next: number): void {
    const units = this.#lastUnits;
    if (this.#lastTicks > 0) this.#together.set(units, (this.#together.get(units) ?? 0) + this.#lastTicks);
    this.#lastUnits = next;
    this.#lastTicks = 0;
  }

  #endPhase(): void {
    this.#account();
    if (this.#last === this.#phaseStart) return;
    this.#addLast(0);
    const order = this.#ranked(this.#last - this.#phaseStart);
    for (const [units, ticks] of this.#together) {
      const first = order.find(unit => (units & (1 << unit)) !== 0);
      const name = first === undefined ? (units === 0 ? ON_THE_WAY : INTERCONNECT) : this.#units[first];
      this.#times.set(name, (this.#times.get(name) ?? 0) + ticks);
    }
    this.#together.clear();
    this.#phaseStart = this.#last;
  }

  /** Units, the one that sets the pace first. */
  #ranked(phase: Tick): number[] {
    for (const kind of this.#kinds.values()) kind.busiest = 0;
    for (const server of this.#atWork) {
      const left = Math.max(0, server.until - this.#last);
      server.kind.busiest = Math.max(server.kind.busiest, server.busy - left);
      server.busy = left;
      server.listed = left > 0;
    }
    this.#atWork = this.#atWork.filter(server => server.listed);
    const busy = this.#units.map(() => 0);
    for (const { unit, busiest } of this.#kinds.values()) busy[unit] = Math.min(phase, busy[unit] + busiest);
    return this.#units.map((_, unit) => unit).sort((a, b) => busy[b] - busy[a] || a - b);
  }
}
