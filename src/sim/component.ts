/** A named part of the chip: its place in the tree, its kernel, and the statistics that it declares. */
import type { Kernel } from './kernel.ts';

/** A figure of one component, read when somebody asks. */
export interface Stat {
  readonly unit: string;
  /** Its value now, in `unit`. */
  readonly read: () => number;
}

/** Base of every block; the tree of components is the block diagram. */
export abstract class Component {
  readonly name: string;
  readonly kernel: Kernel;
  readonly #parent: Component | undefined;
  readonly #children: Component[] = [];
  readonly #childNames = new Set<string>();
  readonly #stats = new Map<string, Stat>();

  /** The kernel as `parent` makes a root. Throws RangeError when the parent has a child of that name. */
  constructor(parent: Component | Kernel, name: string) {
    this.name = name;
    if (parent instanceof Component) {
      if (parent.#childNames.has(name)) throw new RangeError(`${parent.path} has two children named ${name}`);
      parent.#childNames.add(name);
      parent.#children.push(this);
      this.#parent = parent;
      this.kernel = parent.kernel;
    } else {
      this.kernel = parent;
    }
  }

  /** In the order of construction. */
  get children(): readonly Component[] {
    return this.#children;
  }

  /** Names from the root down: 'chip.tile[3].pe[0]'. */
  get path(): string {
    return this.#parent === undefined ? this.name : `${this.#parent.path}.${this.name}`;
  }

  /** By name, in the order of declaration. */
  get stats(): ReadonlyMap<string, Stat> {
    return this.#stats;
  }

  /** Declares a statistic once; hot code only moves the field that `read` returns. */
  protected stat(name: string, unit: string, read: () => number): void {
    if (this.#stats.has(name)) throw new RangeError(`${this.path} declares the statistic ${name} twice`);
    this.#stats.set(name, { unit, read });
  }
}
