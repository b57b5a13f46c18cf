/** Routers and links of a network on chip: DSENT fits over the flit width. */
import type { Digital } from './schema.ts';

export interface RouterCost {
  /** One flit through it, its clock included. */
  readonly energy_J: number;
  readonly area_m2: number;
  readonly leakage_W: number;
}

export interface LinkCost {
  /** One flit over it. */
  readonly energy_J: number;
  readonly leakage_W: number;
}

/** A router of flits of `flitBits` and a pipeline of `stages`. */
export function routerCost({ router: r }: Digital, flitBits: number, stages: number): RouterCost {
  return {
    energy_J:
      r.energyPerBit * flitBits + r.energyPerFlit + stages * (r.clockPerBit * flitBits + r.clockPerCycle),
    area_m2: flitBits * (r.areaPerBit + r.areaPerBit2 * flitBits),
    leakage_W: (r.leakagePerBit * flitBits + r.leakageBase) * r.leakageScale,
  };
}

/** `flitBits` wires of `length_m` metres, in one direction. */
export function linkCost({ router, wire }: Digital, flitBits: number, length_m: number): LinkCost {
  return {
    energy_J: wire.energy * flitBits * length_m,
    leakage_W: wire.leakage * flitBits * length_m * router.leakageScale,
  };
}
