/** No network at all: packets arrive at once and cost nothing (TReX gives communication no cost of its own). */
import { gridFloorplan } from '../floorplan.ts';
import { IdealNoc } from '../ideal.ts';
import { nocKind } from '../kind.ts';

export const kind = nocKind({
  name: 'ideal',
  options: [],
  timeless: [],
  broadcasts: ['unicast'],
  clocked: false,
  foldTiles: true,
  nearHub: false,
  closedForm: true,
  floorplan: tiles => gridFloorplan(tiles),
  energy: () => ({ router_J: 0, link_J: 0, clock_J: 0, stages: 0 }),
  blocks: () => [],
  build: (parent, _clock, _site, plan) => new IdealNoc(parent, 'noc', plan.nodes),
});
