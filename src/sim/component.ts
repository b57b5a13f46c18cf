/** A named part of the chip: its place in the tree, its kernel, and the statistics and resources that it declares. */
import type { Kernel } from './kernel.ts';
import type { Served } from './resource.ts';

/** A figure of one component, read when somebody asks. */
export interface Stat {
  readonly unit: string;
  /** Its value now, in `unit`. */
  readonly read: () => number;
}

/** Of the many components that have none. */
const NONE: ReadonlyMap<string, Served> = new Map();

/** Base of every block; the tree of components is the block diagram. */
export abstract class Component {
  readonly name: string;
  readonly kernel: Kernel;
  readonly #parent: Component | undefined;
  // There with the first child: most components have none.
  #children: Map<string, Component> | undefined;
  readonly #stats = new Map<string, Stat>();
  #resources: Map<string, Served> | undefined;
  #fold: number | undefined;

  /** The kernel as `parent` makes a root. Throws RangeError when the parent has a child of that name. */
  constructor(parent: Component | Kernel, name: string) {
    this.name = name;
    if (parent instanceof Component) {
      parent.#children ??= new Map();
      if (parent.#children.has(name)) throw new RangeError(`${parent.path} has two children named ${name}`);
      parent.#children.set(name, this);
      this.#parent = parent;
      this.kernel = parent.kernel;
    } else {
      this.kernel = parent;
    }
  }

  /** In the order of construction. */
  get children(): readonly Component[] {
    return [...(this.#children?.values() ?? [])];
  }

  /** Names from the root down: 'chip.tile[3].pe[0]'. */
  get path(): string {
    return this.#parent === undefined ? this.name : `${this.#parent.path}.${this.name}`;
  }

  /** By name, in the order of declaration. */
  get stats(): ReadonlyMap<string, Stat> {
    return this.#stats;
  }

  /** What does one job at a time in this component, by kind. */
  get resources(): ReadonlyMap<string, Served> {
    return this.#resources ?? NONE;
  }

  /** Blocks in lock-step that this one is simulated for, itself included: its own, or those of the block that it is part of. */
  get fold(): number {
    return this.#fold ?? this.#parent?.fold ?? 1;
  }

  /** This child is a part no more. */
  protected remove(child: Component): void {
    this.#children?.delete(child.name);
  }

  /** Declares a resource of a kind, once, with its busy time as a statistic; returns it. */
  protected resource<R extends Served>(kind: string, resource: R): R {
    this.#resources ??= new Map();
    if (this.#resources.has(kind)) throw new RangeError(`${this.path} declares the resource ${kind} twice`);
    this.#resources.set(kind, resource);
    this.stat('busy', 'ps', () => resource.busyTime);
    return resource;
  }

  /** Declares that this block stands for `count` blocks in lock-step, named for its statistics; again, where it comes to stand for others. */
  protected standsFor(count: number, blocks: string): void {
    if (this.#fold === undefined) this.stat('fold', blocks, () => this.fold);
    this.#fold = count;
  }

  /** Declares a statistic once; hot code only moves the field that `read` returns. */
  protected stat(name: string, unit: string, read: () => number): void {
    if (this.#stats.has(name)) throw new RangeError(`${this.path} declares the statistic ${name} twice`);
    this.#stats.set(name, { unit, read });
  }
}
