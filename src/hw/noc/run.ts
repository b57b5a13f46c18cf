/** One synthetic NoC experiment from checked options to a plain result; every default stands here. */
import { usageError } from '../../base/errors.ts';
import {
  type BatchResult,
  driveBatch,
  driveOpenLoop,
  driveZeroLoad,
  type NocHooks,
  type OpenLoopResult,
  type PairLatency,
} from './drive.ts';
import { MESH_DEFAULTS, type MeshOptions, meshParams } from './mesh-params.ts';
import { trafficPattern } from './traffic.ts';

/** Warm-up and measurement as in BookSim 2's longest run: 3 and 7 sample periods of 1000 cycles. */
export const NOC_DEFAULTS = {
  mesh: '4x4',
  traffic: 'uniform',
  rate: 0.1,
  packet: 1,
  router: MESH_DEFAULTS.routerStages,
  vcs: MESH_DEFAULTS.vcs,
  depth: MESH_DEFAULTS.depth,
  creditDelay: MESH_DEFAULTS.creditDelay_cycles,
  waitForTailCredit: MESH_DEFAULTS.waitForTailCredit,
  speculative: MESH_DEFAULTS.speculative,
  seed: 1,
  warmup: 3000,
  measure: 7000,
} as const;

/** Mean latency beyond which a run counts as unstable, as in BookSim 2; longer packets need longer than that. */
const LATENCY_LIMIT_CYCLES = 500;
const LATENCY_LIMIT_PER_FLIT = 10;
/** Without `measure`, light traffic is measured for longer, until about this many packets. */
const WANTED_PACKETS = 5000;
const LONGEST_MEASURE_CYCLES = 100_000;
const DRAIN_LIMIT_CYCLES = 100_000;
/** Nodes. */
const LARGEST_ZERO_LOAD = 1024;

/** A synthetic experiment; what is left out has the default of `trex noc`. */
export interface NocRunOptions {
  /** 'ROWSxCOLS' */
  readonly mesh?: string;
  readonly traffic?: string;
  /** Flits per node and cycle. */
  readonly rate?: number;
  /** Flits of a packet. */
  readonly packet?: number;
  /** Stages of the router pipeline. */
  readonly router?: number;
  readonly vcs?: number;
  readonly depth?: number;
  /** Cycles. */
  readonly creditDelay?: number;
  readonly waitForTailCredit?: boolean;
  /** A head asks for the switch together with its VC: a cycle less for each router that has both free. */
  readonly speculative?: boolean;
  readonly hotspots?: readonly number[];
  readonly seed?: number;
  /** Cycles. */
  readonly warmup?: number;
  readonly measure?: number;
  readonly zeroLoad?: boolean;
  /** Packets per node. */
  readonly batch?: number;
}

/** What was simulated, with every default filled in. */
export interface NocSetup {
  readonly mesh: string;
  readonly traffic: string;
  readonly packetFlits: number;
  readonly routerStages: number;
  readonly vcs: number;
  readonly depth: number;
  readonly creditDelay_cycles: number;
  readonly waitForTailCredit: boolean;
  readonly speculative: boolean;
  readonly seed: number;
}

/** An open loop: warm-up, measurement, drain. */
export type NocOpenLoop = NocSetup &
  OpenLoopResult & {
    readonly rate: number;
    readonly warmup_cycles: number;
    readonly measured_cycles: number;
  };
/** A batch: until every node has sent its packets and all have arrived. */
export type NocBatch = NocSetup & BatchResult & { readonly packetsPerNode: number };
/** Of an open loop, of a batch, or of every pair of nodes alone. */
export type NocResult = NocOpenLoop | NocBatch | PairLatency[];

/**
 * Runs the experiment that the options ask for: every pair alone (`zeroLoad`), a batch (`batch`), or open loop.
 * @example const { packetLatency_cycles, verdict } = (await noc({ mesh: '8x8', traffic: 'tornado', rate: 0.2 })) as NocOpenLoop;
 * @throws TrexError (2) for options that make no sense.
 */
