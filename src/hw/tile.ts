/** A tile: PEs behind one buffer and an H-tree, and the accumulator that sums their results. One tile serves one layer. */
import { Component } from '../sim/component.ts';
import type { CrossbarCost } from '../tech/crossbar-cost.ts';
import { Accumulator, type AccumulatorParams } from './accumulator.ts';
import { Buffer, type BufferParams } from './buffer.ts';
import type { TileGroup } from './fold.ts';
import type { Ledger, Meter } from './ledger.ts';
import { Pe, type PeParams } from './pe.ts';
import { entryOf, stepOf, WINDOW } from './program.ts';

export interface TileParams {
  readonly pe: PeParams;
  readonly buffer: BufferParams;
  readonly accumulator: AccumulatorParams;
  /** Energy of one bit on the tile's H-tree; 0 when interconnect is left out. */
  readonly wire_J: number;
}

export class Tile extends Component {
  readonly pes: readonly Pe[];
  /** What it holds, and what the tiles hold that it stands for. */
  readonly group: TileGroup;
  readonly #buffer: Buffer;
  readonly #accumulator: Accumulator;
  readonly #wires: Meter;
  readonly #isWrite: (step: number) => boolean;
  readonly #onResult: (tile: Tile, slot: number) => void;
  readonly #peInputBits: number;
  readonly #peOutputs: number;
  readonly #remaining = new Int32Array(WINDOW);
  readonly #arrived: number;
  readonly #left: number;

  constructor(
    parent: Component,
    name: string,
    params: TileParams,
    group: TileGroup,
    cost: CrossbarCost,
    ledger: Ledger,
    isWrite: (step: number) => boolean,
    onResult: (tile: Tile, slot: number) => void,
  ) {
    super(parent, name);
    this.group = group;
    this.#isWrite = isWrite;
    this.#onResult = onResult;
    this.#arrived = this.kernel.handler(this.#onArrived);
    this.#left = this.kernel.handler(this.#onLeft);
    this.#buffer = new Buffer(this, 'buffer', params.buffer, ledger);
    this.#accumulator = new Accumulator(this, 'accumulator', params.accumulator, ledger, this.#onSum);
    this.#wires = ledger.meter('tile H-tree bits', [
      { component: 'interconnect.tile', energy_J: params.wire_J },
    ]);
    this.#peInputBits = sum(group.pes, pe => pe.inputBits);
    this.#peOutputs = sum(group.pes, pe => pe.outputs);
    this.pes = group.pes.map(
      (pe, i) => new Pe(this, `pe[${i}]`, params.pe, pe, cost, ledger, isWrite, this.#onPe),
    );
    this.#remaining.fill(this.pes.length);
    this.stat('fold', 'tiles', () => group.count);
  }

  /** Takes the inputs of a read, or the weights of a write. */
  receive(slot: number): void {
    const step = stepOf(slot);
    const write = this.#isWrite(step);
    const { group } = this;
    const onward = write ? group.weightBits : this.#peInputBits;
    // The buffer is read once; the H-tree takes what several PEs need to all of them.
    const stored = write ? group.weightBits : group.inputBits;
    this.#buffer.countWrite(step, stored);
    this.#buffer.countRead(step, stored);
    this.#wires.counts[step] += onward;
    const bits = write ? group.share.weightBits : group.share.inputBits;
    if (this.#buffer.timed) this.#buffer.pass(bits, this.#arrived, slot);
    else this.#onArrived(slot);
  }

  readonly #onArrived = (slot: number): void => {
    for (let i = 0; i < this.pes.length; i++) this.pes[i].receive(slot);
  };

  readonly #onPe = (slot: number): void => {
    const entry = entryOf(slot);
    if (--this.#remaining[entry] > 0) return;
    this.#remaining[entry] = this.pes.length;
    const step = stepOf(slot);
    if (this.#isWrite(step)) this.#onResult(this, slot);
    else this.#accumulator.add(step, this.#peOutputs, slot);
  };

  readonly #onSum = (slot: number): void => {
    const step = stepOf(slot);
    const { outputBits, share } = this.group;
    this.#wires.counts[step] += outputBits;
    this.#buffer.countWrite(step, outputBits);
    this.#buffer.countRead(step, outputBits);
    if (this.#buffer.timed) this.#buffer.pass(share.outputBits, this.#left, slot);
    else this.#onLeft(slot);
  };

  readonly #onLeft = (slot: number): void => this.#onResult(this, slot);
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((s, item) => s + of(item), 0);
