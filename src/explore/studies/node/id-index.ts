/** Where the row of each point stands, by its id: an open-addressed table in flat memory, 24 bytes a row and less than half full. */

const FIRST_SIZE = 1 << 12;
const MOST_FULL = 0.5;
const HEX = 8;

export class IdIndex {
  #high = new Uint32Array(FIRST_SIZE);
  #low = new Uint32Array(FIRST_SIZE);
  /** Offset of the line, -1 for an empty place. */
  #offset = new Float64Array(FIRST_SIZE).fill(-1);
  #length = new Uint32Array(FIRST_SIZE);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Offset and length of a row's line; undefined for a row that is not there. */
  get(id: string): { readonly offset: number; readonly length: number } | undefined {
    const at = this.#find(...keyOf(id));
    return this.#offset[at] < 0 ? undefined : { offset: this.#offset[at], length: this.#length[at] };
  }

  /** The last line of an id holds. */
  set(id: string, offset: number, length: number): void {
    const [high, low] = keyOf(id);
    const at = this.#find(high, low);
    if (this.#offset[at] < 0) this.#size++;
    this.#high[at] = high;
    this.#low[at] = low;
    this.#offset[at] = offset;
    this.#length[at] = length;
    if (this.#size > MOST_FULL * this.#offset.length) this.#grow();
  }

  /** The place of a key, or the empty one that it would have. */
  #find(high: number, low: number): number {
    const mask = this.#offset.length - 1;
    let at = low & mask;
    while (this.#offset[at] >= 0 && (this.#low[at] !== low || this.#high[at] !== high)) at = (at + 1) & mask;
    return at;
  }

  #grow(): void {
    const [high, low, offset, length] = [this.#high, this.#low, this.#offset, this.#length];
    const size = 2 * offset.length;
    this.#high = new Uint32Array(size);
    this.#low = new Uint32Array(size);
    this.#offset = new Float64Array(size).fill(-1);
    this.#length = new Uint32Array(size);
    for (let i = 0; i < offset.length; i++) {
      if (offset[i] < 0) continue;
      const at = this.#find(high[i], low[i]);
      this.#high[at] = high[i];
      this.#low[at] = low[i];
      this.#offset[at] = offset[i];
      this.#length[at] = length[i];
    }
  }
}

/** 64 of the 128 bits of an id: two of ten million points share them with a chance of 1 in 400 000. */
const keyOf = (id: string): [number, number] => [
  Number.parseInt(id.slice(1, 1 + HEX), 16) >>> 0,
  Number.parseInt(id.slice(1 + HEX, 1 + 2 * HEX), 16) >>> 0,
];
