/** Bernoulli injection with source queueing, as BookSim 2's traffic manager does it. */
import seedrandom from 'seedrandom';
import type { RandomSource } from './traffic.ts';

/** One stream of random numbers per node, so that a node's packets do not depend on its neighbours. */
export const nodeStreams = (seed: number, nodes: number): RandomSource[] =>
  Array.from({ length: nodes }, (_, node) => seedrandom.alea(`${seed}/noc/node/${node}`));

/**
 * Every node tries to create a packet in every cycle. While its last packet is still leaving, the trials wait; they
 * are made up for in order, with the cycle that they belong to as the packet's time of creation.
 */
export class BernoulliInjection {
  readonly streams: readonly RandomSource[];
  readonly #probability: number;
  /** The first cycle that each node has not tried yet. */
  readonly #next: Int32Array;

  /** `rate` in flits per node and cycle. */
  constructor(nodes: number, rate: number, packetFlits: number, seed: number) {
    this.streams = nodeStreams(seed, nodes);
    this.#probability = rate / packetFlits;
    this.#next = new Int32Array(nodes);
  }

  /** For a node whose queue is empty in `cycle`: the cycle in which its next packet was created, or -1. */
  create(node: number, cycle: number): number {
    const random = this.streams[node];
    let next = this.#next[node];
    while (next <= cycle) {
      if (random() < this.#probability) {
        this.#next[node] = next + 1;
        return next;
      }
      next++;
    }
    this.#next[node] = next;
    return -1;
  }

  /** True when no node has a trial left to make up for before `cycle`. */
  caughtUp(cycle: number): boolean {
    return this.#next.every(next => next >= cycle);
  }
}
