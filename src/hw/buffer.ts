/** An SRAM buffer with ports: accesses queue for a port and take as many cycles as the port is narrow. */
import { Component } from '../sim/component.ts';
import { Resource } from '../sim/resource.ts';
import { Phase, type Tick } from '../sim/tick.ts';
import type { Ledger, Meter } from './ledger.ts';

export interface BufferParams {
  /** Name under which its energy is booked: buffer.global, buffer.tile, buffer.pe. */
  readonly component: string;
  readonly capacityBits: number;
  readonly portBits: number;
  readonly ports: number;
  /** One access of a port; 0 when the accounting leaves buffers out. */
  readonly cycle: Tick;
  /** Joules per bit; 0 likewise. */
  readonly read_J: number;
  readonly write_J: number;
}

export class Buffer extends Component {
  readonly params: BufferParams;
  readonly #ports: Resource;
  readonly #reads: Meter;
  readonly #writes: Meter;
  #bitsRead = 0;
  #bitsWritten = 0;

  constructor(parent: Component, name: string, params: BufferParams, ledger: Ledger) {
    super(parent, name);
    this.params = params;
    this.#ports = new Resource(this.kernel, params.ports);
    const { component } = params;
    this.#reads = ledger.meter(`${component} read bits`, [{ component, energy_J: params.read_J }]);
    this.#writes = ledger.meter(`${component} written bits`, [{ component, energy_J: params.write_J }]);
    this.stat('read', 'bit', () => this.#bitsRead);
    this.stat('written', 'bit', () => this.#bitsWritten);
    this.stat('busy', 'ps', () => this.#ports.busyTime);
    this.stat('wait', 'ps', () => this.#ports.waitTime);
  }

  /** Whether accesses take time; where they do not, callers go on at once. */
  get timed(): boolean {
    return this.params.cycle > 0;
  }

  /** Books a read of `bits` for `step`, over all the buffers that this one stands for. */
  countRead(step: number, bits: number): void {
    this.#bitsRead += bits;
    this.#reads.counts[step] += bits;
  }

  /** Books a write of `bits` for `step`, likewise. */
  countWrite(step: number, bits: number): void {
    this.#bitsWritten += bits;
    this.#writes.counts[step] += bits;
  }

  /** Holds a port while `bits` pass; the handler runs with `arg` afterwards. */
  pass(bits: number, handler: number, arg: number): void {
    const cycles = Math.ceil(bits / this.params.portBits);
    this.#ports.claim(cycles * this.params.cycle, Phase.Compute, handler, arg);
  }
}
