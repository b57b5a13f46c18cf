/** What worms and flits share: the layers that flits move in, what is counted for worms, and how far a worm has come. */
import type { RouterArray } from './router-array.ts';
import type { RouterPipeline } from './router-pipeline.ts';
import type { SourceQueues } from './source-queues.ts';
import type { WormTimes } from './worm-times.ts';
import type { Worms } from './worms.ts';

/** Events that worms stand for and that no line of the pipeline has counted or is going to. */
export class BulkCounts {
  packets = 0;
  /** Flits that nodes have got. */
  flits = 0;
  hops = 0;
  reads = 0;
  writes = 0;
  vcGrants = 0;

  /** All that a whole worm does until its delivery, but for what it did as flits. */
  addWhole({ counted, flits: flitsOf, granted, hops: hopsOf }: Worms, worm: number): void {
    const flits = flitsOf[worm];
    const hops = hopsOf[worm];
    this.flits += flits;
    this.hops += flits * hops - counted[worm];
    this.reads += flits * (hops + 1) - counted[worm];
    this.writes += flits * (hops + (granted[worm] > 0 ? 0 : 1)) - counted[worm];
    this.vcGrants += hops + 1 - granted[worm];
  }
}

export interface FlitLayers {
  readonly routers: RouterArray;
  readonly pipeline: RouterPipeline;
  readonly sources: SourceQueues;
  readonly worms: Worms;
  readonly times: WormTimes;
  readonly counts: BulkCounts;
}

/** Whole cycles since `cycle`, of which a worm of `flits` uses one for each flit. */
export const since = (now: number, cycle: number, flits: number): number =>
  now <= cycle ? 0 : now - cycle >= flits ? flits : now - cycle;
