/** The timing wheel of the event queue: buckets of runs, and two levels of bits that tell which hold any. */
import { COUNTERS, joinRuns, NODE, type RunList, sortRuns } from './event-node.ts';

export const MIN_BUCKETS = 1024;
export const MAX_BUCKETS = 2 ** 19;

/** Where the wheel lies in the buffer; see NODE for why this is one object. */
export const WHEEL = {
  // Doubles.
  /** Ticks per bucket, and one over that. */
  SPAN: 2,
  SCALE: 3,
  /** First key of the current word of buckets, and how far the wheel reaches from there. */
  START: 4,
  REACH: 5,
  /** No key in the wheel or behind it is below the limit, none in the wheel is above the horizon. */
  LIMIT: 6,
  HORIZON: 7,
  /** Smallest key behind the horizon. */
  FAR: 8,

  // Words (32 bit).
  /** The current word of BITS, and the next one that is not empty, -1 for none. */
  WORD: 23,
  NEXT_WORD: 24,
  /** Buckets less one. */
  MASK: 25,
  /** Runs of a bucket that a push compares with before it adds one more; sorting joins what it missed. */
  DEPTH: 26,
  /** Pushes to buckets that were not empty, and those of them that found a run of their key. */
  TRIED: 27,
  JOINED: 28,
  // The rest starts at powers of two, so that OR takes the place of an addition and its check for overflow.
  /** One bit per word of BITS. */
  SUMMARY: MAX_BUCKETS / 1024,
  /** One bit per bucket. */
  BITS: MAX_BUCKETS / 32,
  /** The first run of each bucket, 0 where it is empty; newest first. */
  HEADS: MAX_BUCKETS,
  /** The nodes. What lies before SUMMARY are numbers and the sorted runs. */
  NODES: 2 * MAX_BUCKETS,
} as const;

const { SPAN, SCALE, START, REACH, LIMIT, HORIZON, FAR, WORD, NEXT_WORD, MASK, SUMMARY, BITS, HEADS } = WHEEL;
const { DEPTH, TRIED, JOINED } = WHEEL;
const { LINK } = NODE;
const { HINT } = COUNTERS;
/** The depth where joining pays. */
const DEEP = 2;

/** The number of the lowest bit that is set. */
export const lowest = (bits: number): number => 31 - Math.clz32(bits & -bits);

/** Gives an empty wheel `buckets` buckets of 2^width ps, with nothing behind it. */
export function resizeWheel(m: Int32Array, f: Float64Array, buckets: number, width: number): void {
  if (m[MASK] === 0) m[DEPTH] = DEEP;
  m[MASK] = buckets - 1;
  m[NEXT_WORD] = -1;
  f[SPAN] = 2 ** width;
  f[SCALE] = 1 / f[SPAN];
  f[REACH] = buckets * f[SPAN];
  f[LIMIT] = f[FAR] = Number.POSITIVE_INFINITY;
}

/** Begins a period in which pushes look for a run of their key, or do not, as `pays` says. */
export function lookAgain(m: Int32Array, pays: (tried: number, joined: number) => boolean): void {
  m[DEPTH] = pays(m[TRIED], m[JOINED]) ? DEEP : 0;
  m[TRIED] = m[JOINED] = 0;
}

/** Makes the word with the bucket of `key` the current one; the wheel must be empty. */
export function turnTo(m: Int32Array, f: Float64Array, key: number): void {
  const word = Math.floor((key * f[SCALE]) / 32);
  f[START] = word * 32 * f[SPAN];
  f[HORIZON] = f[START] + f[REACH];
  m[WORD] = word & (m[MASK] >> 5);
}

/** Makes the next word that is not empty the current one. */
export function turnToNext(m: Int32Array, f: Float64Array): void {
  const word = m[NEXT_WORD];
  f[START] += ((word - m[WORD]) & (m[MASK] >> 5)) * 32 * f[SPAN];
  f[HORIZON] = f[START] + f[REACH];
  m[WORD] = word;
}

/** Puts the limit to `key`, which is the earliest that will be in the wheel or behind it. */
export function limitTo(m: Int32Array, f: Float64Array, key: number): void {
  f[LIMIT] = key;
  if (key < f[HORIZON]) m[NEXT_WORD] = ((key * f[SCALE]) & m[MASK]) >> 5;
}

/** Puts a run into the bucket `at`, which is not empty: behind one of the same key where it finds that. */
export function joinBucket(m: Int32Array, f: Float64Array, run: number, at: number): void {
  const key = f[run >> 1];
  const head = m[HEADS | at];
  let other = head;
  m[TRIED]++;
  for (let tries = m[DEPTH]; other !== 0 && tries !== 0; tries--) {
    if (f[other >> 1] === key) {
      joinRuns(m, other, run);
      m[HINT] = other;
      m[JOINED]++;
      return;
    }
    other = m[other | LINK];
  }
  m[run | LINK] = head;
  m[HEADS | at] = run;
}

/** Finds the next word of buckets that is not empty, as the current one has become so. */
export function leaveWord(m: Int32Array, f: Float64Array): void {
  const from = m[WORD];
  let group = from >> 5;
  m[SUMMARY | group] &= ~(1 << (from & 31));
  // Bits above this one; -2 << 31 is 0, as it must be.
  let bits = m[SUMMARY | group] & (-2 << (from & 31));
  const groups = (m[MASK] + 1) >> 10;
  for (let left = groups; bits === 0; left--) {
    if (left === 0) {
      m[NEXT_WORD] = -1;
      f[LIMIT] = f[FAR] === Number.POSITIVE_INFINITY ? f[FAR] : f[HORIZON];
      return;
    }
    group = (group + 1) & (groups - 1);
    bits = m[SUMMARY | group];
  }
  const word = (group << 5) | lowest(bits);
  m[NEXT_WORD] = word;
  const ahead = (word - from) & (m[MASK] >> 5);
  f[LIMIT] = f[START] + ((ahead << 5) | lowest(m[BITS | word])) * f[SPAN];
}

/** The earliest key in the wheel or behind it, Infinity when there is none. */
export function earliest(m: Int32Array, f: Float64Array): number {
  const word = m[NEXT_WORD];
  if (word < 0) return f[FAR];
  let run = m[HEADS | (word << 5) | lowest(m[BITS | word])];
  let least = f[run >> 1];
  while ((run = m[run | LINK]) !== 0) least = Math.min(least, f[run >> 1]);
  return least;
}

/** Moves all runs of the wheel to a list, sorted. */
export function drainWheel(m: Int32Array, f: Float64Array, to: RunList): void {
  const buckets = m[MASK] + 1;
  for (let i = 0; i < buckets; i++) {
    const at = (32 * m[WORD] + i) & m[MASK];
    for (let run = sortRuns(m, f, m[HEADS | at]); run !== 0; run = m[run | LINK]) to.add(run);
    m[HEADS | at] = 0;
  }
  m.fill(0, SUMMARY, SUMMARY + buckets / 1024);
  m.fill(0, BITS, BITS + buckets / 32);
}
