/**
 * What is held in memory or in the event kernel has a bound, and a message that names it. Bounds that belong to one format stand
 * with it; docs/reliability.md lists all of them.
 */
/** Of any quantity, in SI: products of ten of them are still finite. */
export const MOST_QUANTITY = 1e30;

/** Of one action of a chip, seconds: the event kernel holds integer picoseconds up to 2^51 (src/sim/tick.ts). */
export const MOST_ACTION_S = 2251;

/** Of a clock, hertz: a period of a millisecond is a million times that of any chip here. */
export const LEAST_CLOCK_HZ = 1e3;

/** Images of one run: the latency of each is kept. */
export const MOST_IMAGES = 1e6;

/** Up to here a packed file may grow as it likes: an empty mask, a white image or padded token ids pack a thousand to one. */
const FREE_BYTES = 2 ** 28;
/** Beyond it: token ids and photographs of that size pack less. */
const MOST_GROWTH = 64;

/** The most bytes that `packed` bytes may unpack to. */
export const unpackedLimit = (packed: number): number => Math.max(FREE_BYTES, MOST_GROWTH * packed);

/** Undefined if it may; else what is wrong, for a message that begins with the file. */
export function growthProblem(packed: number, unpacked: number): string | undefined {
  if (unpacked <= unpackedLimit(packed)) return undefined;
  const growth = (unpacked / Math.max(1, packed)).toPrecision(2);
  return `${packed} bytes unpack to ${unpacked}, ${Number(growth)} times as many: more than ${MOST_GROWTH} times is no data`;
}
