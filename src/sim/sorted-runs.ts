/** The earliest runs of the event queue: a short sorted array in its buffer, from which events are taken. */
import { COUNTERS, joinRuns, NODE, sortRuns } from './event-node.ts';

/** Where the array lies in the buffer; see NODE for why this is one object. */
export const SORTED = {
  /** Most runs that it holds. */
  CAPACITY: 32,
  /** Word with the runs of the last opened bucket that found no room, 0 for none. */
  REST: 22,
  /** Words with the runs, doubles with their keys. */
  RUNS: 32,
  KEYS: 32,
} as const;

const { CAPACITY, REST, RUNS, KEYS } = SORTED;
const { LINK } = NODE;
const { STEPS, HINT } = COUNTERS;
/** Up to here a bucket is sorted within the array. */
const SHORT = 8;

/**
 * Puts a run among those at `first` .. `end` - 1, behind the one of its key if there is one.
 * Returns the new end, -1 when there are `room` runs already or no place is left behind them.
 */
export function insertSorted(
  m: Int32Array,
  f: Float64Array,
  added: number,
  first: number,
  end: number,
  room: number,
): number {
  const key = f[added >> 1];
  let at = end;
  while (at > first && f[KEYS | (at - 1)] > key) at--;
  if (at > first && f[KEYS | (at - 1)] === key) {
    const run = m[RUNS | (at - 1)];
    joinRuns(m, run, added);
    m[HINT] = run;
    return end;
  }
  if (end - first >= room || end === CAPACITY) return -1;
  for (let i = end; i > at; i--) {
    f[KEYS | i] = f[KEYS | (i - 1)];
    m[RUNS | i] = m[RUNS | (i - 1)];
  }
  f[KEYS | at] = key;
  m[RUNS | at] = added;
  return end + 1;
}

/** Moves the runs at `first` .. `first + count - 1` to the front of the array. */
export function keepSorted(m: Int32Array, f: Float64Array, first: number, count: number): void {
  for (let i = 0; i < count; i++) {
    f[KEYS | i] = f[KEYS | (first + i)];
    m[RUNS | i] = m[RUNS | (first + i)];
  }
}

/**
 * Puts the runs of a bucket, newest first in `list`, into the array from position `from` on: sorted, and those of
 * one key joined. Returns the end of the array; REST are the runs that found no room.
 */
export function openBucket(m: Int32Array, f: Float64Array, list: number, from: number): number {
  let count = 0;
  for (let run = list; run !== 0; run = m[run | LINK]) {
    if (++count > SHORT || from + count > CAPACITY) return openLong(m, f, list, from);
  }
  let end = from;
  for (let run = list; run !== 0; run = m[run | LINK]) {
    const key = f[run >> 1];
    let at = end;
    while (at > from && f[KEYS | (at - 1)] > key) at--;
    if (at > from && f[KEYS | (at - 1)] === key) {
      joinRuns(m, run, m[RUNS | (at - 1)]);
      m[RUNS | (at - 1)] = run;
    } else {
      for (let i = end++; i > at; i--) {
        f[KEYS | i] = f[KEYS | (i - 1)];
        m[RUNS | i] = m[RUNS | (i - 1)];
      }
      f[KEYS | at] = key;
      m[RUNS | at] = run;
    }
  }
  m[STEPS] += 2 * count;
  m[REST] = 0;
  return end;
}

function openLong(m: Int32Array, f: Float64Array, list: number, from: number): number {
  let run = sortRuns(m, f, list);
  let end = from;
  for (; run !== 0 && end < CAPACITY; run = m[run | LINK]) {
    f[KEYS | end] = f[run >> 1];
    m[RUNS | end++] = run;
  }
  m[REST] = run;
  return end;
}
