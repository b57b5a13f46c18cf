/** Intervals of a timeline: packed into a text, and summed into bins for a screen. */
import type { Tick } from '../../sim/tick.ts';

/** Whole numbers from 0 up, in as few bytes as they need (LEB128), as base64. */
export function packed(values: readonly number[]): string {
  const bytes: number[] = [];
  for (const value of values) {
    let rest = value;
    while (rest >= 128) {
      bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
  }
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.slice(i, i + 8192));
  return btoa(text);
}

export function unpacked(text: string): number[] {
  const bytes = atob(text);
  const values: number[] = [];
  let [value, factor] = [0, 1];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes.charCodeAt(i);
    value += (byte % 128) * factor;
    factor *= 128;
    if (byte >= 128) continue;
    values.push(value);
    [value, factor] = [0, 1];
  }
  return values;
}

/** Positive and negative whole numbers by turns. */
const folded = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const unfolded = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);

/** Starts and ends in turn: differences of starts, and lengths, are small. */
export function packIntervals(intervals: readonly Tick[]): string {
  const values: number[] = [];
  let before = 0;
  for (let i = 0; i < intervals.length; i += 2) {
    values.push(folded(intervals[i] - before), intervals[i + 1] - intervals[i]);
    before = intervals[i];
  }
  return packed(values);
}

export function unpackIntervals(text: string): Tick[] {
  const values = unpacked(text);
  let start = 0;
  for (let i = 0; i < values.length; i += 2) {
    start += unfolded(values[i]);
    values[i] = start;
    values[i + 1] += start;
  }
  return values;
}

/** Sums over equal parts of a window. */
export interface Bins {
  /** Time of intervals within each bin. */
  readonly busy: Float64Array;
  /** Intervals by the bin in which they begin; those that began before the window are in the first. */
  readonly begun: Float64Array;
}

/**
 * Of intervals (start, end, start, end, ...) those that meet `from` to `to`, in `count` bins: no interval is lost, and the busy
 * times of all bins add up to those of the intervals as far as they lie in the window. `weights`: of each interval, as which it counts.
 */
export function binned(
  intervals: ArrayLike<Tick>,
  [from, to]: readonly [Tick, Tick],
  count: number,
  weights?: ArrayLike<number>,
): Bins {
  const busy = new Float64Array(count);
  const begun = new Float64Array(count);
  const width = (to - from) / count;
  for (let i = 0; i < intervals.length; i += 2) {
    const start = Math.max(from, intervals[i]);
    const end = Math.min(to, intervals[i + 1]);
    if (end < start || intervals[i] >= to || intervals[i + 1] < from) continue;
    const weight = weights === undefined ? 1 : weights[i / 2];
    const first = Math.min(count - 1, Math.floor((start - from) / width));
    const last = Math.min(count - 1, Math.floor((end - from) / width));
    begun[first]++;
    if (first === last) {
      busy[first] += weight * (end - start);
      continue;
    }
    busy[first] += weight * (from + (first + 1) * width - start);
    for (let bin = first + 1; bin < last; bin++) busy[bin] += weight * width;
    busy[last] += weight * (end - (from + last * width));
  }
  return { busy, begun };
}

/** Rows such that intervals of one do not overlap, as few as there need to be; in the order of starts. */
export function lanesOf(intervals: ArrayLike<Tick>): Int32Array {
  const count = intervals.length / 2;
  const order = Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => intervals[2 * a] - intervals[2 * b],
  );
  const lanes = new Int32Array(count);
  const free: Tick[] = [];
  for (const i of order) {
    let lane = free.findIndex(end => end <= intervals[2 * i]);
    if (lane < 0) lane = free.length;
    free[lane] = intervals[2 * i + 1];
    lanes[i] = lane;
  }
  return lanes;
}
