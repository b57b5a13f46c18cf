/** Random numbers: named streams from one seed (seedrandom's alea), and a counter-based generator that float32 can compute. */
import seedrandom from 'seedrandom';

const HALF = 4096;
export const COUNTERS = HALF * HALF;
/** Below seven rounds, strided counters show correlations. */
const ROUNDS = 7;
/** Outputs of a fresh alea that are thrown away, so that similar names cannot leave a trace. */
const WARM_UP = 8;

/** Seven 12-bit round keys: one stream of 2^24 numbers of `hashCounter`. */
export type StreamKey = readonly number[];

/** Uniform in [0, 1), 32 bits of resolution. */
export type RandomStream = () => number;

/** The stream that belongs to a seed, a purpose and what the purpose numbers (layer, block, image ...). */
export function uniformStream(
  seed: string | number,
  purpose: string,
  ...ids: (string | number)[]
): RandomStream {
  const stream = seedrandom.alea([seed, purpose, ...ids].join('/'));
  for (let i = 0; i < WARM_UP; i++) stream();
  return stream;
}

/** Standard normal numbers (Marsaglia's polar method) of a named stream. */
export function gaussianStream(
  seed: string | number,
  purpose: string,
  ...ids: (string | number)[]
): RandomStream {
  const uniform = uniformStream(seed, purpose, ...ids);
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const r2 = x * x + y * y;
      if (r2 >= 1 || r2 === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(r2)) / r2);
      spare = y * scale;
      return x * scale;
    }
  };
}

/** Round keys of a named stream. Keys are always hashed: keys that differ in a bit or two give correlated numbers. */
export function streamKey(seed: string | number, purpose: string, ...ids: (string | number)[]): StreamKey {
  const stream = uniformStream(seed, purpose, ...ids);
  return Array.from({ length: ROUNDS }, () => Math.floor(stream() * HALF));
}

/** A stream below another one. */
export const subKey = (key: StreamKey, purpose: string, ...ids: (string | number)[]): StreamKey =>
  streamKey(key.join('.'), purpose, ...ids);

/**
 * The random 24-bit integer at `counter` (0 <= counter < 2^24): a Feistel network over two 12-bit halves, a bijection.
 * Every value on the way is an integer below 2^24 and every division is by a power of two, so that float32 arithmetic
 * computes the same bits. The upper and the lower 12 bits are two independent uniform indices.
 */
export function hashCounter(key: StreamKey, counter: number): number {
  let left = counter >> 12;
  let right = counter & 4095;
  for (let i = 0; i < ROUNDS; i++) {
    const t = (left + key[i]) & 4095;
    const s = (right + ((t * (t + 1)) >> 6)) & 4095;
    right = left;
    left = s;
  }
  return (left << 12) | right;
}
