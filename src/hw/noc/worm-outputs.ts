/** What worms find at the outputs of routers, and what they leave behind there: pointers and VCs as their flits would. */
import { firstFrom, lowest } from './round-robin.ts';
import type { RouterArray } from './router-array.ts';
import { PORT_FIELD, VC } from './router-layout.ts';
import { STEP, type Worms } from './worms.ts';

// Names of their own: the compiler folds these, but not the fields of an import.
const { accept: VC_ACCEPT, bit: BIT, credits: CREDITS, grant: VC_GRANT, peer: PEER } = VC;
const { port: PORT_OF, words: VC_WORDS } = VC;
const { bits: STEP_BITS, inVc: IN_VC, outVc: OUT_VC, output: OUTPUT } = STEP;
const { busyTo: BUSY_TO, came: CAME, cameAt: CAME_AT, free: FREE_VCS, lastBit: LAST_BIT } = PORT_FIELD;
const { marks: MARKS, number: NUMBER, words: PORT_HEADER } = PORT_FIELD;
const { switchAccept: ACCEPT, switchGrant: GRANT, switchVc: OFFER } = PORT_FIELD;

/** log2 of the words of a VC. */
const VC_BITS = 31 - Math.clz32(VC_WORDS);

const vcIndex = (port: number, vc: number): number => (vc - port - PORT_HEADER) >> VC_BITS;

export class WormOutputs {
  readonly #worms: Worms;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #depth: number;
  readonly #vcs: number;
  readonly #vcShift: number;

  constructor(routers: RouterArray, worms: Worms) {
    this.#worms = worms;
    this.#words = routers.words;
    this.#doubles = routers.doubles;
    this.#depth = routers.depth;
    this.#vcs = routers.vcs;
    this.#vcShift = routers.vcShift;
  }

  /** Whether another worm comes to the same output in cycle `now`; to be asked of each that comes. */
  isSecond(worm: number, now: number): boolean {
    const output = this.#worms.output(worm, this.#worms.passed[worm]);
    const cameAt = (output + CAME_AT) >> 1;
    if (this.#doubles[cameAt] === now && this.#words[output + CAME] !== worm) return true;
    this.#doubles[cameAt] = now;
    this.#words[output + CAME] = worm;
    return false;
  }

  /** Whether nothing hinders a worm that comes to its next router in cycle `now`; it then has its output VC. */
  isOpen(worm: number, now: number): boolean {
    const words = this.#words;
    const { path, passed, stride } = this.#worms;
    const at = (worm * stride + passed[worm]) << STEP_BITS;
    const output = path[at + OUTPUT];
    const busyTo = this.#doubles[(output + BUSY_TO) >> 1];
    if (busyTo > now || words[output + MARKS] > 0) return false;
    const outVc = this.#freeVc(output, path[at + IN_VC], busyTo === now);
    path[at + OUT_VC] = outVc;
    return words[outVc + CREDITS] === this.#depth;
  }

  /** The output VC that a worm alone gets; `held`: the tail before, in this very cycle, still holds its own. */
  #freeVc(output: number, vc: number, held: boolean): number {
    const words = this.#words;
    const free = held ? words[output + FREE_VCS] & ~words[output + LAST_BIT] : words[output + FREE_VCS];
    const pointer = words[vc + VC_ACCEPT] - (words[output + NUMBER] << this.#vcShift);
    const v = pointer > 0 && pointer < this.#vcs ? firstFrom(free, pointer) : lowest(free);
    return output + PORT_HEADER + v * VC_WORDS;
  }

  /** A head passes its next router, which is open for it: pointers as its flits leave them. */
  pass(worm: number, now: number): void {
    const words = this.#words;
    const { flits, path, passed, stride } = this.#worms;
    const at = (worm * stride + passed[worm]) << STEP_BITS;
    const vc = path[at + IN_VC];
    const outVc = path[at + OUT_VC];
    const output = path[at + OUTPUT];
    const inPort = words[vc + PORT_OF];
    const shift = this.#vcShift;
    words[vc + VC_ACCEPT] = ((words[output + NUMBER] << shift) | vcIndex(output, outVc)) + 1;
    words[outVc + VC_GRANT] = ((words[inPort + NUMBER] << shift) | vcIndex(inPort, vc)) + 1;
    this.#turn(output, vc);
    this.#hold(output, outVc, now + flits[worm]);
    path[at + (1 << STEP_BITS) + IN_VC] = words[outVc + PEER];
    passed[worm]++;
  }

  /** Flits that have got their output VCs are a whole worm from now on: as if it had passed these routers. */
  lift(worm: number, hop: number): void {
    const { flits, left, passed, path, start } = this.#worms;
    for (let k = left[worm] - 1; k < passed[worm]; k++) {
      const at = this.#worms.step(worm, k);
      if (k >= left[worm]) this.#turn(path[at + OUTPUT], path[at + IN_VC]);
      this.#hold(path[at + OUTPUT], path[at + OUT_VC], start[worm] + k * hop + flits[worm]);
    }
  }

  /** Flits of a whole worm go over an output up to a cycle. */
  #hold(output: number, outVc: number, to: number): void {
    this.#doubles[(output + BUSY_TO) >> 1] = to;
    this.#words[output + LAST_BIT] = this.#words[outVc + BIT];
  }

  /** The turns of the switch as flits leave them that went from an input VC to an output. */
  #turn(output: number, vc: number): void {
    const words = this.#words;
    const inPort = words[vc + PORT_OF];
    const v = vcIndex(inPort, vc);
    words[output + GRANT] = words[inPort + NUMBER] + 1;
    words[inPort + ACCEPT] = words[output + NUMBER] + 1;
    words[inPort + OFFER] = v + 1 === this.#vcs ? 0 : v + 1;
  }

  /** Worms of flits at the output of router `k` of a worm's route. */
  marks(worm: number, k: number): number {
    return this.#words[this.#worms.output(worm, k) + MARKS];
  }

  /** Marks the outputs of a worm of flits before router `to`. */
  markTo(worm: number, to: number): void {
    const { markedTo } = this.#worms;
    for (let k = markedTo[worm]; k < to; k++) this.#words[this.#worms.output(worm, k) + MARKS]++;
    markedTo[worm] = Math.max(to, markedTo[worm]);
  }

  unmark(worm: number, to: number): void {
    const { marked, markedTo } = this.#worms;
    const end = Math.min(to, markedTo[worm]);
    for (let k = marked[worm]; k < end; k++) this.#words[this.#worms.output(worm, k) + MARKS]--;
    marked[worm] = Math.max(marked[worm], end);
  }

  /** The cycle of the last grant to a whole worm at router `k` of a worm's route. */
  busyTo(worm: number, k: number): number {
    return this.#doubles[(this.#worms.output(worm, k) + BUSY_TO) >> 1];
  }
}
