/** Counts of actions per step, and what each action costs: energy = counts x unit costs, kept apart until somebody asks. */
import type { CrossbarUse, Programming } from '../tech/crossbar-cost.ts';
import type { Action, ComponentId } from './components.ts';

/** A share of an action's energy and the component that it is charged to. */
export interface EnergyPart {
  readonly component: ComponentId;
  readonly energy_J: number;
}

/** One kind of action. Hot code adds to `counts[step]`; counts are integers, so sums do not depend on order. */
export interface Meter {
  readonly action: Action;
  /** Of crossbars: their times and energies. */
  readonly of: CrossbarUse | Programming | Action;
  readonly parts: readonly EnergyPart[];
  /** One entry per step; the last one holds what happens once, before the first image (loading weights). */
  readonly counts: Float64Array;
}

/** Counts the actions of a run, step by step. */
export class Ledger {
  readonly steps: number;
  readonly #meters = new Map<Action | CrossbarUse | Programming, Map<Action, Meter>>();
  readonly #inOrder: Meter[] = [];

  constructor(steps: number) {
    this.steps = steps;
  }

  /** The index of the entry for what happens once. */
  get once(): number {
    return this.steps;
  }

  /** The meter of that action; two callers share it. Crossbars have one for each use `of` a crossbar. */
  meter(
    action: Action,
    parts: readonly EnergyPart[],
    of: CrossbarUse | Programming | Action = action,
  ): Meter {
    const meters = this.#meters.get(of) ?? new Map<Action, Meter>();
    this.#meters.set(of, meters);
    let meter = meters.get(action);
    if (meter === undefined) {
      meter = { action, of, parts, counts: new Float64Array(this.steps + 1) };
      meters.set(action, meter);
      this.#inOrder.push(meter);
    }
    return meter;
  }

  /** What was counted of an action so far, also once; 0 where nothing counts it. */
  total(action: Action, of: CrossbarUse | Action = action): number {
    const counts = this.#meters.get(of)?.get(action)?.counts ?? [];
    let sum = 0;
    for (const count of counts) sum += count;
    return sum;
  }

  /** Everything is counted anew, and meters behind the first `kept` are gone. */
  clear(kept: number): void {
    for (const { of, action } of this.#inOrder.splice(kept)) {
      const own = this.#meters.get(of);
      own?.delete(action);
      if (own?.size === 0) this.#meters.delete(of);
    }
    for (const { counts } of this.#inOrder) counts.fill(0);
  }

  /** In the order in which they were made. */
  get meters(): readonly Meter[] {
    return this.#inOrder;
  }
}

/** The meters of crossbars of one use. */
export interface CrossbarMeters {
  readonly reads: Meter;
  readonly writes: Meter;
  /** Of arrays with several sets of weights. */
  readonly selects: Meter | undefined;
}

/** The meters of crossbars that take what `use` says. */
export function crossbarMeters(use: CrossbarUse, ledger: Ledger): CrossbarMeters {
  const write = { component: 'crossbar.write', energy_J: use.writeEnergy_J } as const;
  return {
    reads: ledger.meter('crossbar.read', use.readParts, use),
    writes: ledger.meter('crossbar.write', [write], use),
    selects:
      use.select &&
      ledger.meter('crossbar.select', [{ component: 'crossbar.select', energy_J: use.select.energy_J }], use),
  };
}

/** The meter of crossbars that are programmed in part. */
export const programMeter = (written: Programming, ledger: Ledger): Meter =>
  ledger.meter('crossbar.write', [{ component: 'crossbar.write', energy_J: written.energy_J }], written);

/** Energy in joules per component, in the order of the meters, for the steps that `wanted` admits. */
export function energyByComponent(
  ledger: Ledger,
  wanted: (step: number) => boolean,
): Map<ComponentId, number> {
  const result = new Map<ComponentId, number>();
  for (const meter of ledger.meters) {
    let count = 0;
    for (let step = 0; step < meter.counts.length; step++) if (wanted(step)) count += meter.counts[step];
    for (const { component, energy_J } of meter.parts) {
      result.set(component, (result.get(component) ?? 0) + count * energy_J);
    }
  }
  return result;
}
