/** What routers and links of all kinds of network stand for on a chip, and how long a link takes. */
import { type Tick, toSeconds, toTicks } from '../../sim/tick.ts';
import type { RouterCost } from '../../tech/noc-cost.ts';
import type { Digital } from '../../tech/schema.ts';
import type { NocBlocks, NocEnergy } from './kind.ts';

/** Cycles on a link: as many registers cut it, less one, so that a flit enters in every cycle. */
export const linkCycles = (digital: Digital, length_m: number, cycle: Tick): number =>
  Math.max(1, Math.ceil(toTicks(length_m * digital.wire.delay) / cycle));

/** Energy of a flit in a router of `stages`; of its clock, what is not drawn when it is idle. */
export function routerEnergy(
  router: RouterCost,
  { router: { clockGating } }: Digital,
  stages: number,
): Pick<NocEnergy, 'router_J' | 'clock_J' | 'stages'> {
  return { router_J: router.flit_J, clock_J: clockGating * router.clock_J, stages };
}

/** `count` equal routers, and their clocks while they are idle. */
export function routerBlocks(
  router: RouterCost,
  { router: { clockGating } }: Digital,
  cycle: Tick,
  count: number,
): NocBlocks[] {
  const idle_W = ((1 - clockGating) * router.clock_J) / toSeconds(cycle);
  return [
    {
      component: 'interconnect.router',
      area_m2: count * router.area_m2,
      leakage_W: count * router.leakage_W,
    },
    { component: 'interconnect.clock', area_m2: 0, leakage_W: 0, power_W: count * idle_W },
  ];
}
