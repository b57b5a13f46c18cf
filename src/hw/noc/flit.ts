/** A flit in one integer: the number of its packet, and whether it is the head, the tail, or both. */

export const TAIL = 1;
export const HEAD = 2;
const FLAGS = 2;

export const flit = (packet: number, head: boolean, tail: boolean): number =>
  (packet << FLAGS) | (head ? HEAD : 0) | (tail ? TAIL : 0);

export const packetOf = (word: number): number => word >> FLAGS;
