/** An H-tree over the tiles, with the hub at its root; every link carries one flit a cycle, and takes as long as its wire. */
import { toTicks } from '../../../sim/tick.ts';
import { linkCost, routerCost } from '../../../tech/noc-cost.ts';
import { HTree } from '../htree.ts';
import { nocKind } from '../kind.ts';
import { treeFloorplan } from '../tree-floorplan.ts';

export const kind = nocKind({
  name: 'htree',
  // Stages cost energy; a switch takes no time of its own, and what it holds is not bounded.
  options: ['routerStages'],
  broadcasts: ['unicast', 'tree'],
  clocked: true,
  foldTiles: false,
  closedForm: false,
  floorplan: treeFloorplan,
  energy: ({ digital, options: { flit, routerStages }, tileSide_m }) => ({
    router_J: routerCost(digital, flit, routerStages).energy_J,
    // Of a side of a tile, in which the tree gives the lengths of its links.
    link_J: linkCost(digital, flit, tileSide_m).energy_J,
  }),
  blocks: ({ digital, options: { flit, routerStages }, tileSide_m }, { switches, wireSides }) => {
    const router = routerCost(digital, flit, routerStages);
    const side = linkCost(digital, flit, tileSide_m);
    return [
      {
        component: 'interconnect.router',
        area_m2: switches * router.area_m2,
        leakage_W: switches * router.leakage_W,
      },
      // Wires run over the blocks and take no area of their own.
      { component: 'interconnect.link', area_m2: 0, leakage_W: wireSides * side.leakage_W },
    ];
  },
  build: (parent, clock, { cycle, digital, tileSide_m }, { linkSides }) => {
    const cycles = (sides: number): number =>
      Math.max(1, Math.ceil(toTicks(tileSide_m * sides * digital.wire.delay) / cycle));
    const levels = linkSides.map(length => ({ latency_cycles: cycles(length), flitsPerCycle: 1, length }));
    return new HTree(parent, 'noc', { arity: 4, levels }, clock);
  },
});
