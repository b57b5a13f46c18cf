/** A mesh that moves whole packets: when the kernel looks at it, and the cycles of the flits that are laid. */
import type { Clock } from '../../sim/clock.ts';
import type { Kernel } from '../../sim/kernel.ts';
import { Phase } from '../../sim/tick.ts';
import type { BulkCounts } from './flit-layers.ts';
import type { MeshArrivals } from './mesh-arrivals.ts';
import { WholePackets, type WholeSetup } from './whole-packets.ts';

export interface WholeMeshSetup extends Omit<WholeSetup, 'moveFlits' | 'arrived' | 'wake'> {
  readonly kernel: Kernel;
  readonly clock: Clock;
  readonly arrivals: MeshArrivals;
  /** All packets that came to nodes in this cycle are told. */
  readonly tellEnded: () => void;
}

export class WholeMesh {
  readonly #setup: WholeMeshSetup;
  readonly #packets: WholePackets;
  readonly #period: number;
  readonly #wake: number;
  /** Wakes to come, and cycles that the kernel has counted as events. */
  #wakes = 0;
  #lastWake = -1;
  #lateWake = -1;
  #told = 0;

  constructor(setup: WholeMeshSetup) {
    const { arrivals, clock, kernel, rows, cols, times, routers, packets, sources, pipeline } = setup;
    this.#setup = setup;
    this.#period = clock.period;
    this.#wake = kernel.handler(() => this.#look());
    this.#packets = new WholePackets({
      rows,
      cols,
      times,
      routers,
      packets,
      sources,
      pipeline,
      moveFlits: () => this.#moveFlits(),
      arrived: packet => arrivals.end(packet),
      wake: cycle => this.#wakeAt(cycle),
    });
  }

  get counts(): BulkCounts {
    return this.#packets.counts;
  }

  /** Whether packets are on their way. */
  get moves(): boolean {
    return this.#wakes > 0;
  }

  /** The last cycle in which something moves, as far as is known. */
  get activeTo(): number {
    return this.#packets.activeTo;
  }

  send(node: number, packet: number, hops: number): void {
    this.#packets.send(node, packet, hops, this.#setup.clock.edge() / this.#period);
  }

  /** What is left, when all packets have arrived, are their credits. */
  drain(): void {
    if (!this.moves) this.#packets.drain();
  }

  /** No packet goes as a whole any more; nothing moves. */
  stop(): void {
    this.#packets.stop();
  }

  reset(): void {
    this.#packets.reset();
  }

  /** A cycle of the flits that are laid, up to what comes to the nodes in the next one; returns whether something moves then. */
  #moveFlits(): boolean {
    const { arrivals, pipeline, sources } = this.#setup;
    const { active } = sources;
    const { sinks } = pipeline;
    sources.takeCredits(pipeline.sourceCredits);
    pipeline.receive();
    for (let node = active.next(0); node >= 0; node = active.next(node + 1)) {
      const packet = sources.inject(node);
      if (packet >= 0) this.#packets.injected(packet);
    }
    const busy = pipeline.visit();
    if (!busy && !pipeline.moving && active.empty) return false;
    sinks.advance();
    const { end, entries } = sinks;
    for (let i = sinks.start; i < end; i++) {
      if (entries[i] < 0) continue;
      this.#packets.ended(entries[i]);
      arrivals.end(entries[i]);
    }
    return true;
  }

  /** Once for a cycle, where it is asked for again at once. */
  #wakeAt(cycle: number): void {
    if (cycle === this.#lastWake) return;
    this.#lastWake = cycle;
    this.#wakes++;
    this.#setup.kernel.at(cycle * this.#period, Phase.Deliver, this.#wake, 0);
  }

  /** Delivers what comes to the nodes now. */
  #look(): void {
    const { kernel } = this.#setup;
    const packets = this.#packets;
    const cycle = kernel.now / this.#period;
    this.#wakes--;
    packets.advance(cycle);
    packets.deliver(cycle);
    this.#setup.tellEnded();
    const late = packets.nextLate(cycle);
    if (late < this.#lateWake || this.#lateWake <= cycle) {
      this.#lateWake = late;
      if (late < Number.POSITIVE_INFINITY) this.#wakeAt(late);
    }
    if (this.#wakes === 0 && packets.activeTo > cycle) this.#wakeAt(packets.activeTo);
    // One event for each cycle in which something moves, as if each had been one.
    kernel.count(packets.activeCycles - this.#told - 1);
    this.#told = packets.activeCycles;
  }
}
