/** A processing element: crossbars that share an input buffer, an ADC bank, a write driver and an accumulator. */
import { Component } from '../sim/component.ts';
import type { CrossbarCost } from '../tech/crossbar-cost.ts';
import { Accumulator, type AccumulatorParams } from './accumulator.ts';
import { AdcBank } from './adc-bank.ts';
import { Buffer, type BufferParams } from './buffer.ts';
import { CircuitCrossbar } from './circuit-crossbar.ts';
import { type Crossbar, MacroCrossbar } from './crossbar.ts';
import type { PeGroup } from './fold.ts';
import type { Ledger, Meter } from './ledger.ts';
import { entryOf, stepOf, WINDOW } from './program.ts';
import { WriteDriver } from './write-driver.ts';

/** What PEs of a chip have in common. */
export interface PeParams {
  readonly adcBanks: number;
  readonly writeDrivers: number;
  readonly buffer: BufferParams;
  readonly accumulator: AccumulatorParams;
}

export class Pe extends Component {
  readonly crossbars: readonly Crossbar[];
  readonly #group: PeGroup;
  readonly #buffer: Buffer;
  readonly #accumulator: Accumulator;
  readonly #reads: Meter;
  readonly #writes: Meter;
  readonly #isWrite: (step: number) => boolean;
  readonly #onDone: (slot: number) => void;
  /** Of all the PEs that this one stands for: crossbars, bit planes and additions of one vector. */
  readonly #arrays: number;
  readonly #planes: number;
  readonly #adds: number;
  readonly #remaining = new Int32Array(WINDOW);
  readonly #arrived: number;

  constructor(
    parent: Component,
    name: string,
    params: PeParams,
    group: PeGroup,
    cost: CrossbarCost,
    ledger: Ledger,
    isWrite: (step: number) => boolean,
    onDone: (slot: number) => void,
  ) {
    super(parent, name);
    this.#group = group;
    this.#isWrite = isWrite;
    this.#onDone = onDone;
    this.#arrived = this.kernel.handler(this.#onArrived);
    this.#buffer = new Buffer(this, 'buffer', params.buffer, ledger);
    this.#accumulator = new Accumulator(this, 'accumulator', params.accumulator, ledger, onDone);
    this.#reads = ledger.meter(`${cost.name} bit planes read`, cost.readParts);
    this.#writes = ledger.meter(`${cost.name} arrays written`, [
      { component: 'crossbar.write', energy_J: cost.writeEnergy_J },
    ]);
    const crossbars = group.share.crossbars * group.count;
    this.#arrays = crossbars;
    this.#planes = crossbars * cost.planes;
    this.#adds = crossbars * cost.planes * cost.columns;
    const adc = new AdcBank(this, 'adcBank', params.adcBanks);
    const writer = new WriteDriver(this, 'writeDriver', params.writeDrivers);
    const { plane } = cost;
    this.crossbars = Array.from({ length: group.share.crossbars }, (_, i) => {
      const id = `crossbar[${i}]`;
      return plane === undefined
        ? new MacroCrossbar(this, id, cost, adc, writer, this.#onCrossbar)
        : new CircuitCrossbar(this, id, { ...cost, plane }, adc, writer, this.#onCrossbar);
    });
    this.#remaining.fill(group.share.crossbars);
    this.stat('fold', 'PEs', () => group.count);
  }

  /** Takes the inputs of a read, or the weights of a write. */
  receive(slot: number): void {
    const step = stepOf(slot);
    const { inputBits, share } = this.#group;
    if (this.#isWrite(step)) {
      this.#onArrived(slot);
      return;
    }
    this.#buffer.countWrite(step, inputBits);
    this.#buffer.countRead(step, inputBits);
    if (this.#buffer.timed) this.#buffer.pass(share.inputBits, this.#arrived, slot);
    else this.#onArrived(slot);
  }

  readonly #onArrived = (slot: number): void => {
    const step = stepOf(slot);
    const crossbars = this.crossbars;
    if (this.#isWrite(step)) {
      this.#writes.counts[step] += this.#arrays;
      for (let i = 0; i < crossbars.length; i++) crossbars[i].write(slot);
    } else {
      this.#reads.counts[step] += this.#planes;
      for (let i = 0; i < crossbars.length; i++) crossbars[i].read(slot);
    }
  };

  readonly #onCrossbar = (slot: number): void => {
    const entry = entryOf(slot);
    if (--this.#remaining[entry] > 0) return;
    this.#remaining[entry] = this.crossbars.length;
    const step = stepOf(slot);
    if (this.#isWrite(step)) this.#onDone(slot);
    else this.#accumulator.add(step, this.#adds, slot);
  };
}
