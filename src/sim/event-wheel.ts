/** The timing wheel of the event queue: buckets in a buffer, and coarse lists of what lies beyond its horizon. */
import { EVENT, type EventLists, KEY, LAST, NONE } from './event-lists.ts';
import { lowestOf } from './sort-list.ts';

const { ARG, HANDLER } = EVENT;

const BUCKETS = 2 ** 14;
const WORDS = BUCKETS / 32;
const GROUPS = WORDS / 32;
/** Coarse lists, and how many of them the wheel is wide. */
const COARSE = 2 ** 10;
const COARSE_PER_WHEEL = 8;

/**
 * Where the wheel lies in the buffer of the lists. A bucket is SPAN ps wide. Its bit tells whether it holds events: the first is in its
 * slot, further ones are in its list. The wheel turns: buckets that were opened are those of the next lap.
 */
export const WHEEL = {
  // Doubles.
  /** No event of the wheel has a smaller key; Infinity where it takes none. */
  LIMIT: 1,
  /** No event of the buckets has this key or a larger one. */
  HORIZON: 2,
  /** Buckets per ps, and one over that. */
  SCALE: 3,
  SPAN: 4,
  /** First key of the current word of bits. */
  START: 5,

  // Words.
  WORD: 12,
  /** Events that were placed anew as the horizon moved, and coarse lists that were looked at. */
  CARRIED: 13,
  /** One bit per word of BITS, one bit per bucket. */
  SUMMARY: 64,
  BITS: WORDS,
  LISTS: BUCKETS,

  // Slots.
  SLOTS: BUCKETS,
  CHUNKS: 2 * BUCKETS,

  MASK: BUCKETS - 1,
} as const;
const { LIMIT, HORIZON, SCALE, SPAN, START, WORD, CARRIED, SUMMARY, BITS, LISTS, SLOTS, MASK } = WHEEL;
/** Doubles: the range of the coarse lists, ps per list, and one over that. */
const COARSE_START = 7;
const COARSE_END = 8;
const COARSE_SPAN = 9;
const COARSE_SCALE = 10;
/** Words: the coarse lists, and the list of what lies beyond them. */
const COARSE_LISTS = LISTS + BUCKETS;
const TOP = COARSE_LISTS + COARSE;

/** Makes an empty wheel, which takes no event. */
export function initWheel({ f, m }: EventLists): void {
  m.fill(NONE, LISTS, TOP + 1);
  f[LIMIT] = Number.POSITIVE_INFINITY;
}

/** Gives the empty wheel buckets of 2^width ps; no event with a key below `low` will be placed. */
export function resetWheel(lists: EventLists, width: number, low: number): void {
  const { f } = lists;
  f[SPAN] = 2 ** width;
  f[SCALE] = 1 / f[SPAN];
  f[COARSE_SPAN] = (BUCKETS * f[SPAN]) / COARSE_PER_WHEEL;
  f[COARSE_SCALE] = 1 / f[COARSE_SPAN];
  turnTo(lists, low);
  lists.f[LIMIT] = lists.f[START];
}

/** Places an event whose key is in KEY, and not below LIMIT. */
export function placeInWheel(lists: EventLists, handler: number, arg: number): void {
  const { f, m } = lists;
  const key = f[KEY];
  if (key >= f[HORIZON]) {
    lists.append(key < f[COARSE_END] ? coarseList(f, key) : TOP, handler, arg);
    return;
  }
  const at = (key * f[SCALE]) & MASK;
  const bits = m[BITS | (at >> 5)];
  if ((bits >> (at & 31)) & 1) {
    lists.append(LISTS | at, handler, arg);
    return;
  }
  m[BITS | (at >> 5)] = bits | (1 << (at & 31));
  m[SUMMARY | (at >> 10)] |= 1 << ((at >> 5) & 31);
  const slot = SLOTS | at;
  f[2 * slot] = key;
  m[(4 * slot) | ARG] = arg;
  m[(4 * slot) | HANDLER] = handler;
}

/** Turns the wheel from the current word, which has no bits any more, to the next events; false when there are none. */
export function turnWheel(lists: EventLists): boolean {
  const { f, m } = lists;
  const from = m[WORD];
  let group = from >> 5;
  m[SUMMARY | group] &= ~(1 << (from & 31));
  // Bits above this one; -2 << 31 is 0, as it must be.
  let bits = m[SUMMARY | group] & (-2 << (from & 31));
  for (let left = GROUPS; bits === 0; left--) {
    if (left === 0) return turnFar(lists);
    group = (group + 1) & (GROUPS - 1);
    bits = m[SUMMARY | group];
  }
  const word = (group << 5) | (31 - Math.clz32(bits & -bits));
  f[START] += ((word - from) & (WORDS - 1)) * 32 * f[SPAN];
  m[WORD] = word;
  if (f[START] + BUCKETS * f[SPAN] >= f[HORIZON] + f[COARSE_SPAN]) moveHorizon(lists);
  return true;
}

