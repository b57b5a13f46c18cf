/** Switch allocation: one iteration of iSLIP (McKeown 1999) between input ports and output ports, as in BookSim 2. */
import { PORT } from './ports.ts';
import { firstFrom, lowest } from './round-robin.ts';
import type { RouterArray } from './router-array.ts';
import { PORT_FIELD, ROUTER, VC } from './router-layout.ts';

const PORTS = PORT.local + 1;
const ALL_PORTS = (1 << PORTS) - 1;
const { free: FREE, listed: LISTED, switchAccept: ACCEPT, switchGrant: GRANT } = PORT_FIELD;
const { switchVc: OFFER, waiting: WAITING } = PORT_FIELD;
const { bit: BIT, credits: CREDITS, held: HELD, outPort: OUT_PORT, outVc: OUT_VC } = VC;
const { route: ROUTE, words: VC_WORDS } = VC;
const { alone: ALONE, listed: LISTED_PORTS, waiting: WAITING_PORTS, words: ROUTER_WORDS } = ROUTER;
const PORT_HEADER = PORT_FIELD.words;

/**
 * An input VC asks for the switch when it has a flit and a credit. Of the VCs of one input port that want the
 * same output the one next in turn stands for all. Outputs grant and inputs accept in turn; pointers move only on accept.
 */
export class SwitchAllocator {
  /** The VCs that won, as many as allocate() returned. */
  readonly winners = new Int32Array(PORTS);
  readonly #routers: RouterArray;
  readonly #words: Int32Array;
  readonly #portWords: number;
  readonly #lastVc: number;
  readonly #speculative: boolean;

  /** `speculative`: packets that wait for an output VC may win too, and then may not have got one. */
  constructor(routers: RouterArray, speculative: boolean) {
    this.#routers = routers;
    this.#words = routers.words;
    this.#portWords = routers.portWords;
    this.#lastVc = routers.vcs - 1;
    this.#speculative = speculative;
  }

  /** Matches the ports of `router`; returns how many VCs won, which `winners` lists in the order of input ports. */
  allocate(router: number): number {
    const words = this.#words;
    // Whoever wins beside it moves pointers, also a packet that hoped and gets no output VC.
    words[router + ALONE] = 0;
    const ports = words[router + LISTED_PORTS] | (this.#speculative ? words[router + WAITING_PORTS] : 0);
    if ((ports & (ports - 1)) !== 0) return this.#match(router, ports);
    const input = lowest(ports);
    const port = router + ROUTER_WORDS + input * this.#portWords;
    const wanted = this.#asked(port);
    if (wanted === 0) return 0;
    // No other input competes: every output that it wants grants to this one.
    const winner = this.#accept(port, input, wanted);
    this.winners[0] = winner;
    // One VC alone: until another one is listed, its next wins move no pointer.
    if (words[port + LISTED] === words[winner + BIT]) words[router + ALONE] = winner;
    return 1;
  }

  /** Outputs grant, then inputs accept; `ports`: mask of inputs with a listed VC. */
  #match(router: number, ports: number): number {
    const words = this.#words;
    const portWords = this.#portWords;
    const first = router + ROUTER_WORDS;
    // PORTS bits per output with the inputs that want it, then PORTS bits per input with the outputs that grant.
    let requests = 0;
    let outputs = 0;
    for (let left = ports; left !== 0; left &= left - 1) {
      const input = lowest(left);
      const wanted = this.#asked(first + input * portWords);
      outputs |= wanted;
      for (let w = wanted; w !== 0; w &= w - 1) requests |= 1 << (lowest(w) * PORTS + input);
    }
    let grants = 0;
    let inputs = 0;
    for (; outputs !== 0; outputs &= outputs - 1) {
      const output = lowest(outputs);
      const asking = (requests >> (output * PORTS)) & ALL_PORTS;
      const input = firstFrom(asking, words[first + output * portWords + GRANT]);
      grants |= 1 << (input * PORTS + output);
      inputs |= 1 << input;
    }
    let wins = 0;
    for (; inputs !== 0; inputs &= inputs - 1) {
      const input = lowest(inputs);
      const granted = (grants >> (input * PORTS)) & ALL_PORTS;
      this.winners[wins++] = this.#accept(first + input * portWords, input, granted);
    }
    return wins;
  }

  #asked(port: number): number {
    return this.#speculative ? this.#wanted(port) | this.#hopedFor(port) : this.#wanted(port);
  }

  /** Mask of the outputs that packets without an output VC ask for: those with a free VC that has a credit. */
  #hopedFor(port: number): number {
    const words = this.#words;
    let outputs = 0;
    for (let left = words[port + WAITING]; left !== 0; left &= left - 1) {
      const vc = port + PORT_HEADER + lowest(left) * VC_WORDS;
      const outPort = words[vc + OUT_PORT];
      for (let free = words[outPort + FREE]; free !== 0; free &= free - 1) {
        if (words[outPort + PORT_HEADER + lowest(free) * VC_WORDS + CREDITS] === 0) continue;
        outputs |= 1 << words[vc + ROUTE];
        break;
      }
    }
    return outputs;
  }

  /** The VCs of `mask` whose packets go to `output`. */
  #bound(port: number, mask: number, output: number): number {
    let bound = 0;
    for (let left = mask; left !== 0; left &= left - 1) {
      const vc = port + PORT_HEADER + lowest(left) * VC_WORDS;
      if (this.#words[vc + ROUTE] === output) bound |= left & -left;
    }
    return bound;
  }

  /**
   * Mask of the outputs that VCs of an input port ask for. Of the VCs for one output those before the first that asks
   * leave the list, and nobody looks at those after it.
   */
  #wanted(port: number): number {
    const words = this.#words;
    let outputs = 0;
    let v = words[port + OFFER];
    for (let left = words[port + LISTED]; left !== 0; left &= ~(1 << v)) {
      v = firstFrom(left, v);
      const vc = port + PORT_HEADER + v * VC_WORDS;
      const output = 1 << words[vc + ROUTE];
      if ((outputs & output) !== 0) continue;
      if (words[vc + HELD] > 0 && words[words[vc + OUT_VC] + CREDITS] > 0) outputs |= output;
      else this.#routers.unlist(vc);
    }
    return outputs;
  }

  /** The input takes the granting output that is next in turn; returns its VC next in turn for that output. */
  #accept(port: number, input: number, outputs: number): number {
    const words = this.#words;
    const output = firstFrom(outputs, words[port + ACCEPT]);
    let mask = words[port + LISTED];
    if (this.#speculative) {
      // A packet that holds an output VC comes before those that hope for one.
      const bound = this.#bound(port, mask, output);
      mask = bound !== 0 ? bound : this.#bound(port, words[port + WAITING], output);
    }
    let v = firstFrom(mask, words[port + OFFER]);
    let vc = port + PORT_HEADER + v * VC_WORDS;
    while (words[vc + ROUTE] !== output) {
      mask &= ~(1 << v);
      v = firstFrom(mask, v);
      vc = port + PORT_HEADER + v * VC_WORDS;
    }
    words[words[vc + OUT_PORT] + GRANT] = input + 1;
    words[port + ACCEPT] = output + 1;
    words[port + OFFER] = v === this.#lastVc ? 0 : v + 1;
    return vc;
  }
}
