/** The digital vector unit: what the technology's `digital.vector` has an entry for, `lanes` elements a cycle and as many passes as that takes. */
import { Component } from '../sim/component.ts';
import { Resource } from '../sim/resource.ts';
import { Phase, type Tick } from '../sim/tick.ts';
import type { VectorEntry } from '../tech/schema.ts';
import type { Ledger, Meter } from './ledger.ts';
import { stepOf, type VectorWork } from './program.ts';

export interface VectorParams {
  readonly lanes: number;
  readonly cycle: Tick;
  readonly functions: Record<VectorEntry, { readonly energy_J: number; readonly passes: number }>;
}

export class VectorUnit extends Component {
  readonly #params: VectorParams;
  readonly #unit: Resource;
  readonly #meters: Readonly<Record<VectorEntry, Meter>>;
  readonly #done: number;

  constructor(
    parent: Component,
    name: string,
    params: VectorParams,
    ledger: Ledger,
    onDone: (slot: number) => void,
  ) {
    super(parent, name);
    this.#params = params;
    this.#unit = this.resource('vector unit', new Resource(this.kernel, 1));
    this.#done = this.kernel.handler(onDone);
    const meter = (entry: VectorEntry): Meter =>
      ledger.meter(`vector.${entry}`, [
        { component: `vector.${entry}`, energy_J: params.functions[entry].energy_J },
      ]);
    this.#meters = { layernorm: meter('layernorm'), gelu: meter('gelu'), add: meter('add') };
    this.stat('jobs', 'rows', () => this.#unit.claims);
  }

  /** Queues one job; `onDone(slot)` follows. Softmax is not its work. */
  run(work: VectorWork, slot: number): void {
    if (work.fn === 'softmax') throw new RangeError('the vector unit has no softmax');
    const { lanes, cycle, functions } = this.#params;
    const elements = work.rowLength * work.rows;
    this.#meters[work.fn].counts[stepOf(slot)] += elements;
    const cycles = functions[work.fn].passes * Math.ceil(elements / lanes);
    this.#unit.claim(cycles * cycle, Phase.Compute, this.#done, slot);
  }
}
