/** Latencies of measured packets: from creation (with source queueing) and from injection of the head flit. */

import type { BatchMeans } from './batch-means.ts';

/** Packets get a tag at creation; the tags are reused. */
export class PacketLog {
  readonly #created: number[] = [];
  readonly #injected: number[] = [];
  readonly #hops: number[] = [];
  readonly #measured: boolean[] = [];
  readonly #free: number[] = [];
  readonly #batches: BatchMeans | undefined;
  /** Of the measured packets: delivered, on their way, and sums over these. */
  #done = 0;
  #open = 0;
  #openCreated = 0;
  #packetCycles = 0;
  #networkCycles = 0;
  #hopSum = 0;

  /** `batches` gets the latency of every measured packet, at the time of its creation. */
  constructor(batches?: BatchMeans) {
    this.#batches = batches;
  }

  /** Returns the packet's tag. */
  create(cycle: number, hops: number, measured: boolean): number {
    const tag = this.#free.pop() ?? this.#created.length;
    this.#created[tag] = cycle;
    this.#injected[tag] = cycle;
    this.#hops[tag] = hops;
    this.#measured[tag] = measured;
    if (measured) {
      this.#open++;
      this.#openCreated += cycle;
    }
    return tag;
  }

  inject(tag: number, cycle: number): void {
    this.#injected[tag] = cycle;
  }

  deliver(tag: number, cycle: number): void {
    this.#free.push(tag);
    if (!this.#measured[tag]) return;
    this.#open--;
    this.#openCreated -= this.#created[tag];
    this.#done++;
    this.#packetCycles += cycle - this.#created[tag];
    this.#batches?.add(this.#created[tag], cycle - this.#created[tag]);
    this.#networkCycles += cycle - this.#injected[tag];
    this.#hopSum += this.#hops[tag];
  }

  /** Measured packets that have arrived, and that have not. */
  get done(): number {
    return this.#done;
  }

  get open(): number {
    return this.#open;
  }

  /** Means over the measured packets that have arrived; null when there is none. */
  means(): {
    packetLatency_cycles: number | null;
    networkLatency_cycles: number | null;
    hops_average: number | null;
  } {
    const mean = (sum: number): number | null => (this.#done === 0 ? null : sum / this.#done);
    return {
      packetLatency_cycles: mean(this.#packetCycles),
      networkLatency_cycles: mean(this.#networkCycles),
      hops_average: mean(this.#hopSum),
    };
  }

  /** Mean latency when those on their way count with their age at `cycle`; 0 without packets. */
  meanAge(cycle: number): number {
    const packets = this.#done + this.#open;
    return packets === 0 ? 0 : (this.#packetCycles + this.#open * cycle - this.#openCreated) / packets;
  }
}
