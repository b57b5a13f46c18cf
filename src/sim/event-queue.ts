/** Pending events in the order (tick, phase, insertion): a timing wheel that fits its buckets to what it holds. */
import { ARG, HANDLER, LINK, NEXT, NODE_WORDS, STEPS, sortRuns, TAIL, tailOf } from './event-node.ts';
import { FarHeap } from './far-heap.ts';
import type { Phase, Tick } from './tick.ts';

// One buffer holds the wheel and its nodes, as each further typed array costs a set-up in every method. In words:
// a few doubles and the step counter, two levels of occupancy bits, the list heads of the buckets, the nodes. All
// parts start at powers of two, so that OR takes the place of an addition and its check for overflow.
const MIN_BUCKETS = 1024;
const MAX_BUCKETS = 2 ** 17;
const SUMMARY = MAX_BUCKETS / 1024;
const BITS = MAX_BUCKETS / 32;
const HEADS = MAX_BUCKETS;
const NODES = 2 * MAX_BUCKETS;

/** Key of the open run, -1 when there is none. */
const KEY = 0;
/** First key of the current bucket, keys per bucket, and one over that. */
const START = 1;
const SPAN = 2;
const SCALE = 3;
/** Key of the event that pop() took last. */
const TAKEN = 4;

/** Runs of a bucket that a push compares with before it opens one more; sorting merges what it missed. */
const DEPTH = 2;
/** What an event beyond the horizon costs, in steps along a list of runs. */
const FAR_COST = 16;
const MIN_PATIENCE = 2 ** 14;

/**
 * Events wait in buckets of 2^n ps. A bucket is a list of runs, one per (tick, phase), that is sorted when its
 * turn comes; events beyond the last bucket wait in a heap and move in before any push can overtake them. Width
 * and number of the buckets follow what pushes and pops have cost; the order of events never depends on them.
 */
export class EventQueue {
  /** Handler and argument of the event that pop() took last; see tick and phase. */
  handler = 0;
  arg = 0;

  #f: Float64Array;
  #m: Int32Array;
  #free = 0;
  #size = 0;
  // The run that pop() takes from.
  #node = 0;
  #tail = 0;
  // The other runs of the current bucket, in order.
  #first = 0;
  #last = 0;
  #current = 0;
  #buckets = MIN_BUCKETS;
  // The run that an event was filed in last: blocks in lock-step push to it again. 0 when it is open or no more.
  #hint = 0;
  readonly #far = new FarHeap();
  // Steps and opened buckets until the next look at the costs.
  #granted = MIN_PATIENCE;
  #patience = MIN_PATIENCE;
  #deferred = 0;

  constructor() {
    const buffer = new ArrayBuffer(4 * (NODES + 64 * NODE_WORDS));
    this.#f = new Float64Array(buffer);
    this.#m = new Int32Array(buffer);
    this.#f[KEY] = -1;
    this.#setWidth(10);
    this.#chain(NODES);
  }

  /** Events that are pending. */
  get size(): number {
    return this.#size;
  }

