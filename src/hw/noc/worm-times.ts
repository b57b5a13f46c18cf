/** Cycles from step to step of a packet that nothing hinders, and whether a mesh has them for every packet. */
import type { MeshParams } from './mesh-params.ts';
import { CREDIT_CYCLES, SINK_CYCLES, SOURCE_CREDIT_CYCLES, TRAVERSAL_CYCLES } from './router-pipeline.ts';

export interface WormTimes {
  /** From a router to the next: VC and switch allocation, traversal, link. */
  readonly hop: number;
  /** From the grant of a flit in a router: its credit at the router before; the flit at its node, and the credit for that. */
  readonly credit: number;
  readonly sink: number;
  readonly sinkCredit: number;
  /** From the grant of a flit to the credit for it, at most. */
  readonly roundTrip: number;
}

/**
 * undefined where packets do not stream, or not in these steps: with routers of four stages, speculation, VCs that wait for the tail's
 * credit, one VC (the next head comes while the tail is there), or buffers below the round trip of a credit.
 */
export function wormTimes(params: MeshParams): WormTimes | undefined {
  const { vcs, depth, routerStages, linkLatency_cycles, creditDelay_cycles } = params;
  const hop = 1 + TRAVERSAL_CYCLES + linkLatency_cycles;
  const credit = CREDIT_CYCLES + linkLatency_cycles + creditDelay_cycles;
  const sinkCredit = SINK_CYCLES + SOURCE_CREDIT_CYCLES + creditDelay_cycles;
  const roundTrip = Math.max(hop + credit, sinkCredit);
  const streams = vcs > 1 && depth >= roundTrip && routerStages === 3;
  if (!streams || params.speculative || params.waitForTailCredit) return undefined;
  return { hop, credit, sink: SINK_CYCLES, sinkCredit, roundTrip };
}

/** Cycles from a head's coming to the first router to the delivery of its tail. */
export const toTail = ({ hop, sink }: WormTimes, hops: number, flits: number): number =>
  hops * hop + flits + sink;

/** The cycle in which the last credit of a worm is back whose head comes to the first router in cycle `start`. */
export const endOf = (times: WormTimes, start: number, hops: number, flits: number): number =>
  start + hops * times.hop + flits + Math.max(times.sinkCredit, hops > 0 ? times.credit : 0);
