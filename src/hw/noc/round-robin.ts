/** Round-robin choice among the requests in a bit mask. */

/** Index of the lowest set bit; `mask` must not be 0. */
export const lowest = (mask: number): number => 31 - Math.clz32(mask & -mask);

/** The first set bit at or after `pointer` (0 .. 31), else the lowest one; `mask` must not be 0. */
export function firstFrom(mask: number, pointer: number): number {
  const after = mask & (-1 << pointer);
  return lowest(after !== 0 ? after : mask);
}
