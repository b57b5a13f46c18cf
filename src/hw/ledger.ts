/** Counts of actions per step, and what each action costs: energy = counts x unit costs, kept apart until somebody asks. */

/** A share of an action's energy and the component that it is charged to. */
export interface EnergyPart {
  readonly component: string;
  readonly energy_J: number;
}

/** One kind of action. Hot code adds to `counts[step]`; counts are integers, so sums do not depend on order. */
export interface Meter {
  readonly action: string;
  readonly parts: readonly EnergyPart[];
  /** One entry per step; the last one holds what happens once, before the first image (loading weights). */
  readonly counts: Float64Array;
}

export class Ledger {
  readonly steps: number;
  readonly #meters = new Map<string, Meter>();

  constructor(steps: number) {
    this.steps = steps;
  }

  /** The index of the entry for what happens once. */
  get once(): number {
    return this.steps;
  }

  /** The meter of that action; two callers with the same name share it. */
  meter(action: string, parts: readonly EnergyPart[]): Meter {
    let meter = this.#meters.get(action);
    if (meter === undefined) {
      meter = { action, parts, counts: new Float64Array(this.steps + 1) };
      this.#meters.set(action, meter);
    }
    return meter;
  }

  /** In the order in which they were made. */
  get meters(): readonly Meter[] {
    return [...this.#meters.values()];
  }
}

/** Energy in joules per component, in the order of the meters, for the steps that `wanted` admits. */
export function energyByComponent(ledger: Ledger, wanted: (step: number) => boolean): Map<string, number> {
  const result = new Map<string, number>();
  for (const meter of ledger.meters) {
    let count = 0;
    for (let step = 0; step < meter.counts.length; step++) if (wanted(step)) count += meter.counts[step];
    for (const { component, energy_J } of meter.parts) {
      result.set(component, (result.get(component) ?? 0) + count * energy_J);
    }
  }
  return result;
}
