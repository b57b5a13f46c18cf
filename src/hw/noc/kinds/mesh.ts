/** A mesh of routers with virtual channels, one at every tile and one at the hub; links are as long as a tile. */
import { TrexError } from '../../../base/errors.ts';
import { formatQuantity } from '../../../base/units.ts';
import { type LinkCost, linkCost, type RouterCost, routerCost } from '../../../tech/noc-cost.ts';
import { gridFloorplan } from '../floorplan.ts';
import { type NocSite, nocKind } from '../kind.ts';
import { Mesh } from '../mesh.ts';
import { LARGEST } from '../mesh-params.ts';
import { PORT } from '../ports.ts';
import { linkCycles, routerBlocks, routerEnergy } from '../router-blocks.ts';

/** Four neighbours and the tile; routers at the edge are built as the others. */
const PORTS = PORT.local + 1;

const routerOf = ({ digital, options: { flit, virtualChannels, depth } }: NocSite): RouterCost =>
  routerCost(digital, { ports: PORTS, virtualChannels, depth, flitBits: flit });

const cyclesOf = ({ digital, tileSide_m, cycle }: NocSite): number => linkCycles(digital, tileSide_m, cycle);

const linkOf = (site: NocSite): LinkCost =>
  linkCost(site.digital, site.options.flit, site.tileSide_m, cyclesOf(site) - 1);

/** `whole`: move packets that nothing hinders as a whole, with the same results in less time. */
export const meshKind = (whole: boolean) =>
  nocKind({
    name: 'mesh',
    options: ['virtualChannels', 'depth', 'routerStages'],
    timeless: [],
    broadcasts: ['unicast', 'chain', 'tree'],
    clocked: true,
    foldTiles: false,
    nearHub: true,
    closedForm: false,
    floorplan: (tiles, { broadcast }) => gridFloorplan(tiles, broadcast === 'tree' ? 'columns' : 'rows'),
    energy: site => {
      const { router_J, clock_J, stages } = routerEnergy(
        routerOf(site),
        site.digital,
        site.options.routerStages,
      );
      return { router_J, clock_J, stages, link_J: linkOf(site).energy_J };
    },
    blocks: (site, { nodes, links }) => {
      const { area_m2, leakage_W } = linkOf(site);
      return [
        ...routerBlocks(routerOf(site), site.digital, site.cycle, nodes),
        { component: 'interconnect.link', area_m2: links * area_m2, leakage_W: links * leakage_W },
      ];
    },
    build: (parent, clock, site, { rows, cols }) => {
      const { virtualChannels: vcs, depth } = site.options;
      const routerStages = site.options.routerStages === 4 ? 4 : 3;
      const linkLatency_cycles = cyclesOf(site);
      if (linkLatency_cycles > LARGEST.linkLatency_cycles) {
        const length = formatQuantity(site.tileSide_m, 'm', 3);
        throw new TrexError(
          `a link of ${length} takes ${linkLatency_cycles} cycles of the mesh: at most ${LARGEST.linkLatency_cycles}`,
        );
      }
      return new Mesh(
        parent,
        'noc',
        {
          rows,
          cols,
          vcs,
          depth,
          routerStages,
          linkLatency_cycles,
          whole: whole && site.options.broadcast !== 'tree',
        },
        clock,
      );
    },
  });

export const kind = meshKind(true);
