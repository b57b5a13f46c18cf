/**
 * Where the state of a mesh's routers lies in one array of 32-bit words, so that a step touches few cache lines: routers, ports and VCs
 * begin with one of LINE words.
 */

export const LINE = 16;

/**
 * Fields of a router, in front of its ports. `listed`, `waiting` and `routing` are masks of the input ports
 * where the mask of the same name is not 0; `alone` is the one listed VC if it has won the last match, else 0;
 * `visited` is 1 while the router is on the list of those to visit. Fixed: its place in the mesh, and its number.
 */
export const ROUTER = {
  alone: 0,
  listed: 1,
  waiting: 2,
  routing: 3,
  visited: 4,
  x: 5,
  y: 6,
  node: 7,
  words: 16,
} as const;

/**
 * Fields of a port, in front of its VCs.
 * Input: masks of VCs that may have a flit and a credit, wait for an output VC, or are in the routing stage.
 * Output: masks of VCs that no packet holds, and whose packet's tail has gone.
 * iSLIP pointers of the switch allocator as an output and as an input, and the VC that the input offers first.
 * An output that worms pass: in two words each, as float64, the cycle of the last grant to a worm and the one in which a worm came
 * last; which worm that was; the bit of the VC of the last grant; how many worms of flits are there.
 * Fixed: its number among the ports of its router.
 */
export const PORT_FIELD = {
  listed: 0,
  waiting: 1,
  routing: 2,
  free: 3,
  tailSent: 4,
  switchGrant: 5,
  switchAccept: 6,
  switchVc: 7,
  busyTo: 8,
  cameAt: 10,
  came: 12,
  lastBit: 13,
  marks: 14,
  number: 15,
  words: 16,
} as const;

/**
 * Fields of a VC. The same record serves as input VC and as output VC of a port.
 * Input: flits held, and flits of the packet at the front that have not left; the output VC it was given, that
 * VC's port, and the input VC behind it (0 behind the local port); VC_STATE; output port; iSLIP pointer of the
 * VC allocator. Flits themselves need no storage.
 * Output: free places in the buffer behind it, the input VC that holds it (or 0), and its iSLIP pointer.
 * Fixed: the VC at the other end of the link, where flits go to and credits go back to; its own port and router;
 * its bit in masks of VCs, and its port's in masks of ports.
 */
export const VC = {
  held: 0,
  outVc: 1,
  credits: 2,
  left: 3,
  next: 4,
  peer: 5,
  portBit: 6,
  state: 7,
  route: 8,
  router: 9,
  owner: 10,
  outPort: 11,
  port: 12,
  bit: 13,
  grant: 14,
  accept: 15,
  words: 16,
} as const;

/**
 * What `left` of an input VC counts down to while it sends a copy of a packet that has further outputs to go to; the last
 * copy, or the only one, counts down to 0.
 */
export const COPY_SENT = -(2 ** 31);

/**
 * Fields of a ring of packets, one per input VC, behind the VCs of a port. The packets on their way to or in the
 * buffer lie at front .. back - 1; the ring has one place more than the buffer, because the packet that was given
 * the VC comes in before its head. `outputs`: mask of the outputs that the packet at the front has still to be copied to.
 */
export const RING = { front: 0, back: 1, outputs: 2, words: 3 } as const;

/**
 * Where the packet at the front of an input VC stands. A listed VC is an active one in its port's mask: it asks
 * for the switch whenever it has a flit and a credit. It leaves the mask when it has not and others compete.
 */
export const VC_STATE = { idle: 0, waiting: 1, active: 2, listed: 3 } as const;
