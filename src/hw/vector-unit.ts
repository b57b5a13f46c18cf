/** The digital vector unit: what the technology's `digital.vector` has an entry for, `lanes` elements a cycle and as many passes as that takes. */
import { Component } from '../sim/component.ts';
import { Resource } from '../sim/resource.ts';
import { Phase, type Tick } from '../sim/tick.ts';
import type { VectorEntry } from '../tech/schema.ts';
import type { Ledger, Meter } from './ledger.ts';
import { stepOf, type VectorWork } from './program.ts';

interface EntryCost {
  readonly energy_J: number;
  readonly passes: number;
}

export interface VectorParams {
  readonly lanes: number;
  readonly cycle: Tick;
  /** Of the entries that the technology has. */
  readonly functions: { readonly [Entry in VectorEntry]?: EntryCost };
}

export class VectorUnit extends Component {
  readonly #params: VectorParams;
  readonly #unit: Resource;
  readonly #entries = new Map<string, { readonly cost: EntryCost; readonly meter: Meter }>();
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
    for (const [entry, cost] of Object.entries(params.functions)) {
      const component = `vector.${entry as VectorEntry}` as const;
      const meter = ledger.meter(component, [{ component, energy_J: cost.energy_J }]);
      this.#entries.set(entry, { cost, meter });
    }
    this.stat('jobs', 'rows', () => this.#unit.claims);
  }

  /** Queues one job; `onDone(slot)` follows. Softmax is not its work. */
  run(work: VectorWork, slot: number): void {
    const entry = this.#entries.get(work.fn);
    if (entry === undefined) throw new RangeError(`the vector unit has no ${work.fn}`);
    const { lanes, cycle } = this.#params;
    const elements = work.rowLength * work.rows;
    entry.meter.counts[stepOf(slot)] += elements;
    const cycles = entry.cost.passes * Math.ceil(elements / lanes);
    this.#unit.claim(cycles * cycle, Phase.Compute, this.#done, slot);
  }
}
