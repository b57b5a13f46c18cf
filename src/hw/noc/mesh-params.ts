/** What a mesh is made of; the defaults are BookSim 2's iq_router with 4 VCs of 8 flits and look-ahead routing. */

export interface MeshParams {
  readonly rows: number;
  readonly cols: number;
  /** Virtual channels of a port, 1 .. 31. */
  readonly vcs: number;
  /** Flits that one VC's buffer holds. */
  readonly depth: number;
  /** 3: look-ahead route, VC allocation, switch allocation, switch traversal; 4: a routing stage before these. */
  readonly routerStages: 3 | 4;
  /** Cycles on a link between routers, and for a credit on its way back. */
  readonly linkLatency_cycles: number;
  /** Cycles that a router takes to process a credit that has arrived. */
  readonly creditDelay_cycles: number;
  /** Give an output VC to the next packet only when the buffer behind it is empty again. */
  readonly waitForTailCredit: boolean;
  /**
   * A packet that asks for an output VC asks for the switch in the same cycle, where a free VC of its output has a credit. Its
   * flit goes when both are granted and the VC has a credit; else the grant of the switch is lost. BookSim 2's `speculative`
   * with the default `spec_sw_allocator: prio` and checks: a packet that holds a VC comes before one of the same port and
   * output that hopes, but ports compete as equals (islip knows no priorities).
   */
  readonly speculative: boolean;
  /**
   * Packets that nothing hinders move as a whole, one step a router: the same times and counts in less time; none of its packets
   * goes to several nodes. Who listens to links or injection from the beginning gets single flits all the same. Counts are
   * exact when nothing moves, and backlog() is of packets that have not begun to leave.
   */
  readonly whole: boolean;
}

export const MESH_DEFAULTS = {
  vcs: 4,
  depth: 8,
  routerStages: 3,
  linkLatency_cycles: 1,
  creditDelay_cycles: 0,
  waitForTailCredit: false,
  speculative: false,
  whole: false,
} as const satisfies Partial<MeshParams>;

/** The mesh's shape and whatever differs from MESH_DEFAULTS. */
export type MeshOptions = Pick<MeshParams, 'rows' | 'cols'> & Partial<MeshParams>;

/** Of each figure of a mesh. */
export const LARGEST = {
  rows: 1024,
  cols: 1024,
  vcs: 31,
  depth: 4096,
  linkLatency_cycles: 1024,
  creditDelay_cycles: 64,
};
/** Nodes x VCs x depth, so that the state of all routers stays below about 4 GB. */
const LARGEST_FLITS = 2 ** 23;
const SMALLEST = { rows: 1, cols: 1, vcs: 1, depth: 1, linkLatency_cycles: 1, creditDelay_cycles: 0 };

/** Fills in the defaults; throws RangeError for a figure that no mesh can have. */
export function meshParams(options: MeshOptions): MeshParams {
  const params: MeshParams = { ...MESH_DEFAULTS, ...options };
  for (const key of Object.keys(LARGEST) as (keyof typeof LARGEST)[]) {
    const value = params[key];
    if (!Number.isInteger(value) || value < SMALLEST[key] || value > LARGEST[key]) {
      throw new RangeError(
        `mesh ${key} of ${value}: needs an integer in ${SMALLEST[key]} .. ${LARGEST[key]}`,
      );
    }
  }
  if (params.routerStages !== 3 && params.routerStages !== 4) {
    throw new RangeError(`router of ${params.routerStages} stages: needs 3 or 4`);
  }
  const flits = params.rows * params.cols * params.vcs * params.depth;
  if (flits > LARGEST_FLITS)
    throw new RangeError(`mesh whose ports hold ${flits} flits: at most ${LARGEST_FLITS}`);
  return params;
}
