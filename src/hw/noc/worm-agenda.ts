/**
 * Kinds of entries of the agenda of worms, in their order within a cycle: a worm is delivered; a worm of flits may come to its next router; a
 * node is free of flits; a worm comes to a router; a node begins with a packet; all credits of a worm are back.
 */
export const DELIVER = 0;
export const MARK = 1;
export const FREE = 2;
export const COME = 3;
export const BEGIN = 4;
export const END = 5;
