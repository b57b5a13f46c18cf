/** When a packet of flits may be delivered that others have held up. */
import type { FlitLayers } from './flit-layers.ts';
import { WORM } from './worms.ts';

/** The first cycle after `cycle` in which a worm of flits that is late may be delivered; Infinity without one. */
export function nextLate({ worms, times }: FlitLayers, cycle: number): number {
  const { live, state, due, hops, left } = worms;
  const { hop, sink } = times;
  let next = Number.POSITIVE_INFINITY;
  for (let i = 0; i < live.length; i++) {
    const worm = live[i];
    if (state[worm] !== WORM.flits) continue;
    const way = hops[worm] - left[worm];
    if (way < 0) next = Math.min(next, due[worm]);
    // Its tail leaves the first of the routers to come in this cycle at the earliest, and waits for no VC in the others.
    else if (due[worm] <= cycle) next = Math.min(next, cycle + way * (hop - 1) + sink);
  }
  return next;
}
