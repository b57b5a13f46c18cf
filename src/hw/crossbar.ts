/** A crossbar: holds weights, multiplies them with the input vectors that come to it, one after another. */
import { Component } from '../sim/component.ts';
import type { CrossbarUse } from '../tech/crossbar-cost.ts';
import type { AdcBank } from './adc-bank.ts';
import type { WriteDriver } from './write-driver.ts';

/** The circuits of the PE that a crossbar uses, and where its results go: each is called with the slot that was given. */
export interface CrossbarPorts {
  readonly adc: AdcBank;
  readonly writer: WriteDriver;
  readonly onRead: (slot: number) => void;
  readonly onWritten: (slot: number) => void;
}

/** What every kind of crossbar offers to its PE. */
export abstract class Crossbar extends Component {
  readonly cost: CrossbarUse;
  readonly #ports: CrossbarPorts;
  readonly #written: number;
  /** Input bit planes read, and programmings. */
  protected planesRead = 0;
  #writes = 0;

  constructor(parent: Component, name: string, cost: CrossbarUse, ports: CrossbarPorts) {
    super(parent, name);
    this.cost = cost;
    this.#ports = ports;
    this.#written = this.kernel.handler(ports.onWritten);
    this.stat('reads', 'bit planes', () => this.planesRead);
    this.stat('writes', 'arrays', () => this.#writes);
  }

  /** Programmings so far: what its cells have to endure. */
  get writes(): number {
    return this.#writes;
  }

  /** Reads one vector. */
  abstract read(slot: number): void;

  /** Programs the whole array. */
  write(slot: number): void {
    this.#writes++;
    this.#ports.writer.program(this.cost.writeTime, this.#written, slot);
  }

  /** All bit planes of one vector are read. */
  protected finish(slot: number): void {
    this.planesRead += this.cost.planes;
    this.#ports.onRead(slot);
  }
}

/** A crossbar known by its published totals: one read is one claim of the ADC bank for the published time. */
export class MacroCrossbar extends Crossbar {
  readonly #adc: AdcBank;
  readonly #readDone: number;

  constructor(parent: Component, name: string, cost: CrossbarUse, ports: CrossbarPorts) {
    super(parent, name, cost, ports);
    this.#adc = ports.adc;
    this.#readDone = this.kernel.handler(slot => this.finish(slot));
  }

  override read(slot: number): void {
    this.#adc.convert(this.cost.readTime * this.cost.planes, this.#readDone, slot);
  }
}
