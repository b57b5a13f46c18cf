/** The yardstick of the event queue: a binary heap on (key, sequence number) in typed arrays. */

/** Same promises as EventQueue: order (tick, phase, insertion), no allocation per event. */
export class BinaryHeap {
  tick = 0;
  phase = 0;
  handler = 0;
  arg = 0;
  size = 0;
  #seq = 0;
  #keys = new Float64Array(1024);
  #seqs = new Int32Array(1024);
  #handlers = new Int32Array(1024);
  #args = new Int32Array(1024);

  push(tick: number, phase: number, handler: number, arg: number): void {
    if (this.size === this.#keys.length) this.#grow();
    const keys = this.#keys;
    const seqs = this.#seqs;
    const handlers = this.#handlers;
    const args = this.#args;
    const key = tick * 4 + phase;
    let at = this.size++;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (keys[up] <= key) break;
      keys[at] = keys[up];
      seqs[at] = seqs[up];
      handlers[at] = handlers[up];
      args[at] = args[up];
      at = up;
    }
    keys[at] = key;
    seqs[at] = this.#seq = (this.#seq + 1) | 0;
    handlers[at] = handler;
    args[at] = arg;
  }

  pop(): boolean {
    if (this.size === 0) return false;
    const keys = this.#keys;
    const seqs = this.#seqs;
    const handlers = this.#handlers;
    const args = this.#args;
    this.tick = Math.floor(keys[0] / 4);
    this.phase = keys[0] - this.tick * 4;
    this.handler = handlers[0];
    this.arg = args[0];
    const last = --this.size;
    const key = keys[last];
    const seq = seqs[last];
    let at = 0;
    for (let down = 1; down < last; down = 2 * at + 1) {
      // The sequence number wraps; the difference keeps the order of any two that are pending together.
      const right = down + 1;
      if (right < last) {
        const r = keys[right];
        const l = keys[down];
        if (r < l || (r === l && ((seqs[right] - seqs[down]) | 0) < 0)) down = right;
      }
      if (key < keys[down] || (key === keys[down] && ((seq - seqs[down]) | 0) < 0)) break;
      keys[at] = keys[down];
      seqs[at] = seqs[down];
      handlers[at] = handlers[down];
      args[at] = args[down];
      at = down;
    }
    keys[at] = key;
    seqs[at] = seq;
    handlers[at] = handlers[last];
    args[at] = args[last];
    return true;
  }

  #grow(): void {
    const capacity = 2 * this.#keys.length;
    const keys = new Float64Array(capacity);
    keys.set(this.#keys);
    this.#keys = keys;
    this.#seqs = grown(this.#seqs, capacity);
    this.#handlers = grown(this.#handlers, capacity);
    this.#args = grown(this.#args, capacity);
  }
}

function grown(from: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(capacity);
  to.set(from);
  return to;
}
