/** A buffer with ports: accesses queue for a port, which takes a word a cycle, and a word is out after its latency. */
import { Component } from '../sim/component.ts';
import type { Kernel } from '../sim/kernel.ts';
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
  /** From one word of a port to the next; 0 when the accounting leaves buffers out. */
  readonly cycle: Tick;
  /** From a word's access to its end, likewise; a cycle at least. */
  readonly latency: Tick;
  /** Joules per bit; 0 likewise. */
  readonly read_J: number;
  readonly write_J: number;
}

/** The meters of the buffers of a level. */
export function bufferMeters({ level, read_J, write_J }: BufferParams, ledger: Ledger) {
  const component = `buffer.${level}` as const;
  return {
    reads: ledger.meter(`${component}.read`, [{ component, energy_J: read_J }]),
    writes: ledger.meter(`${component}.write`, [{ component, energy_J: write_J }]),
  };
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
    const { reads, writes } = bufferMeters(params, ledger);
    this.#reads = reads;
    this.#writes = writes;
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

  /** What passes a port on its way to `next`, `wire` ticks away; where that takes no time, `next` runs at once. */
  access(next: (slot: number) => void, wire: Tick = 0): BufferAccess {
    return new BufferAccess(this, this.#ports, next, wire);
  }
}

/** Accesses of a buffer that lead to the same place. */
export class BufferAccess {
  readonly #params: BufferParams;
  readonly #ports: Resource;
  readonly #kernel: Kernel;
  readonly #next: (slot: number) => void;
  readonly #passed: number;
  /** From when the port is free again until `next`. */
  readonly #after: Tick;

  constructor(buffer: Buffer, ports: Resource, next: (slot: number) => void, wire: Tick) {
    const { cycle, latency } = buffer.params;
    this.#params = buffer.params;
    this.#ports = ports;
    this.#kernel = buffer.kernel;
    this.#next = next;
    this.#passed = buffer.kernel.handler(next);
    this.#after = Math.max(0, latency - cycle) + wire;
  }

  /** Holds a port while `bits` pass; `next(slot)` follows when the last of them is out. */
  pass(bits: number, slot: number): void {
    const { cycle } = this.#params;
    if (cycle === 0 && this.#after === 0) this.#next(slot);
    else {
      const free =
        cycle === 0 ? this.#kernel.now : this.#ports.reserve(portCycles(this.#params, bits) * cycle);
      this.#kernel.at(free + this.#after, Phase.Compute, this.#passed, slot);
    }
  }
}

/** Accesses that `bits` take at one port. */
export const portCycles = ({ portBits }: Pick<BufferParams, 'portBits'>, bits: number): number =>
  Math.ceil(bits / portBits);