/** Takes all events out, equal keys in the order of insertion: key, handler and argument of one after the other. */
export function drainWheel(lists: EventLists, to: number[]): void {
  const { f, m } = lists;
  for (let word = 0; word < WORDS; word++)
    for (let bits = m[BITS | word]; bits !== 0; bits &= bits - 1) {
      const at = (word << 5) | (31 - Math.clz32(bits & -bits));
      const slot = SLOTS | at;
      to.push(f[2 * slot], m[(4 * slot) | HANDLER], m[(4 * slot) | ARG]);
      drainList(lists, LISTS | at, to);
    }
  for (let list = COARSE_LISTS; list <= TOP; list++) if (m[list] !== NONE) drainList(lists, list, to);
  m.fill(0, SUMMARY, SUMMARY + GROUPS);
  m.fill(0, BITS, BITS + WORDS);
}

function drainList(lists: EventLists, list: number, to: number[]): void {
  const { f, m } = lists;
  for (let chunk = lists.detach(list); chunk !== 0; ) {
    const last = m[(4 * chunk) | LAST];
    for (let i = chunk + 1; i <= last; i++) to.push(f[2 * i], m[(4 * i) | HANDLER], m[(4 * i) | ARG]);
    const next = m[4 * chunk];
    lists.freeChunk(chunk);
    chunk = next;
  }
}

const coarseList = (f: Float64Array, key: number): number =>
  (COARSE_LISTS + (key - f[COARSE_START]) * f[COARSE_SCALE]) | 0;

/** Turns the wheel, whose buckets are empty, to the next events beyond the horizon; false when there are none. */
function turnFar(lists: EventLists): boolean {
  const { f, m } = lists;
  for (let key = f[HORIZON]; key < f[COARSE_END]; key += f[COARSE_SPAN]) {
    m[CARRIED]++;
    if (m[coarseList(f, key)] === NONE) continue;
    f[HORIZON] = key;
    turnWord(lists, key);
    moveHorizon(lists);
    return true;
  }
  if (m[TOP] === NONE) return false;
  turnTo(lists, lowestOf(lists, TOP));
  return true;
}

/** Turns the wheel to `key`; there must be no event but in the list TOP. */
function turnTo(lists: EventLists, key: number): void {
  const { f } = lists;
  f[HORIZON] = f[COARSE_START] = f[COARSE_END] = Math.floor(key * f[COARSE_SCALE]) * f[COARSE_SPAN];
  turnWord(lists, key);
  moveHorizon(lists);
}

function turnWord({ f, m }: EventLists, key: number): void {
  const word = Math.floor((key * f[SCALE]) / 32);
  f[START] = word * 32 * f[SPAN];
  m[WORD] = word & (WORDS - 1);
}

/** Moves the horizon as far as the wheel reaches, and what is no longer beyond it into the buckets. */
function moveHorizon(lists: EventLists): void {
  const span = lists.f[COARSE_SPAN];
  const to = lists.f[START] + BUCKETS * lists.f[SPAN] - span;
  while (lists.f[HORIZON] <= to) {
    const horizon = lists.f[HORIZON];
    if (horizon === lists.f[COARSE_END]) {
      lists.f[COARSE_START] = horizon;
      lists.f[COARSE_END] = horizon + COARSE * span;
      placeList(lists, TOP);
    }
    const list = coarseList(lists.f, horizon);
    lists.f[HORIZON] = horizon + span;
    placeList(lists, list);
  }
}

/** Places the events of a list anew. */
function placeList(lists: EventLists, list: number): void {
  for (let chunk = lists.detach(list); chunk !== 0; ) {
    const last = lists.m[(4 * chunk) | LAST];
    for (let slot = chunk + 1; slot <= last; slot++) {
      const { f, m } = lists;
      f[KEY] = f[2 * slot];
      placeInWheel(lists, m[(4 * slot) | HANDLER], m[(4 * slot) | ARG]);
    }
    const next = lists.m[4 * chunk];
    lists.m[CARRIED] += last - chunk;
    lists.freeChunk(chunk);
    chunk = next;
  }
}
