/** An SRAM buffer with ports: accesses queue for a port and take as many cycles as the port is narrow. */
import { Component } from '../sim/component.ts';
import { Resource } from '../sim/resource.ts';
import { Phase, type Tick } from '../sim/tick.ts';
import type { BufferLevel } from './buffer-levels.ts';
import type { Ledger, Meter } from './ledger.ts';

export interface BufferParams {
  /** Under which its energy is booked. */
  readonly level: BufferLevel;
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
    this.#ports = this.resource(`${params.level} buffer ports`, new Resource(this.kernel, params.ports));
    const component = `buffer.${params.level}` as const;
    this.#reads = ledger.meter(`${component}.read`, [{ component, energy_J: params.read_J }]);
    this.#writes = ledger.meter(`${component}.write`, [{ component, energy_J: params.write_J }]);
    this.stat('read', 'bit', () => this.#bitsRead);
    this.stat('written', 'bit', () => this.#bitsWritten);
    this.stat('wait', 'ps', () => this.#ports.waitTime);
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

  /** What passes a port on its way to `next`; where accesses take no time, `next` runs at once. */
  access(next: (slot: number) => void): BufferAccess {
    return new BufferAccess(this, this.#ports, next);
  }
}

/** Accesses of a buffer that lead to the same place. */
export class BufferAccess {
  readonly #params: BufferParams;
  readonly #ports: Resource;
  readonly #next: (slot: number) => void;
  readonly #passed: number;

  constructor(buffer: Buffer, ports: Resource, next: (slot: number) => void) {
    this.#params = buffer.params;
    this.#ports = ports;
    this.#next = next;
    this.#passed = buffer.kernel.handler(next);
  }

  /** Holds a port while `bits` pass; `next(slot)` follows. */
  pass(bits: number, slot: number): void {
    const { cycle } = this.#params;
    if (cycle === 0) this.#next(slot);
    else this.#ports.claim(portCycles(this.#params, bits) * cycle, Phase.Compute, this.#passed, slot);
  }
}

/** Accesses that `bits` take at one port. */
export const portCycles = ({ portBits }: Pick<BufferParams, 'portBits'>, bits: number): number =>
  Math.ceil(bits / portBits);
