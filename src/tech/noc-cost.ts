/** Routers and links of the network on chip: DSENT fits over the flit width. */
import type { Digital } from './schema.ts';

export interface NocCost {
  /** One flit through one router, its clock included. */
  readonly router_J: number;
  /** One flit over one link. */
  readonly link_J: number;
  /** One router. */
  readonly routerArea_m2: number;
  readonly routerLeakage_W: number;
  readonly linkLeakage_W: number;
}

/** Cost of a mesh with flits of `flitBits` and links of `link_m` metres. */
export function nocCost(digital: Digital, flitBits: number, stages: number, link_m: number): NocCost {
  const { router: r, wire } = digital;
  return {
    router_J:
      r.energyPerBit * flitBits + r.energyPerFlit + stages * (r.clockPerBit * flitBits + r.clockPerCycle),
    link_J: wire.energy * flitBits * link_m,
    routerArea_m2: flitBits * (r.areaPerBit + r.areaPerBit2 * flitBits),
    routerLeakage_W: (r.leakagePerBit * flitBits + r.leakageBase) * r.leakageScale,
    linkLeakage_W: wire.leakage * flitBits * link_m * r.leakageScale,
  };
}
