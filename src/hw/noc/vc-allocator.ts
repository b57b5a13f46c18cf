/** VC allocation: one iteration of iSLIP (McKeown 1999) between input VCs and output VCs, as in BookSim 2. */
import { PORT } from './ports.ts';
import { firstFrom, lowest } from './round-robin.ts';
import type { RouterArray } from './router-array.ts';
import { PORT_FIELD, ROUTER, VC } from './router-layout.ts';

const PORTS = PORT.local + 1;

// Names of their own: the compiler folds these, but not the fields of an import.
const { waiting: WAITING_PORTS, words: ROUTER_WORDS } = ROUTER;
const { free: FREE, waiting: WAITING, words: PORT_HEADER } = PORT_FIELD;
const { accept: ACCEPT, bit: BIT, grant: GRANT, outPort: OUT_PORT } = VC;
const { portBit: PORT_BIT, route: ROUTE, words: VC_WORDS } = VC;

/**
 * A packet asks for every free VC of its one output port. Each free VC grants to the asking input VC that is
 * next in turn, then each input VC accepts the granted VC that is next in turn. A VC may be given away while its buffer
 * is full; only its credits keep the flits back.
 */
export class VcAllocator {
  readonly #routers: RouterArray;
  readonly #words: Int32Array;
  readonly #portWords: number;
  readonly #vcShift: number;
  readonly #vcs: number;
  /** Requests for the output port at hand: mask of VCs per input port. */
  readonly #asking = new Int32Array(PORTS);
  /** Grants of the output port at hand: mask of output VCs per input VC of this router. */
  readonly #grants: Int32Array;

  constructor(routers: RouterArray) {
    this.#routers = routers;
    this.#words = routers.words;
    this.#portWords = routers.portWords;
    this.#vcShift = routers.vcShift;
    this.#vcs = routers.vcs;
    this.#grants = new Int32Array(PORTS << routers.vcShift);
  }

  /** Returns how many packets of `router` were given an output VC; they may ask for the switch from the next cycle. */
  allocate(router: number): number {
    const words = this.#words;
    const first = router + ROUTER_WORDS;
    let outputs = 0;
    let requests = 0;
    let last = 0;
    for (let ports = words[router + WAITING_PORTS]; ports !== 0; ports &= ports - 1) {
      const port = first + lowest(ports) * this.#portWords;
      for (let mask = words[port + WAITING]; mask !== 0; mask &= mask - 1) {
        const vc = port + PORT_HEADER + lowest(mask) * VC_WORDS;
        if (words[words[vc + OUT_PORT] + FREE] === 0) continue;
        outputs |= 1 << words[vc + ROUTE];
        last = vc;
        requests++;
      }
    }
    if (requests === 1) return this.#accept(last, words[words[last + OUT_PORT] + FREE]);
    let given = 0;
    for (; outputs !== 0; outputs &= outputs - 1) given += this.#allocateOutput(router, lowest(outputs));
    return given;
  }

  #allocateOutput(router: number, output: number): number {
    const words = this.#words;
    const first = router + ROUTER_WORDS;
    const asking = this.#asking;
    let ports = 0;
    let requests = 0;
    let last = 0;
    for (let left = words[router + WAITING_PORTS]; left !== 0; left &= left - 1) {
      const p = lowest(left);
      const port = first + p * this.#portWords;
      let own = 0;
      for (let mask = words[port + WAITING]; mask !== 0; mask &= mask - 1) {
        const v = lowest(mask);
        const vc = port + PORT_HEADER + v * VC_WORDS;
        if (words[vc + ROUTE] !== output) continue;
        own |= 1 << v;
        last = vc;
        requests++;
      }
      asking[p] = own;
      if (own !== 0) ports |= 1 << p;
    }
    const outPort = first + output * this.#portWords;
    const free = words[outPort + FREE];
    if (requests === 1) return this.#accept(last, free);

    const grants = this.#grants;
    for (let mask = free; mask !== 0; mask &= mask - 1) {
      const v = lowest(mask);
      grants[this.#turn(ports, words[outPort + PORT_HEADER + v * VC_WORDS + GRANT])] |= 1 << v;
    }
    let given = 0;
    for (let left = ports; left !== 0; left &= left - 1) {
      const p = lowest(left);
      for (let mask = asking[p]; mask !== 0; mask &= mask - 1) {
        const v = lowest(mask);
        const granted = grants[(p << this.#vcShift) | v];
        if (granted === 0) continue;
        grants[(p << this.#vcShift) | v] = 0;
        given += this.#accept(first + p * this.#portWords + PORT_HEADER + v * VC_WORDS, granted);
      }
    }
    return given;
  }

  /** Index of the asking input VC at or after an output VC's pointer, else of the first one. */
  #turn(ports: number, pointer: number): number {
    const vcShift = this.#vcShift;
    const p = pointer >> vcShift;
    if (((ports >> p) & 1) !== 0) {
      const after = this.#asking[p] & (-1 << (pointer & ((1 << vcShift) - 1)));
      if (after !== 0) return (p << vcShift) | lowest(after);
    }
    const next = firstFrom(ports, p + 1);
    return (next << vcShift) | lowest(this.#asking[next]);
  }

  /** An input VC takes one of the VCs of its output that are `granted` to it (a mask). */
  #accept(vc: number, granted: number): number {
    const words = this.#words;
    const start = words[vc + ROUTE] << this.#vcShift;
    const pointer = words[vc + ACCEPT] - start;
    const v = pointer > 0 && pointer < this.#vcs ? firstFrom(granted, pointer) : lowest(granted);
    const outVc = words[vc + OUT_PORT] + PORT_HEADER + v * VC_WORDS;
    // A pointer one past the last VC of a port stands for the first VC of the next port, or for the very first.
    words[vc + ACCEPT] = (start | v) + 1;
    const input = (lowest(words[vc + PORT_BIT]) << this.#vcShift) | lowest(words[vc + BIT]);
    words[outVc + GRANT] = input + 1;
    this.#routers.give(vc, outVc);
    return 1;
  }
}
