/** What samples need: random numbers and orders by their index, so that no point waits for those before it. */
import * as z from 'zod';
import { COUNTERS, hashCounter, type StreamKey } from '../../base/random.ts';

export const samplingOptions = z.strictObject({
  points: z.int().min(1, 'expected how many points are taken, at least 1'),
  seed: z.int().default(1),
});

/** Number `i` of a stream, above 0 and below 1. */
export const uniformAt = (key: StreamKey, i: number): number =>
  (hashCounter(key, i % COUNTERS) + 0.5) / COUNTERS;

/** A reordering of 0 ... `size` - 1 that is never written out: a Feistel network on the next power of four, walked until it is back inside. */
export function shuffled(key: StreamKey, size: number): (i: number) => number {
  let half = 1;
  while (2 ** (2 * half) < size) half++;
  const mask = 2 ** half - 1;
  const once = (value: number): number => {
    let left = value >> half;
    let right = value & mask;
    for (const round of key) {
      const mixed = Math.imul(right + round + 1, 0x9e3779b1) ^ (right >>> 3) ^ round;
      [left, right] = [right, left ^ (((mixed >>> 15) ^ (mixed >>> 7)) & mask)];
    }
    return (left << half) | right;
  };
  return i => {
    let value = once(i);
    while (value >= size) value = once(value);
    return value;
  };
}
