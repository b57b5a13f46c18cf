/** The yardstick of the event queue: a binary heap on (key, sequence number) in typed arrays. */

/** Same promises as EventQueue: order (tick, phase, insertion), no allocation per event. */
export class BinaryHeap {
  tick = 0;
  phase = 0;
  handler = 0;
  arg = 0;
  size = 0;
  #seq = 0;
  // The heap itself holds keys and slots; what is not compared, or only between equals, stays in the slot.
  #keys = new Float64Array(1024);
  #slots = Int32Array.from({ length: 1024 }, (_, i) => i);
  #seqs = new Int32Array(1024);
  #handlers = new Int32Array(1024);
  #args = new Int32Array(1024);

  push(tick: number, phase: number, handler: number, arg: number): void {
    if (this.size === this.#keys.length) this.#grow();
    const keys = this.#keys;
    const slots = this.#slots;
    const key = tick * 4 + phase;
    let at = this.size++;
    const slot = slots[at];
    this.#seqs[slot] = this.#seq = (this.#seq + 1) | 0;
    this.#handlers[slot] = handler;
    this.#args[slot] = arg;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (keys[up] <= key) break;
      keys[at] = keys[up];
      slots[at] = slots[up];
      at = up;
    }
    keys[at] = key;
    slots[at] = slot;
  }

  pop(): boolean {
    if (this.size === 0) return false;
    const keys = this.#keys;
    const slots = this.#slots;
    const seqs = this.#seqs;
    const top = slots[0];
    this.tick = Math.floor(keys[0] / 4);
    this.phase = keys[0] - this.tick * 4;
    this.handler = this.#handlers[top];
    this.arg = this.#args[top];
    const last = --this.size;
    const key = keys[last];
    const slot = slots[last];
    // Slots beyond the heap are the free ones.
    slots[last] = top;
    let at = 0;
    for (let down = 1; down < last; down = 2 * at + 1) {
      const right = down + 1;
      let least = keys[down];
      if (right < last) {
        const other = keys[right];
        if (other < least || (other === least && earlier(seqs[slots[right]], seqs[slots[down]]))) {
          least = other;
          down = right;
        }
      }
      if (key < least || (key === least && earlier(seqs[slot], seqs[slots[down]]))) break;
      keys[at] = least;
      slots[at] = slots[down];
      at = down;
    }
    if (last > 0) {
      keys[at] = key;
      slots[at] = slot;
    }
    return true;
  }

  #grow(): void {
    const { length } = this.#keys;
    const keys = new Float64Array(2 * length);
    keys.set(this.#keys);
    this.#keys = keys;
    this.#slots = doubled(this.#slots);
    for (let i = length; i < 2 * length; i++) this.#slots[i] = i;
    this.#seqs = doubled(this.#seqs);
    this.#handlers = doubled(this.#handlers);
    this.#args = doubled(this.#args);
  }
}

/** The numbers wrap; their difference keeps the order of any two events that are pending together. */
const earlier = (seq: number, other: number): boolean => ((seq - other) | 0) < 0;

function doubled(from: Int32Array): Int32Array<ArrayBuffer> {
  const to = new Int32Array(2 * from.length);
  to.set(from);
  return to;
}
