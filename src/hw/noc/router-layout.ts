/** Where the state of a mesh's routers lies in one array of 32-bit words, so that a step touches few cache lines. */

/**
 * Fields of a router, in front of its ports. `listed`, `waiting` and `routing` are masks of the input ports
 * where the mask of the same name is not 0; `alone` is the one listed VC if it has won the last match, else 0.
 */
export const ROUTER = { alone: 0, listed: 1, waiting: 2, routing: 3, x: 4, y: 5, words: 8 } as const;

/**
 * Fields of a port, in front of its VCs.
 * Input: masks of VCs that may have a flit and a credit, wait for an output VC, or are in the routing stage.
 * Output: masks of VCs that no packet holds, and whose packet's tail has gone.
 * iSLIP pointers of the switch allocator as an output and as an input, and the VC that the input offers first.
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
  words: 8,
} as const;

/**
 * Fields of a VC, in front of its ring of flits. The same record serves as input VC and as output VC of a port.
 * Input: VC_STATE; output port and output VC of the packet at the front; places of the front and of the next flit
 * on its way here; flits held; iSLIP pointer of the VC allocator.
 * Output: free places in the buffer behind it, the input VC that holds it (or 0), and its iSLIP pointer.
 * Fixed: the VC at the other end of the link, where flits go to and credits go back to; its own port, router,
 * and number of the router; its bit in masks of VCs, and its port's in masks of ports.
 */
export const VC = {
  state: 0,
  held: 1,
  front: 2,
  back: 3,
  route: 4,
  outVc: 5,
  credits: 6,
  owner: 7,
  peer: 8,
  port: 9,
  router: 10,
  node: 11,
  bit: 12,
  portBit: 13,
  grant: 14,
  accept: 15,
  words: 16,
} as const;

/**
 * Where the packet at the front of an input VC stands. A listed VC is an active one in its port's mask: it asks
 * for the switch whenever it has a flit and a credit, and leaves the mask only when it is visited and has not.
 */
export const VC_STATE = { idle: 0, waiting: 1, active: 2, listed: 3 } as const;
