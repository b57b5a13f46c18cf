/** Binary heap of the events that lie beyond the horizon of the timing wheel, stable by insertion. */
import { NODE } from './event-node.ts';

const { NEXT, TAIL } = NODE;

/** Orders the nodes of events by (key, insertion). */
export class FarHeap {
  #size = 0;
  #seq = 0;
  #keys = new Float64Array(64);
  #seqs = new Float64Array(64);
  #nodes = new Int32Array(64);

  get size(): number {
    return this.#size;
  }

  /** The smallest key, Infinity when the heap is empty. */
  get min(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : this.#keys[0];
  }

  /** Adds the events of a run; returns their number. */
  pushRun(m: Int32Array, f: Float64Array, run: number): number {
    let count = 0;
    for (let node = run; node !== 0; node = m[node | NEXT]) {
      this.#push(f[node >> 1], node);
      count++;
    }
    return count;
  }

  /** Takes the earliest event, the oldest of equals, as a run of its own; the heap must not be empty. */
  popRun(m: Int32Array): number {
    const node = this.#pop();
    m[node | NEXT] = 0;
    m[node | TAIL] = node;
    return node;
  }

  #push(key: number, node: number): void {
    if (this.#size === this.#keys.length) this.#grow();
    const keys = this.#keys;
    let at = this.#size++;
    while (at > 0) {
      const up = (at - 1) >> 1;
      // A newcomer has the highest sequence number, so it stays below its equals.
      if (keys[up] <= key) break;
      this.#move(up, at);
      at = up;
    }
    this.#put(at, key, this.#seq++, node);
  }

  #pop(): number {
    const node = this.#nodes[0];
    const last = --this.#size;
    const key = this.#keys[last];
    const seq = this.#seqs[last];
    let at = 0;
    for (let down = 1; down < last; down = 2 * at + 1) {
      if (down + 1 < last && this.#before(this.#keys[down + 1], this.#seqs[down + 1], down)) down++;
      if (this.#before(key, seq, down)) break;
      this.#move(down, at);
      at = down;
    }
    this.#put(at, key, seq, this.#nodes[last]);
    return node;
  }

  #before(key: number, seq: number, other: number): boolean {
    const k = this.#keys[other];
    return key < k || (key === k && seq < this.#seqs[other]);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#keys[from], this.#seqs[from], this.#nodes[from]);
  }

  #put(at: number, key: number, seq: number, node: number): void {
    this.#keys[at] = key;
    this.#seqs[at] = seq;
    this.#nodes[at] = node;
  }

  #grow(): void {
    const { length } = this.#keys;
    const keys = new Float64Array(2 * length);
    const seqs = new Float64Array(2 * length);
    const nodes = new Int32Array(2 * length);
    keys.set(this.#keys);
    seqs.set(this.#seqs);
    nodes.set(this.#nodes);
    this.#keys = keys;
    this.#seqs = seqs;
    this.#nodes = nodes;
  }
}
