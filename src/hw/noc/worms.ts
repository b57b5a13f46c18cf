/** Packets on their way as worms: when the head comes to each router, through which VCs, and where the tail follows it. */

import { longer } from './grow.ts';

const FIRST_CAPACITY = 64;

/** A worm that nothing hinders; one whose flits the routers move one by one; none. */
export const WORM = { none: 0, whole: 1, flits: 2 } as const;

/** What a worm has at a router of its route: the output port, the input VC and the output VC; 2^bits words in all. */
export const STEP = { output: 0, inVc: 1, outVc: 2, bits: 2 } as const;

/** Columns of typed arrays; numbers are reused after release(). */
export class Worms {
  /** Routers of the longest route. */
  readonly stride: number;
  state = new Uint8Array(FIRST_CAPACITY);
  /** Number in the pool of packets; -1 after the delivery. */
  packet = new Int32Array(FIRST_CAPACITY);
  source = new Int32Array(FIRST_CAPACITY);
  flits = new Int32Array(FIRST_CAPACITY);
  /** Links between routers on the route, and routers whose VC allocator the head has passed. */
  hops = new Int32Array(FIRST_CAPACITY);
  passed = new Int32Array(FIRST_CAPACITY);
  /** Of a worm of flits: routers that the tail has left, and the outputs of its route that are marked: from, and up to. */
  left = new Int32Array(FIRST_CAPACITY);
  marked = new Int32Array(FIRST_CAPACITY);
  markedTo = new Int32Array(FIRST_CAPACITY);
  /**
   * Of a whole worm that was flits before: the cycle in which it became whole again, before which all has been moved as flits; what has
   * been counted then: flits that came over links, and output VCs given. -Infinity and 0 for others.
   */
  liftedAt = new Float64Array(FIRST_CAPACITY);
  counted = new Int32Array(FIRST_CAPACITY);
  granted = new Int32Array(FIRST_CAPACITY);
  /** Cycle in which the head comes to the first router, and the earliest one of the delivery. */
  start = new Float64Array(FIRST_CAPACITY);
  due = new Float64Array(FIRST_CAPACITY);
  /** By router of the route, see STEP. */
  path: Int32Array;
  /** Numbers in use, in no order, and where each of them stands there. */
  readonly live: number[] = [];
  #at = new Int32Array(FIRST_CAPACITY);
  readonly #free: number[] = [];
  #used = 0;

  constructor(stride: number) {
    this.stride = stride;
    this.path = new Int32Array((FIRST_CAPACITY * stride) << STEP.bits);
  }

  /** A worm whose columns the caller fills in; none of its routers has been passed. */
  claim(): number {
    const worm = this.#free.pop() ?? this.#used++;
    if (worm === this.state.length) this.#grow();
    this.passed[worm] = 0;
    this.liftedAt[worm] = Number.NEGATIVE_INFINITY;
    this.counted[worm] = this.granted[worm] = 0;
    this.#at[worm] = this.live.push(worm) - 1;
    return worm;
  }

  /** Where the step of a worm at router `k` of its route begins. */
  step(worm: number, k: number): number {
    return (worm * this.stride + k) << STEP.bits;
  }

  output(worm: number, k: number): number {
    return this.path[this.step(worm, k) + STEP.output];
  }

  inVc(worm: number, k: number): number {
    return this.path[this.step(worm, k) + STEP.inVc];
  }

  outVc(worm: number, k: number): number {
    return this.path[this.step(worm, k) + STEP.outVc];
  }

  release(worm: number): void {
    this.state[worm] = WORM.none;
    const last = this.live[this.live.length - 1];
    this.live[this.#at[worm]] = last;
    this.#at[last] = this.#at[worm];
    this.live.length--;
    this.#free.push(worm);
  }

  #grow(): void {
    const length = 2 * this.state.length;
    this.state = longer(this.state, new Uint8Array(length));
    for (const key of [
      'packet',
      'source',
      'flits',
      'hops',
      'passed',
      'left',
      'marked',
      'markedTo',
      'counted',
      'granted',
    ] as const)
      this[key] = longer(this[key], new Int32Array(length));
    this.path = longer(this.path, new Int32Array((length * this.stride) << STEP.bits));
    this.liftedAt = longer(this.liftedAt, new Float64Array(length));
    this.start = longer(this.start, new Float64Array(length));
    this.due = longer(this.due, new Float64Array(length));
    this.#at = longer(this.#at, new Int32Array(length));
  }
}