export async function runNoc(options: NocRunOptions, hooks: NocHooks = {}): Promise<NocResult> {
  const o = { ...NOC_DEFAULTS, ...options };
  if (o.zeroLoad === true && o.batch !== undefined)
    throw usageError('--zero-load and --batch exclude each other');
  const shape = parseMesh(o.mesh);
  const packetFlits = integer('--packet', o.packet, 1, 65536);
  const mesh = checkedMesh({
    ...shape,
    vcs: integer('--vcs', o.vcs, 1, 31),
    depth: integer('--depth', o.depth, 1, 4096),
    routerStages: stages(o.router),
    creditDelay_cycles: integer('--credit-delay', o.creditDelay, 0, 64),
    waitForTailCredit: o.waitForTailCredit,
    speculative: o.speculative,
  });
  if (o.zeroLoad === true) {
    if (shape.rows * shape.cols > LARGEST_ZERO_LOAD) {
      throw usageError(`--zero-load runs every pair of nodes: expected at most ${LARGEST_ZERO_LOAD} nodes`);
    }
    return driveZeroLoad(mesh, packetFlits, hooks);
  }
  if (o.hotspots !== undefined && o.traffic !== 'hotspot')
    throw usageError('--hotspot needs --traffic hotspot');

  const seed = integer('--seed', o.seed, 0, 2 ** 31 - 1);
  const traffic = trafficPattern(o.traffic, { ...shape, seed, ...(o.hotspots && { hotspots: o.hotspots }) });
  const setup: NocSetup = {
    mesh: `${shape.rows}x${shape.cols}`,
    traffic: o.traffic,
    packetFlits,
    routerStages: stages(o.router),
    vcs: o.vcs,
    depth: o.depth,
    creditDelay_cycles: o.creditDelay,
    waitForTailCredit: o.waitForTailCredit,
    speculative: o.speculative,
    seed,
  };
  if (o.batch !== undefined) {
    const packetsPerNode = integer('--batch', o.batch, 1, 1_000_000);
    const result = await driveBatch({ mesh, traffic, packetFlits, packetsPerNode, seed }, hooks);
    return { ...setup, packetsPerNode, ...result };
  }

  const { rate } = o;
  if (!(rate >= 0 && rate <= 1))
    throw usageError(`--rate ${rate}: expected flits per node and cycle in 0 .. 1`);
  const warmup_cycles = integer('--warmup', o.warmup, 0, 10_000_000);
  const measure_cycles =
    options.measure === undefined
      ? defaultMeasure(rate, packetFlits, shape.rows * shape.cols)
      : integer('--measure', options.measure, 1, 10_000_000);
  const result = await driveOpenLoop(
    {
      mesh,
      traffic,
      rate,
      packetFlits,
      seed,
      warmup_cycles,
      measure_cycles,
      latencyLimit_cycles: Math.max(LATENCY_LIMIT_CYCLES, LATENCY_LIMIT_PER_FLIT * packetFlits),
      drainLimit_cycles: DRAIN_LIMIT_CYCLES,
    },
    hooks,
  );
  return { ...setup, rate, warmup_cycles, measured_cycles: measure_cycles, ...result };
}

/** Long enough for WANTED_PACKETS, in whole sample periods. */
function defaultMeasure(rate: number, packetFlits: number, nodes: number): number {
  if (rate === 0) return NOC_DEFAULTS.measure;
  const wanted = Math.ceil((WANTED_PACKETS * packetFlits) / (rate * nodes) / 1000) * 1000;
  return Math.min(Math.max(wanted, NOC_DEFAULTS.measure), LONGEST_MEASURE_CYCLES);
}

function parseMesh(text: string): { rows: number; cols: number } {
  const match = /^(\d{1,4})x(\d{1,4})$/.exec(text);
  const [rows, cols] = match === null ? [0, 0] : [Number(match[1]), Number(match[2])];
  if (rows < 1 || cols < 1 || rows > 1024 || cols > 1024) {
    throw usageError(`--mesh ${text}: expected ROWSxCOLS, each in 1 .. 1024, such as 4x4`);
  }
  return { rows, cols };
}

function integer(name: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw usageError(`${name} ${value}: expected an integer in ${least} .. ${most}`);
  }
  return value;
}

function stages(value: number): 3 | 4 {
  if (value !== 3 && value !== 4) throw usageError(`--router ${value}: expected 3 (look-ahead) or 4 stages`);
  return value;
}

/** Whatever meshParams() refuses came from the command line. */
function checkedMesh(options: MeshOptions): MeshOptions {
  try {
    return meshParams(options);
  } catch (error) {
    if (error instanceof RangeError) throw usageError(error.message);
    throw error;
  }
}
