/** Switch allocation: one iteration of iSLIP (McKeown 1999) between input ports and output ports, as in BookSim 2. */
import { PORT_SHIFT, PORT_STRIDE } from './ports.ts';
import { firstFrom, lowest } from './round-robin.ts';
import type { RouterArray } from './router-array.ts';

/**
 * An input VC asks for the switch when it has a flit and a credit. Of the VCs of one input port that want the
 * same output the one next in turn stands for all. Outputs grant and inputs accept in turn; pointers move only on accept.
 */
export class SwitchAllocator {
  /** The VCs that won, `wins` of them. */
  readonly winners = new Int32Array(PORT_STRIDE);
  readonly #routers: RouterArray;
  /** Mask of input ports per output, mask of granting outputs per input, and the VC per input and output. */
  readonly #requests = new Int32Array(PORT_STRIDE);
  readonly #grants = new Int32Array(PORT_STRIDE);
  readonly #candidate = new Int32Array(PORT_STRIDE * PORT_STRIDE);

  constructor(routers: RouterArray) {
    this.#routers = routers;
  }

  /** Matches the ports of `router`; returns how many VCs won, which `winners` lists in the order of input ports. */
  allocate(router: number): number {
    const { ready, readyPorts, switchAccept, switchGrant, switchVc, vcs, vcShift } = this.#routers;
    const base = router << PORT_SHIFT;
    const ports = readyPorts[router];
    if (ports === 0) return 0;
    if ((ports & (ports - 1)) === 0) {
      const port = base + lowest(ports);
      const mask = ready[port];
      if ((mask & (mask - 1)) === 0) return this.#unopposed(base, port, lowest(mask));
    }

    let outputs = this.#collect(router);
    const grants = this.#grants;
    let inputs = 0;
    for (; outputs !== 0; outputs &= outputs - 1) {
      const output = lowest(outputs);
      const input = firstFrom(this.#requests[output], switchGrant[base + output]);
      grants[input] = (((inputs >> input) & 1) !== 0 ? grants[input] : 0) | (1 << output);
      inputs |= 1 << input;
    }
    let wins = 0;
    for (; inputs !== 0; inputs &= inputs - 1) {
      const input = lowest(inputs);
      const output = firstFrom(grants[input], switchAccept[base + input]);
      switchGrant[base + output] = input + 1;
      switchAccept[base + input] = output + 1;
      const v = this.#candidate[input * PORT_STRIDE + output];
      switchVc[base + input] = v + 1 === vcs ? 0 : v + 1;
      this.winners[wins++] = ((base + input) << vcShift) | v;
    }
    return wins;
  }

  /** One request alone always wins; the pointers move as in any match. */
  #unopposed(base: number, port: number, v: number): number {
    const { route, switchAccept, switchGrant, switchVc, vcs, vcShift } = this.#routers;
    const vc = (port << vcShift) | v;
    const output = route[vc];
    switchGrant[base + output] = port - base + 1;
    switchAccept[port] = output + 1;
    switchVc[port] = v + 1 === vcs ? 0 : v + 1;
    this.winners[0] = vc;
    return 1;
  }

  /** Gathers the requests; returns the mask of outputs that somebody asks for. */
  #collect(router: number): number {
    const { ready, readyPorts, route, switchVc, vcShift } = this.#routers;
    const requests = this.#requests;
    const base = router << PORT_SHIFT;
    let outputs = 0;
    for (let ports = readyPorts[router]; ports !== 0; ports &= ports - 1) {
      const input = lowest(ports);
      const vcBase = (base + input) << vcShift;
      const all = ready[base + input];
      // VCs at or after the pointer come first, then those before it.
      const early = all & (-1 << switchVc[base + input]);
      let late = all ^ early;
      let mask = early;
      while (mask !== 0 || late !== 0) {
        if (mask === 0) {
          mask = late;
          late = 0;
        }
        const v = lowest(mask);
        mask &= mask - 1;
        const output = route[vcBase | v];
        const others = ((outputs >> output) & 1) !== 0 ? requests[output] : 0;
        if (((others >> input) & 1) !== 0) continue;
        requests[output] = others | (1 << input);
        outputs |= 1 << output;
        this.#candidate[input * PORT_STRIDE + output] = v;
      }
    }
    return outputs;
  }
}
