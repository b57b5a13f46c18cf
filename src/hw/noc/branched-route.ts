/** The links of a complete tree on the ways from one node to several: each once, with those that follow it. */
import type { TreeRoute } from './tree-route.ts';

interface BranchLink {
  /** The link between levels `level - 1` and `level`, by TreeRoute's number, and whether it is taken towards the root. */
  readonly at: number;
  readonly level: number;
  readonly rising: boolean;
  /** Indices of the links behind it. */
  readonly next: number[];
  /** The destination at its end, or -1. */
  node: number;
}

export class BranchedRoute {
  readonly src: number;
  readonly dsts: readonly number[];
  readonly links: readonly BranchLink[];
  /** Indices of the links that leave the source. */
  readonly first: readonly number[];
  /** Switches that a flit passes, each as often as it is copied there. */
  readonly switched: number;

  constructor(route: TreeRoute, src: number, dsts: readonly number[]) {
    const links: BranchLink[] = [];
    const first: number[] = [];
    const { root } = route;
    for (const dst of dsts.filter(node => node !== src)) {
      const turn = route.turn(src, dst);
      let behind = first;
      const pass = (leaf: number, level: number, rising: boolean): void => {
        const at = route.link(leaf, level);
        let index = behind.find(i => links[i].at === at && links[i].rising === rising) ?? -1;
        if (index < 0) {
          index = links.push({ at, level, rising, next: [], node: -1 }) - 1;
          behind.push(index);
        }
        behind = links[index].next;
        if (level === (rising ? turn + 1 : route.level(dst)) && (!rising || dst === root))
          links[index].node = dst;
      };
      for (let level = route.level(src); level > turn; level--) pass(src, level, true);
      for (let level = turn + 1; level <= route.level(dst); level++) pass(dst, level, false);
    }
    this.src = src;
    this.dsts = dsts;
    this.links = links;
    this.first = first;
    // Every link begins at a switch but the one above a leaf that sends; what ends at the root, or where it began, leaves one too.
    const fromLeaf = src !== root && links.length > 0;
    this.switched =
      links.length - (fromLeaf ? 1 : 0) + dsts.filter(node => node === src || node === root).length;
  }
}
