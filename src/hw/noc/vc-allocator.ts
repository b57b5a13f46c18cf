/** VC allocation: one iteration of iSLIP (McKeown 1999) between input VCs and output VCs, as in BookSim 2. */
import { PORT_SHIFT, PORT_STRIDE } from './ports.ts';
import { firstFrom, lowest } from './round-robin.ts';
import type { RouterArray } from './router-array.ts';

/**
 * A packet asks for every free VC of its one output port. Each free VC grants to the asking input VC that is
 * next in turn, then each input VC accepts the granted VC that is next in turn. A VC may be given away while its buffer
 * is full; only its credits keep the flits back.
 */
export class VcAllocator {
  readonly #routers: RouterArray;
  /** Requests for the output port at hand: mask of VCs per input port. */
  readonly #asking = new Int32Array(PORT_STRIDE);
  /** Grants of the output port at hand: mask of output VCs per input VC of this router. */
  readonly #grants: Int32Array;

  constructor(routers: RouterArray) {
    this.#routers = routers;
    this.#grants = new Int32Array(PORT_STRIDE << routers.vcShift);
  }

  /** Returns how many packets of `router` were given an output VC; they may ask for the switch from the next cycle. */
  allocate(router: number): number {
    const { freeVcs, route, vcShift, waiting, waitingPorts } = this.#routers;
    const base = router << PORT_SHIFT;
    let outputs = 0;
    let requests = 0;
    let last = 0;
    for (let ports = waitingPorts[router]; ports !== 0; ports &= ports - 1) {
      const port = base + lowest(ports);
      for (let mask = waiting[port]; mask !== 0; mask &= mask - 1) {
        const vc = (port << vcShift) | lowest(mask);
        const output = route[vc];
        if (freeVcs[base + output] === 0) continue;
        outputs |= 1 << output;
        last = vc;
        requests++;
      }
    }
    if (requests === 1) {
      const output = route[last];
      return this.#accept(router, output, last - (base << vcShift), freeVcs[base + output]);
    }
    let given = 0;
    for (; outputs !== 0; outputs &= outputs - 1) given += this.#allocateOutput(router, lowest(outputs));
    return given;
  }

  #allocateOutput(router: number, output: number): number {
    const { freeVcs, route, vcShift, waiting, waitingPorts } = this.#routers;
    const asking = this.#asking;
    const base = router << PORT_SHIFT;
    let ports = 0;
    let requests = 0;
    let last = 0;
    for (let left = waitingPorts[router]; left !== 0; left &= left - 1) {
      const p = lowest(left);
      let own = 0;
      for (let mask = waiting[base + p]; mask !== 0; mask &= mask - 1) {
        const v = lowest(mask);
        if (route[((base + p) << vcShift) | v] !== output) continue;
        own |= 1 << v;
        last = (p << vcShift) | v;
        requests++;
      }
      asking[p] = own;
      if (own !== 0) ports |= 1 << p;
    }
    const free = freeVcs[base + output];
    if (requests === 1) return this.#accept(router, output, last, free);

    const grants = this.#grants;
    for (let mask = free; mask !== 0; mask &= mask - 1) {
      const v = lowest(mask);
      grants[this.#turn(ports, ((base + output) << vcShift) | v)] |= 1 << v;
    }
    let given = 0;
    for (let left = ports; left !== 0; left &= left - 1) {
      const p = lowest(left);
      for (let mask = asking[p]; mask !== 0; mask &= mask - 1) {
        const input = (p << vcShift) | lowest(mask);
        const granted = grants[input];
        grants[input] = 0;
        if (granted !== 0) given += this.#accept(router, output, input, granted);
      }
    }
    return given;
  }

  /** The asking input VC at or after the output VC's pointer, else the first one. */
  #turn(ports: number, outVc: number): number {
    const { vcGrant, vcShift } = this.#routers;
    const pointer = vcGrant[outVc];
    const p = pointer >> vcShift;
    if (((ports >> p) & 1) !== 0) {
      const after = this.#asking[p] & (-1 << (pointer & ((1 << vcShift) - 1)));
      if (after !== 0) return (p << vcShift) | lowest(after);
    }
    const next = firstFrom(ports, p + 1);
    return (next << vcShift) | lowest(this.#asking[next]);
  }

  #accept(router: number, output: number, input: number, granted: number): number {
    const { freeVcs, tailSent, vcAccept, vcGrant, vcs, vcShift, waiting, waitingPorts } = this.#routers;
    const base = router << PORT_SHIFT;
    const inVc = (base << vcShift) + input;
    const pointer = vcAccept[inVc] - (output << vcShift);
    const v = pointer > 0 && pointer < vcs ? firstFrom(granted, pointer) : lowest(granted);
    const given = ((base + output) << vcShift) | v;
    // A pointer one past the last VC of a port stands for the first VC of the next port, or for the very first.
    vcAccept[inVc] = ((output << vcShift) | v) + 1;
    vcGrant[given] = input + 1;
    freeVcs[base + output] &= ~(1 << v);
    tailSent[base + output] &= ~(1 << v);
    const port = inVc >> vcShift;
    waiting[port] &= ~(1 << (input & ((1 << vcShift) - 1)));
    if (waiting[port] === 0) waitingPorts[router] &= ~(1 << (input >> vcShift));
    this.#routers.give(inVc, given);
    return 1;
  }
}
