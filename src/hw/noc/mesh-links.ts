/** The links of a mesh as a resource. */
import { ProbePoint } from '../../sim/probe.ts';
import type { Served } from '../../sim/resource.ts';
import type { Tick } from '../../sim/tick.ts';

/** Links between routers, one for each direction: the time that flits took on them so far. */
export class MeshLinks implements Served {
  readonly servers: number;
  readonly onService = new ProbePoint();
  readonly #period: Tick;
  readonly #hops: () => number;

  constructor(servers: number, period: Tick, hops: () => number) {
    this.servers = servers;
    this.#period = period;
    this.#hops = hops;
  }

  get busyTime(): Tick {
    return this.#hops() * this.#period;
  }
}
