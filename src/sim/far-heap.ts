/** Binary heap of the events that lie beyond the horizon of the timing wheel, stable by insertion. */

/** Orders node numbers by (key, insertion); knows nothing of what a node holds. */
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

  push(nodeKeys: Float64Array, node: number): void {
    const key = nodeKeys[node >> 1];
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

  /** Takes the node with the smallest key, the oldest of equals; the heap must not be empty. */
  pop(): number {
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
