/** Pending events in the order (tick, phase, insertion): a timing wheel that fits its buckets to what it holds. */
import { COUNTERS, chainNodes, NODE, RunList } from './event-node.ts';
import { FarHeap } from './far-heap.ts';
import { insertSorted, keepSorted, openBucket, SORTED } from './sorted-runs.ts';
import type { Phase, Tick } from './tick.ts';
import {
  drainWheel,
  earliest,
  joinBucket,
  leaveWord,
  limitTo,
  lookAgain,
  lowest,
  MIN_BUCKETS,
  resizeWheel,
  turnTo,
  turnToNext,
  WHEEL,
} from './wheel.ts';
import { WheelFit } from './wheel-fit.ts';

const { NEXT, HANDLER, ARG, TAIL, LINK } = NODE;
const { CAPACITY, REST, RUNS, KEYS } = SORTED;
const { SPAN, SCALE, START, LIMIT, HORIZON, FAR, WORD, NEXT_WORD, MASK, SUMMARY, BITS, HEADS, NODES } = WHEEL;
const { STEPS, HINT } = COUNTERS;
/** Double of the buffer with the key of the event that pop() took last. */
const TAKEN = 1;

/** Sorted runs from which on a key behind the current word makes the wheel take the later half. */
const FEW = 8;
/** Sorted runs above which no further bucket is opened with the others. */
const BATCH = 8;

/**
 * The events of one (tick, phase) are a run. The earliest runs wait in a short sorted array, which is all there is
 * while runs are few. Later ones wait in buckets of 2^n ps, 32 buckets to a word of occupancy bits; the array is
 * filled anew from the next occupied buckets when it is empty. Events beyond the last bucket wait in a heap and move
 * in before any push can overtake them. Width and number of the buckets follow what pushes and pops have cost; the
 * order of events never depends on them.
 */
export class EventQueue {
  /** Tick, handler and argument of the event that pop() took last; see phase. */
  tick: Tick = 0;
  handler = 0;
  arg = 0;

  // One buffer, as each further typed array costs a set-up in every method; fields are set where they are declared, as
  // V8 drops the checks of a field that has never held anything else.
  #f = new Float64Array((NODES + 64 * NODE.WORDS) / 2);
  #m = new Int32Array(this.#f.buffer);
  #free = 0;
  #size = 0;
  // The sorted runs, and the last event of the first of them once an event of that has been taken; else 0.
  #first = 0;
  #end = 0;
  #tail = 0;
  readonly #far = new FarHeap();
  readonly #fit = new WheelFit();

