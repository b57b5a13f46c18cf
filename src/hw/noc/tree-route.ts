/** Where a packet goes in a complete tree: up to the lowest common switch, then down. */
import { pow } from '../../base/math.ts';

/** Leaves are 0 .. leaves - 1 from left to right at level `levels`; the root switch is level 0. */
export class TreeRoute {
  readonly arity: number;
  readonly levels: number;
  readonly leaves: number;
  /** Node number of the port at the root switch (global buffer, off-chip link). */
  readonly root: number;
  /** Links above level l are firstLink[l] .. firstLink[l + 1] - 1, l >= 1. */
  readonly firstLink: readonly number[];

  constructor(arity: number, levels: number) {
    this.arity = arity;
    this.levels = levels;
    this.leaves = pow(arity, levels);
    this.root = this.leaves;
    const firstLink = [0, 0];
    for (let level = 1; level <= levels; level++) firstLink.push(firstLink[level] + pow(arity, level));
    this.firstLink = firstLink;
  }

  /** Level of the last switch on the way up: that of the lowest common ancestor, 0 for the root. */
  turn(src: number, dst: number): number {
    if (src === dst) return this.level(src);
    if (src === this.root || dst === this.root) return 0;
    let level = this.levels;
    for (let a = src, b = dst; a !== b; level--) {
      a = Math.floor(a / this.arity);
      b = Math.floor(b / this.arity);
    }
    return level;
  }

  /** Level at which a node sits. */
  level(node: number): number {
    return node === this.root ? 0 : this.levels;
  }

  hops(src: number, dst: number): number {
    return this.level(src) + this.level(dst) - 2 * this.turn(src, dst);
  }

  /** The link above the ancestor of `leaf` at `level`. */
  link(leaf: number, level: number): number {
    const links = this.firstLink[level + 1] - this.firstLink[level];
    return this.firstLink[level] + Math.floor((leaf * links) / this.leaves);
  }
}
