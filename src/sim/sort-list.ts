/** Sorts the events of a long list of the wheel, equal keys by insertion. */
import { CHUNK, type EventLists, NONE } from './event-lists.ts';

/** Most ranges of keys. */
const BINS = 2 ** 10;
const counts = new Int32Array(BINS);

/** The smallest key of a list, Infinity where it is empty. */
export function lowestOf({ f, m }: EventLists, list: number): number {
  let low = Number.POSITIVE_INFINITY;
  for (let last = m[list]; last !== NONE; last = m[4 * (last & -CHUNK)]) {
    for (let slot = last; slot > (last & -CHUNK); slot--) low = Math.min(low, f[2 * slot]);
  }
  return low;
}

/**
 * Empties a list of `count` events into the slots (two doubles) behind slot `to` of `out`, and sorts them with the older
 * event that is there: counts the keys of each range first, and sorts what one range holds at the end.
 */
export function sortList(
  lists: EventLists,
  list: number,
  count: number,
  out: Float64Array,
  to: number,
): void {
  const { f, m } = lists;
  const oldest = out[2 * to];
  const rest = out[2 * to + 1];
  let low = oldest;
  let high = oldest;
  for (let last = m[list]; last !== NONE; last = m[4 * (last & -CHUNK)]) {
    for (let slot = last; slot > (last & -CHUNK); slot--) {
      const key = f[2 * slot];
      if (key < low) low = key;
      if (key > high) high = key;
    }
  }
  // Keys are multiples of 1/4; so with a scale of 4, a bin has one key only.
  let scale = 4;
  let bins = 4 * (high - low) + 1;
  while (bins > BINS || (bins > 8 && bins > 2 * count)) {
    scale /= 2;
    bins = Math.floor((high - low) * scale) + 1;
  }
  counts.fill(0, 0, bins);
  counts[((oldest - low) * scale) | 0] = 1;
  for (let last = m[list]; last !== NONE; last = m[4 * (last & -CHUNK)]) {
    for (let slot = last; slot > (last & -CHUNK); slot--) counts[((f[2 * slot] - low) * scale) | 0]++;
  }
  let end = to;
  for (let bin = 0; bin < bins; bin++) {
    end += counts[bin];
    counts[bin] = end;
  }
  for (let last = m[list]; last !== NONE; ) {
    const header = last & -CHUNK;
    for (let slot = last; slot > header; slot--) {
      const key = f[2 * slot];
      const at = 2 * --counts[((key - low) * scale) | 0];
      out[at] = key;
      out[at + 1] = f[2 * slot + 1];
    }
    last = m[4 * header];
    lists.freeChunk(header);
  }
  m[list] = NONE;
  const at = 2 * --counts[((oldest - low) * scale) | 0];
  out[at] = oldest;
  out[at + 1] = rest;
  if (scale < 4) sortNearly(out, to, to + count + 1);
}

/** Sorts slots that are sorted but for near neighbours. */
function sortNearly(f: Float64Array, first: number, end: number): void {
  for (let i = first + 1; i < end; i++) {
    const key = f[2 * i];
    if (f[2 * i - 2] <= key) continue;
    const rest = f[2 * i + 1];
    let at = i;
    do {
      f[2 * at] = f[2 * at - 2];
      f[2 * at + 1] = f[2 * at - 1];
      at--;
    } while (at > first && f[2 * at - 2] > key);
    f[2 * at] = key;
    f[2 * at + 1] = rest;
  }
}