  constructor() {
    this.#f[0] = -1; // the key of node 0, which stands for none
    resizeWheel(this.#m, this.#f, MIN_BUCKETS, 10);
    this.#free = chainNodes(this.#m, NODES);
  }

  /** Events that are pending. */
  get size(): number {
    return this.#size;
  }

  /** Phase of the event that pop() took last. */
  get phase(): Phase {
    return (4 * (this.#f[TAKEN] % 1)) as Phase;
  }

  /** Adds an event at `tick`, an integer in 0 .. MAX_TICK; `handler` and `arg` are 32-bit integers. */
  push(tick: Tick, phase: Phase, handler: number, arg: number): void {
    if (this.#free === 0) this.#grow();
    const m = this.#m;
    const f = this.#f;
    const node = this.#free;
    const key = tick + phase * 0.25;
    const run = m[HINT];
    // Blocks in lock-step push to the same run. Compare first: the hint may be `node`, once more free.
    const joins = f[run >> 1] === key;
    this.#free = m[node | NEXT];
    this.#size++;
    f[node >> 1] = key;
    m[node | NEXT] = 0;
    m[node | HANDLER] = handler;
    m[node | ARG] = arg;
    if (joins) {
      m[m[run | TAIL] | NEXT] = node;
      m[run | TAIL] = node;
    } else {
      m[node | TAIL] = node;
      this.#place(node);
    }
  }

  /** Takes the earliest event into tick, phase, handler and arg; false when there is none. */
  pop(): boolean {
    const m = this.#m;
    const f = this.#f;
    if (this.#first === this.#end && !this.#advance()) return false;
    const first = this.#first;
    const node = m[RUNS | first];
    const key = f[KEYS | first];
    f[TAKEN] = key;
    this.tick = Math.floor(key);
    this.handler = m[node | HANDLER];
    this.arg = m[node | ARG];
    const next = m[node | NEXT];
    if (next === 0) {
      this.#first = first + 1;
      this.#tail = 0;
    } else {
      // Not into the next event, which is not in the cache.
      if (this.#tail === 0) this.#tail = m[node | TAIL];
      m[RUNS | first] = next;
    }
    f[node >> 1] = -1; // a hint to this node must not match any more
    m[node | NEXT] = this.#free;
    this.#free = node;
    this.#size--;
    return true;
  }

  /** Tick of the earliest event, Infinity when there is none; moves nothing. */
  nextTick(): Tick {
    const f = this.#f;
    return Math.floor(this.#first !== this.#end ? f[KEYS | this.#first] : earliest(this.#m, f));
  }

  /** Puts a run where its key belongs. */
  #place(run: number): void {
    const m = this.#m;
    const f = this.#f;
    const key = f[run >> 1];
    m[HINT] = run;
    if (key >= f[LIMIT] && key < f[HORIZON]) {
      const at = (key * f[SCALE]) & m[MASK];
      if (m[HEADS | at] !== 0) joinBucket(m, f, run, at);
      else {
        m[BITS | (at >> 5)] |= 1 << (at & 31);
        m[SUMMARY | (at >> 10)] |= 1 << ((at >> 5) & 31);
        m[run | LINK] = 0;
        m[HEADS | at] = run;
      }
    } else this.#placeAside(run);
  }

  /** Puts a run among the sorted ones or into the heap. */
  #placeAside(run: number): void {
    const m = this.#m;
    const f = this.#f;
    const key = f[run >> 1];
    if (key >= f[LIMIT]) {
      this.#fit.addFar(this.#far.pushRun(m, f, run));
      f[FAR] = this.#far.min;
      m[HINT] = 0;
      return;
    }
    if (this.#tail !== 0) m[m[RUNS | this.#first] | TAIL] = this.#tail;
    this.#tail = 0;
    const room = key < f[START] + 32 * f[SPAN] ? CAPACITY : FEW;
    const end = insertSorted(m, f, run, this.#first, this.#end, room);
    if (end >= 0) this.#end = end;
    else {
      this.#makeRoom();
      this.#place(run);
    }
  }

  /** Moves the sorted runs to the front of their array, and the later half of many into the wheel. */
  #makeRoom(): void {
    const m = this.#m;
    const f = this.#f;
    const first = this.#first;
    const count = this.#end - first;
    const kept = count < FEW ? count : count >> 1;
    const later = new RunList(m);
    for (let i = first + kept; i < this.#end; i++) later.add(m[RUNS | i]);
    const list = later.end();
    if (f[LIMIT] === Number.POSITIVE_INFINITY) turnTo(m, f, f[TAKEN]);
    // Only where events have come that lie before the one taken last.
    if (list !== 0 && f[list >> 1] < f[START]) {
      this.#rebuild(m[MASK] + 1, Math.log2(f[SPAN]));
      return;
    }
    keepSorted(m, f, first, kept);
    this.#first = 0;
    this.#end = kept;
    if (list === 0) return;
    limitTo(m, f, f[list >> 1]);
    this.#placeAll(list);
  }

  /** Places runs, in the order of the list. */
  #placeAll(list: number): void {
    for (let run = list; run !== 0; ) {
      const next = this.#m[run | LINK];
      this.#place(run);
      run = next;
    }
  }

  /** Fills the sorted runs with the next that the wheel holds; false when no event is left. */
  #advance(): boolean {
    const m = this.#m;
    const f = this.#f;
    if (this.#fit.patience < 0) this.#adapt();
    if (m[NEXT_WORD] < 0) {
      if (this.#far.size === 0) return false;
      turnTo(m, f, this.#far.min);
      m[NEXT_WORD] = m[WORD];
      this.#migrate();
    } else if (m[NEXT_WORD] !== m[WORD]) {
      turnToNext(m, f);
      if (f[FAR] < f[HORIZON]) this.#migrate();
    }
    const word = m[WORD];
    const steps = m[STEPS];
    let bits = m[BITS | word];
    let rest = 0;
    let end = 0;
    do {
      const low = bits & -bits;
      const at = (word << 5) | (31 - Math.clz32(low));
      const list = m[HEADS | at];
      m[HEADS | at] = 0;
      bits ^= low;
      if (m[list | LINK] === 0) {
        f[KEYS | end] = f[list >> 1];
        m[RUNS | end++] = list;
      } else {
        // Runs may be joined, and the hint lost in the middle of one.
        m[HINT] = 0;
        end = openBucket(m, f, list, end);
        rest = m[REST];
        if (rest !== 0) {
          m[HEADS | at] = rest;
          bits |= low;
        }
      }
    } while (bits !== 0 && end < BATCH);
    m[BITS | word] = bits;
    if (rest !== 0) f[LIMIT] = f[rest >> 1];
    else if (bits !== 0) f[LIMIT] = f[START] + lowest(bits) * f[SPAN];
    else leaveWord(m, f);
    this.#first = 0;
    this.#end = end;
    this.#fit.patience -= end + m[STEPS] - steps;
    return true;
  }

  /** Moves the events that are no longer beyond the horizon into the wheel; there must be no sorted run. */
  #migrate(): void {
    const f = this.#f;
    f[LIMIT] = f[START];
    while (this.#far.min < f[HORIZON]) this.#place(this.#far.popRun(this.#m));
    f[FAR] = this.#far.min;
  }

  /** Looks at what pushes and pops have cost since the last time; a rebuild costs less than that. */
  #adapt(): void {
    const m = this.#m;
    const had = { buckets: m[MASK] + 1, width: Math.log2(this.#f[SPAN]) };
    const want = this.#fit.choose(had, this.#size, m[STEPS]);
    if (want.buckets !== had.buckets || want.width !== had.width) this.#rebuild(want.buckets, want.width);
    m[STEPS] = 0;
    lookAgain(m, this.#fit.lookPays);
    this.#fit.restart(this.#size);
  }

  /** Places all events anew, equal keys in the order of insertion. */
  #rebuild(buckets: number, width: number): void {
    const m = this.#m;
    const f = this.#f;
    const all = new RunList(m);
    for (let i = this.#first; i < this.#end; i++) all.add(m[RUNS | i]);
    this.#first = this.#end = 0;
    drainWheel(m, f, all);
    while (this.#far.size > 0) all.add(this.#far.popRun(m));
    resizeWheel(m, f, buckets, width);
    const list = all.end();
    if (list === 0) return;
    turnTo(m, f, Math.min(f[TAKEN], f[list >> 1]));
    limitTo(m, f, f[list >> 1]);
    this.#placeAll(list);
  }

  #grow(): void {
    const old = this.#m;
    this.#f = new Float64Array(old.length - NODES / 2);
    this.#m = new Int32Array(this.#f.buffer);
    this.#m.set(old);
    this.#free = chainNodes(this.#m, old.length);
  }
}
