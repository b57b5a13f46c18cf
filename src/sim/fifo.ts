/** A bounded first-in, first-out buffer of numbers that tells its writer when a full buffer has room again. */

/** Ring buffer with back-pressure: push() refuses when full, onSpace() says when to try again. */
export class Fifo {
  readonly capacity: number;
  /** Called after a pop() from a full buffer. */
  onSpace: () => void = () => {};
  readonly #ring: Float64Array;
  #head = 0;
  #size = 0;
  #highWater = 0;

  /** Throws RangeError when `capacity` is not a positive integer. */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) throw new RangeError(`fifo of capacity ${capacity}`);
    this.capacity = capacity;
    this.#ring = new Float64Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  get full(): boolean {
    return this.#size === this.capacity;
  }

  get empty(): boolean {
    return this.#size === 0;
  }

  /** The largest size so far. */
  get highWater(): number {
    return this.#highWater;
  }

  /** False, and nothing stored, when the buffer is full. */
  push(value: number): boolean {
    if (this.full) return false;
    const at = this.#head + this.#size;
    this.#ring[at < this.capacity ? at : at - this.capacity] = value;
    if (++this.#size > this.#highWater) this.#highWater = this.#size;
    return true;
  }

  /** The oldest value, which stays; throws RangeError when the buffer is empty. */
  peek(): number {
    if (this.#size === 0) throw new RangeError('read of an empty fifo');
    return this.#ring[this.#head];
  }

  /** Takes the oldest value; throws RangeError when the buffer is empty. */
  pop(): number {
    const value = this.peek();
    const wasFull = this.full;
    if (++this.#head === this.capacity) this.#head = 0;
    this.#size--;
    if (wasFull) this.onSpace();
    return value;
  }
}