  /** Tick of the event that pop() took last. */
  get tick(): Tick {
    return Math.floor(this.#f[TAKEN] * 0.25);
  }

  /** Phase of the event that pop() took last. */
  get phase(): Phase {
    return (this.#f[TAKEN] % 4) as Phase;
  }

  /** Adds an event at `tick`, an integer in 0 .. MAX_TICK; `handler` and `arg` are 32-bit integers. */
  push(tick: Tick, phase: Phase, handler: number, arg: number): void {
    if (this.#free === 0) this.#grow();
    const m = this.#m;
    const f = this.#f;
    const node = this.#free;
    this.#free = m[node | NEXT];
    const key = tick * 4 + phase;
    f[node >> 1] = key;
    m[node | NEXT] = 0;
    m[node | HANDLER] = handler;
    m[node | ARG] = arg;
    this.#size++;
    const hint = this.#hint;
    if (hint !== 0 && f[hint >> 1] === key) {
      m[tailOf(m, hint) | NEXT] = node;
      m[hint | TAIL] = node;
      return;
    }
    const ahead = (key - f[START]) * f[SCALE];
    if (ahead >= 1) {
      if (ahead < this.#buckets) this.#file(node, ahead | 0);
      else this.#defer(node);
    } else if (key === f[KEY]) {
      if (this.#node === 0) this.#node = node;
      else m[this.#tail | NEXT] = node;
      this.#tail = node;
    } else {
      this.#insert(node);
    }
  }

  /** Takes the earliest event into tick, phase, handler and arg; false when there is none. */
  pop(): boolean {
    const m = this.#m;
    let node = this.#node;
    if (node === 0) {
      node = this.#first;
      if (node === 0) {
        node = this.#advance();
        if (node === 0) return false;
      }
      const f = this.#f;
      if (node === this.#hint) this.#hint = 0;
      f[KEY] = f[TAKEN] = f[node >> 1];
      this.#tail = m[node | TAIL];
      this.#first = m[node | LINK];
    }
    this.#node = m[node | NEXT];
    this.handler = m[node | HANDLER];
    this.arg = m[node | ARG];
    m[node | NEXT] = this.#free;
    this.#free = node;
    this.#size--;
    return true;
  }

  /** Tick of the earliest event, Infinity when there is none; moves nothing. */
  nextTick(): Tick {
    const f = this.#f;
    let least = this.#far.min;
    if (this.#node !== 0) least = f[KEY];
    else if (this.#first !== 0) least = f[this.#first >> 1];
    else {
      const at = this.#nextBucket();
      let run = at < 0 ? 0 : this.#m[HEADS | at];
      for (; run !== 0; run = this.#m[run | LINK]) least = Math.min(least, f[run >> 1]);
    }
    return Math.floor(least / 4);
  }

  /** Puts a node into the bucket `ahead` of the current one. */
  #file(node: number, ahead: number): void {
    const m = this.#m;
    const at = (this.#current + ahead) & (this.#buckets - 1);
    const head = m[HEADS | at];
    if (head === 0) {
      m[BITS | (at >> 5)] |= 1 << (at & 31);
      m[SUMMARY | (at >> 10)] |= 1 << ((at >> 5) & 31);
    } else {
      const f = this.#f;
      const key = f[node >> 1];
      let run = head;
      let tries = DEPTH;
      do {
        if (f[run >> 1] === key) {
          m[tailOf(m, run) | NEXT] = node;
          m[run | TAIL] = node;
          this.#hint = run;
          return;
        }
        run = m[run | LINK];
      } while (run !== 0 && --tries !== 0);
    }
    m[node | LINK] = head;
    m[HEADS | at] = node;
    this.#hint = node;
  }

  /** Puts a node into the heap beyond the horizon. */
  #defer(node: number): void {
    this.#far.push(this.#f, node);
    this.#deferred++;
    this.#patience -= FAR_COST;
  }

  /** Puts a node among the runs of the current bucket. */
  #insert(node: number): void {
    const f = this.#f;
    const m = this.#m;
    const key = f[node >> 1];
    if (key < f[KEY]) this.#closeRun();
    let before = 0;
    let at = this.#first;
    let steps = 0;
    if (at !== 0 && key >= f[this.#last >> 1]) {
      before = at = this.#last;
      if (f[at >> 1] !== key) at = 0;
    } else {
      while (at !== 0 && f[at >> 1] < key) {
        before = at;
        at = m[at | LINK];
        steps++;
      }
    }
    if (at !== 0 && f[at >> 1] === key) {
      m[tailOf(m, at) | NEXT] = node;
      m[at | TAIL] = node;
      this.#hint = at;
    } else {
      this.#hint = node;
      m[node | LINK] = at;
      if (at === 0) this.#last = node;
      if (before === 0) this.#first = node;
      else m[before | LINK] = node;
    }
    m[STEPS] += steps;
    if ((this.#patience -= steps) < 0) this.#adapt();
  }

  /** Puts what is left of the open run back to the front: an earlier event has come. */
  #closeRun(): void {
    const m = this.#m;
    const node = this.#node;
    this.#f[KEY] = -1;
    if (node === 0) return;
    m[node | TAIL] = this.#tail;
    m[node | LINK] = this.#first;
    if (this.#first === 0) this.#last = node;
    this.#first = node;
    this.#node = 0;
  }

  /** The occupied bucket after the current one, -1 when there is none. */
  #nextBucket(): number {
    const m = this.#m;
    let word = this.#current >> 5;
    // Bits above the current one; -2 << 31 is 0, as it must be.
    let bits = m[BITS | word] & (-2 << (this.#current & 31));
    if (bits === 0) {
      let group = word >> 5;
      bits = m[SUMMARY | group] & (-2 << (word & 31));
      const groups = this.#buckets >> 10;
      for (let left = groups; bits === 0; left--) {
        if (left === 0) return -1;
        group = (group + 1) & (groups - 1);
        bits = m[SUMMARY | group];
      }
      word = (group << 5) | (31 - Math.clz32(bits & -bits));
      bits = m[BITS | word];
    }
    return (word << 5) | (31 - Math.clz32(bits & -bits));
  }

  /** Turns the wheel to the next occupied bucket and opens it; its first run, 0 when no event is left. */
  #advance(): number {
    if (--this.#patience < 0) {
      this.#adapt();
      if (this.#first !== 0) return this.#first;
    }
    const f = this.#f;
    const m = this.#m;
    const at = this.#nextBucket();
    if (at < 0) return this.#leap();
    f[START] += ((at - this.#current) & (this.#buckets - 1)) * f[SPAN];
    this.#current = at;
    if (this.#far.size !== 0) this.#migrate();
    const list = m[HEADS | at];
    m[HEADS | at] = 0;
    const word = at >> 5;
    if ((m[BITS | word] &= ~(1 << (at & 31))) === 0) m[SUMMARY | (word >> 5)] &= ~(1 << (word & 31));
    return m[list | LINK] === 0 ? list : this.#sort(list);
  }

  /** Turns an empty wheel to the first of the events beyond its horizon. */
  #leap(): number {
    if (this.#far.size === 0) return 0;
    this.#turnTo(this.#far.min);
    this.#migrate();
    // Unless the migration made the wheel adapt, and so turn back.
    return this.#first !== 0 ? this.#first : this.#advance();
  }

  /** Makes the bucket of `key` the current one; the wheel must be empty. */
  #turnTo(key: number): void {
    const f = this.#f;
    const bucket = Math.floor(key * f[SCALE]);
    f[START] = bucket * f[SPAN];
    this.#current = bucket & (this.#buckets - 1);
  }

  /** Moves the events that are no longer beyond the horizon into the wheel. */
  #migrate(): void {
    const far = this.#far;
    while ((far.min - this.#f[START]) * this.#f[SCALE] < this.#buckets) this.#place(far.pop());
  }

  /** Puts a node where its key belongs. */
  #place(node: number): void {
    const f = this.#f;
    const ahead = (f[node >> 1] - f[START]) * f[SCALE];
    this.#m[node | NEXT] = 0;
    if (ahead < 1) this.#insert(node);
    else if (ahead < this.#buckets) this.#file(node, ahead | 0);
    else this.#defer(node);
  }

  /** Sorts the runs of a bucket. */
  #sort(list: number): number {
    // Runs of one key become one, and the hint may be the newer.
    this.#hint = 0;
    const m = this.#m;
    const before = m[STEPS];
    const first = sortRuns(m, this.#f, list);
    this.#patience -= m[STEPS] - before;
    let last = first;
    while (m[last | LINK] !== 0) last = m[last | LINK];
    this.#last = last;
    return first;
  }

  /** Looks at what pushes and pops have cost since the last time; a rebuild costs less than that. */
  #adapt(): void {
    const steps = this.#m[STEPS];
    const far = FAR_COST * this.#deferred;
    const opened = this.#granted - this.#patience - steps - far;
    const want = Math.min(MAX_BUCKETS, Math.max(MIN_BUCKETS, 2 ** Math.ceil(Math.log2(8 * this.#size + 1))));
    let buckets = Math.min(this.#buckets, 4 * want);
    let width = Math.log2(this.#f[SPAN] / 4);
    if (far > opened && far > 2 * steps) {
      if (buckets < want) buckets *= 2;
      else width++;
    } else if (2 * steps > opened && steps > 2 * far && width > 0) {
      const narrower = Math.min(width, Math.max(1, Math.round(Math.log2(steps / Math.max(1, opened)) / 2)));
      width -= narrower;
      buckets = Math.max(buckets, Math.min(want, buckets * 2 ** narrower));
    }
    if (buckets !== this.#buckets || 4 * 2 ** width !== this.#f[SPAN]) this.#rebuild(width, buckets);
    this.#m[STEPS] = this.#deferred = 0;
    this.#granted = this.#patience = MIN_PATIENCE + 4 * this.#size;
  }

  /** Files all events but those of the open run anew, equal keys in the order of insertion. */
  #rebuild(width: number, buckets: number): void {
    this.#hint = 0;
    const m = this.#m;
    let head = 0;
    let last = 0;
    const add = (from: number, to: number): void => {
      if (last === 0) head = from;
      else m[last | NEXT] = from;
      last = to;
    };
    const addRuns = (first: number): void => {
      for (let run = first; run !== 0; run = m[run | LINK]) add(run, tailOf(m, run));
    };
    addRuns(this.#first);
    for (let i = HEADS; i < HEADS + this.#buckets; i++) if (m[i] !== 0) addRuns(this.#sort(m[i]));
    while (this.#far.size > 0) {
      const node = this.#far.pop();
      add(node, node);
    }
    if (last !== 0) m[last | NEXT] = 0;
    m.fill(0, SUMMARY, NODES);
    this.#first = 0;
    this.#buckets = buckets;
    this.#setWidth(width);
    this.#turnTo(this.#f[TAKEN]);
    this.#patience = 2 ** 30;
    for (let node = head; node !== 0; ) {
      const next = m[node | NEXT];
      this.#place(node);
      node = next;
    }
  }

  #setWidth(log2: number): void {
    this.#f[SPAN] = 4 * 2 ** log2;
    this.#f[SCALE] = 1 / this.#f[SPAN];
  }

  #grow(): void {
    const old = this.#m;
    const buffer = new ArrayBuffer(4 * (2 * old.length - NODES));
    this.#f = new Float64Array(buffer);
    this.#m = new Int32Array(buffer);
    this.#m.set(old);
    this.#chain(old.length);
  }

  /** Threads the free list through the nodes from `from` on. */
  #chain(from: number): void {
    const m = this.#m;
    for (let node = from; node < m.length; node += NODE_WORDS) m[node | NEXT] = node + NODE_WORDS;
    m[(m.length - NODE_WORDS) | NEXT] = 0;
    this.#free = from;
  }
}
