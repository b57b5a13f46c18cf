/** A mesh of routers with virtual channels, one at every tile and one at the hub; links are as long as a tile. */
import { linkCost, routerCost } from '../../../tech/noc-cost.ts';
import { gridFloorplan } from '../floorplan.ts';
import { nocKind } from '../kind.ts';
import { Mesh } from '../mesh.ts';

export const kind = nocKind({
  name: 'mesh',
  options: ['virtualChannels', 'depth', 'routerStages'],
  broadcasts: ['unicast', 'chain', 'tree'],
  clocked: true,
  foldTiles: false,
  closedForm: false,
  floorplan: (tiles, { broadcast }) => gridFloorplan(tiles, broadcast === 'tree' ? 'columns' : 'rows'),
  energy: ({ digital, options: { flit, routerStages }, tileSide_m }) => ({
    router_J: routerCost(digital, flit, routerStages).energy_J,
    link_J: linkCost(digital, flit, tileSide_m).energy_J,
  }),
  blocks: ({ digital, options: { flit, routerStages }, tileSide_m }, { nodes, links }) => {
    const router = routerCost(digital, flit, routerStages);
    const link = linkCost(digital, flit, tileSide_m);
    return [
      {
        component: 'interconnect.router',
        area_m2: nodes * router.area_m2,
        leakage_W: nodes * router.leakage_W,
      },
      // Wires run over the blocks and take no area of their own.
      { component: 'interconnect.link', area_m2: 0, leakage_W: links * link.leakage_W },
    ];
  },
  build: (parent, clock, { options }, { rows, cols }) => {
    const { virtualChannels: vcs, depth } = options;
    const routerStages = options.routerStages === 4 ? 4 : 3;
    return new Mesh(parent, 'noc', { rows, cols, vcs, depth, routerStages }, clock);
  },
});
