/** Streams by number below a named one: naming each would cost more than drawing from it. */
import { hashCounter, type StreamKey, subKey } from '../../base/random.ts';

const KEYS = 7;
/** Draws of 24 bits that give seven keys of 12. */
const DRAWS = 4;
/** Numbers whose draws have counters of their own. */
const NUMBERS = 2 ** 22;

/** Round keys of stream `number` below `key`: hashed, so that neighbours have nothing in common. */
export function numberedKey(key: StreamKey, number: number): StreamKey {
  if (number >= NUMBERS)
    return numberedKey(subKey(key, 'numbers', Math.floor(number / NUMBERS)), number % NUMBERS);
  const keys: number[] = [];
  for (let draw = 0; draw < DRAWS; draw++) {
    const hash = hashCounter(key, number * DRAWS + draw);
    keys.push(hash >> 12, hash & 4095);
  }
  return keys.slice(0, KEYS);
}
