/** Lists of events, first in first out: chains of chunks in one buffer, so that an append writes where the last one wrote. */

/**
 * Words (32 bit) of an event, which has four: 0 and 1 hold its key, tick + phase / 4, as a double. The others are moved as a double too,
 * which no engine changes as long as it is no NaN: so the handler is the upper word, and below 2^30.
 * One object: V8 makes `const { ARG } = EVENT` a constant, but reads an imported constant at each use.
 */
export const EVENT = { ARG: 2, HANDLER: 3 } as const;

/** The double of a buffer with the key of the event that is to be put there: one that is passed to a function may be boxed. */
export const KEY = 0;

/** Slots of a chunk: the first holds the last slot of the chunk before it, the others an event each. */
export const CHUNK = 16;
/** The last slot of an empty list; the next one begins a chunk. */
export const NONE = CHUNK - 1;
/** Word in the header of a chunk of a list that is detached: its last slot. */
export const LAST = 1;

const { ARG, HANDLER } = EVENT;

/** Numbered lists: word `list` of the buffer holds a list's last slot. What else lies before the chunks is the owner's affair. */
export class EventLists {
  /** The buffer, as doubles and as words; replaced when it grows. */
  f: Float64Array<ArrayBuffer>;
  m: Int32Array<ArrayBuffer>;
  #free = 0;
  #fresh: number;

  /** Chunks begin at slot `slots`, a multiple of CHUNK. */
  constructor(slots: number) {
    this.f = new Float64Array(2 * (slots + 64 * CHUNK));
    this.m = new Int32Array(this.f.buffer);
    this.#fresh = slots;
  }

  /** Appends an event whose key is in KEY. */
  append(list: number, handler: number, arg: number): void {
    const { f, m } = this;
    const slot = m[list] + 1;
    if ((slot & NONE) === 0) {
      this.#appendChunk(list, handler, arg);
      return;
    }
    f[2 * slot] = f[KEY];
    m[(4 * slot) | ARG] = arg;
    m[(4 * slot) | HANDLER] = handler;
    m[list] = slot;
  }

  /**
   * Empties a list and returns its first chunk, 0 when there is none: the first words of the headers then lead to the
   * last chunk, whose is 0. The caller frees the chunks.
   */
  detach(list: number): number {
    const { m } = this;
    let first = 0;
    for (let slot = m[list]; slot !== NONE; ) {
      const chunk = slot & ~NONE;
      m[(4 * chunk) | LAST] = slot;
      slot = m[4 * chunk];
      m[4 * chunk] = first;
      first = chunk;
    }
    m[list] = NONE;
    return first;
  }

  /** Takes back a chunk. */
  freeChunk(chunk: number): void {
    this.m[4 * chunk] = this.#free;
    this.#free = chunk;
  }

  #appendChunk(list: number, handler: number, arg: number): void {
    const chunk = this.#newChunk();
    const { f, m } = this;
    const slot = chunk + 1;
    m[4 * chunk] = m[list];
    f[2 * slot] = f[KEY];
    m[(4 * slot) | ARG] = arg;
    m[(4 * slot) | HANDLER] = handler;
    m[list] = slot;
  }

  #newChunk(): number {
    const free = this.#free;
    if (free !== 0) {
      this.#free = this.m[4 * free];
      return free;
    }
    const fresh = this.#fresh;
    this.#fresh += CHUNK;
    if (2 * this.#fresh > this.f.length) {
      const old = this.m;
      this.f = new Float64Array(2 * this.f.length);
      this.m = new Int32Array(this.f.buffer);
      this.m.set(old);
    }
    return fresh;
  }
}
