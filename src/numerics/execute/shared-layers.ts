/** Known layers of networks that differ in the length of their texts alone: the same weights on the same crossbars. */
import type { Arithmetic, Compute, Unit } from './unit.ts';

/** Known layers that several networks share: made once, freed once. */
export class SharedLayers {
  readonly #arithmetics = new Map<Compute, Arithmetic>();
  readonly #units = new Map<string, Unit>();

  /** The arithmetic of that name, made on first use. */
  arithmetic(name: Compute, make: () => Arithmetic): Arithmetic {
    let one = this.#arithmetics.get(name);
    if (one === undefined) this.#arithmetics.set(name, (one = make()));
    return one;
  }

  /** What computes a known layer, made on first use: it takes any number of rows. */
  unit(id: string, make: () => Unit): Unit {
    let one = this.#units.get(id);
    if (one === undefined) this.#units.set(id, (one = make()));
    return one;
  }

  /** Frees what back ends hold. */
  dispose(): void {
    for (const one of this.#arithmetics.values()) one.dispose?.();
    this.#arithmetics.clear();
    this.#units.clear();
  }
}
