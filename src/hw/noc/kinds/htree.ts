/** An H-tree over the tiles, with the hub at its root; every link carries one flit a cycle, and takes as long as its wire. */
import { pow } from '../../../base/math.ts';
import { type LinkCost, linkCost, type RouterCost, routerCost } from '../../../tech/noc-cost.ts';
import { HTree } from '../htree.ts';
import { type NocSite, nocKind } from '../kind.ts';
import { linkCycles, routerBlocks, routerEnergy } from '../router-blocks.ts';
import { type TreeFloorplan, treeFloorplan } from '../tree-floorplan.ts';

const ARITY = 4;

/**
 * What a switch is paid for: what it holds is not bounded in time, and this much is built. A tree needs no virtual
 * channels: ways up and down make no circles.
 */
const SWITCH = { ports: ARITY + 1, virtualChannels: 1, depth: 8 };

const switchOf = ({ digital, options: { flit } }: NocSite): RouterCost =>
  routerCost(digital, {
    ports: SWITCH.ports,
    virtualChannels: SWITCH.virtualChannels,
    depth: SWITCH.depth,
    flitBits: flit,
  });

/** Of one link of every level, the one next to the root first. */
function linksOf(
  { digital, options, tileSide_m, cycle }: NocSite,
  { linkSides }: TreeFloorplan,
): { readonly cycles: number; readonly cost: LinkCost }[] {
  return linkSides.map(sides => {
    const length_m = sides * tileSide_m;
    const cycles = linkCycles(digital, length_m, cycle);
    return { cycles, cost: linkCost(digital, options.flit, length_m, cycles - 1) };
  });
}

export const kind = nocKind({
  name: 'htree',
  // Stages cost clock; a switch takes no time of its own.
  options: ['routerStages'],
  timeless: ['routerStages'],
  broadcasts: ['unicast', 'tree'],
  clocked: true,
  foldTiles: false,
  nearHub: false,
  closedForm: false,
  floorplan: treeFloorplan,
  energy: (site, plan) => {
    const { router_J, clock_J, stages } = routerEnergy(
      switchOf(site),
      site.digital,
      site.options.routerStages,
    );
    const links = linksOf(site, plan);
    // Of a side of a tile, in which the tree gives the lengths of its links; registers as on the way from root to leaf.
    const way_J = links.reduce((sum, { cost }) => sum + cost.energy_J, 0);
    const link_J = way_J / plan.linkSides.reduce((sum, sides) => sum + sides, 0);
    return { router_J, clock_J, stages, link_J };
  },
  blocks: (site, plan) => {
    const links = linksOf(site, plan);
    const all = (of: (cost: LinkCost) => number): number =>
      links.reduce((sum, { cost }, level) => sum + 2 * pow(ARITY, level + 1) * of(cost), 0);
    return [
      ...routerBlocks(switchOf(site), site.digital, site.cycle, plan.switches),
      {
        component: 'interconnect.link',
        area_m2: all(cost => cost.area_m2),
        leakage_W: all(cost => cost.leakage_W),
      },
    ];
  },
  build: (parent, clock, site, plan) => {
    const levels = linksOf(site, plan).map(({ cycles }, level) => {
      return { latency_cycles: cycles, flitsPerCycle: 1, length: plan.linkSides[level] };
    });
    return new HTree(parent, 'noc', { arity: ARITY, levels }, clock);
  },
});
