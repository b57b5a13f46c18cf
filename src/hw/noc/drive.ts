/** Runs of a mesh under synthetic traffic: open loop, every pair alone, and in batches; method of BookSim 2. */
import { Clock } from '../../sim/clock.ts';
import { Kernel } from '../../sim/kernel.ts';
import { Phase } from '../../sim/tick.ts';
import { BatchMeans } from './batch-means.ts';
import { BernoulliInjection, nodeStreams } from './injection.ts';
import { Mesh } from './mesh.ts';
import type { MeshOptions } from './mesh-params.ts';
import { PacketLog } from './packet-log.ts';
import type { TrafficPattern } from './traffic.ts';

/** How often a run looks whether it is stable while it drains, and pauses. */
const PERIOD_CYCLES = 1000;
/** Of one node. */
const CYCLES_BETWEEN_PAUSES = 2 ** 15;

export interface OpenLoopOptions {
  readonly mesh: MeshOptions;
  readonly traffic: TrafficPattern;
  /** Flits per node and cycle. */
  readonly rate: number;
  readonly packetFlits: number;
  readonly seed: number;
  readonly warmup_cycles: number;
  readonly measure_cycles: number;
  /** The run counts as unstable when the mean packet latency goes beyond. */
  readonly latencyLimit_cycles: number;
  /** Cycles after the measurement in which the measured packets must arrive. */
  readonly drainLimit_cycles: number;
}

/** What a run tells its caller. */
export interface NocHooks {
  /** Called now and then with the work done and all of it (cycles; packets of a batch; pairs of nodes); the run waits for it. */
  pause?(done: number, total: number): Promise<void> | void;
}

/** Latencies and accepted traffic of an open loop, in cycles and flits per node and cycle. */
export interface OpenLoopResult {
  /** From creation, source queue included, to the tail's arrival; null when no packet was measured. */
  readonly packetLatency_cycles: number | null;
  /** Half width of its 95 % interval, by ten batch means; null where a batch is empty, and of an unstable run, which has no mean. */
  readonly packetLatency_ci95_cycles: number | null;
  /** From the head's injection to the tail's arrival. */
  readonly networkLatency_cycles: number | null;
  /** Links between routers. */
  readonly hops_average: number | null;
  /** Flits per node and cycle that arrived during the measurement. */
  readonly acceptedFlitRate: number;
  /** BookSim 2's verdict: the mean latency, with the age of packets on their way, stays within the limit. */
  readonly stable: boolean;
  /**
   * `saturated`: not stable. `rising`: stable so far, yet latency grew over the measurement, so that its mean depends on the length
   * of the run: the load is at or beyond saturation, or the warm-up too short. `steady`: neither.
   */
  readonly verdict: 'steady' | 'rising' | 'saturated';
  readonly measuredPackets: number;
  readonly simulated_cycles: number;
}

/**
 * Warms up, measures the packets that come to the head of their source queue during `measure_cycles`, and goes on
 * under the same load until these have arrived. An unstable run ends early and reports what it has.
 */
export async function driveOpenLoop(options: OpenLoopOptions, hooks: NocHooks = {}): Promise<OpenLoopResult> {
  const { rate, packetFlits, seed, traffic, warmup_cycles, latencyLimit_cycles } = options;
  const { kernel, mesh } = build(options.mesh);
  const injection = new BernoulliInjection(mesh.nodes, rate, packetFlits, seed);
  const batches = new BatchMeans(warmup_cycles, options.measure_cycles);
  const log = new PacketLog(batches);
  const end = warmup_cycles + options.measure_cycles;
  const last = end + options.drainLimit_cycles;
  let flitsBefore = 0;
  let flitsMeasured = 0;
  let stable = true;
  let over = false;

  mesh.onInject.attach((_, tag) => log.inject(tag, kernel.now));
  mesh.onDeliver = (_, tag) => log.deliver(tag, kernel.now);

  const finished = (cycle: number): boolean => {
    if (cycle === warmup_cycles) flitsBefore = mesh.counts.flits;
    if (cycle < end) return false;
    if (cycle === end) flitsMeasured = mesh.counts.flits - flitsBefore;
    if (log.open === 0 && injection.caughtUp(end)) return true;
    if ((cycle - end) % PERIOD_CYCLES !== 0) return false;
    stable = cycle < last && log.meanAge(cycle) <= latencyLimit_cycles;
    return !stable;
  };

  const everyCycle = kernel.handler(() => {
    const cycle = kernel.now;
    if (finished(cycle)) {
      over = true;
      kernel.stop();
      return;
    }
    for (let node = 0; node < mesh.nodes; node++) {
      if (mesh.backlog(node) > 0) continue;
      const created = injection.create(node, cycle);
      if (created < 0) continue;
      const measured = cycle >= warmup_cycles && (cycle < end || created < end);
      const dst = traffic(node, injection.streams[node]);
      mesh.send(node, dst, packetFlits, log.create(created, mesh.hops(node, dst), measured));
    }
    kernel.at(cycle + 1, Phase.Deliver, everyCycle, 0);
  });
  kernel.at(0, Phase.Deliver, everyCycle, 0);
  await inPeriods(
    { kernel, nodes: mesh.nodes },
    () => !over,
    () => hooks.pause?.(Math.min(kernel.now, end), end),
  );
  stable &&= log.meanAge(kernel.now) <= latencyLimit_cycles;
  const confidence = stable ? batches.confidence() : null;
  const { packetLatency_cycles, ...means } = log.means();
  return {
    packetLatency_cycles,
    packetLatency_ci95_cycles: confidence?.halfWidth ?? null,
    ...means,
    acceptedFlitRate: flitsMeasured / (options.measure_cycles * mesh.nodes),
    stable,
    verdict: !stable ? 'saturated' : confidence?.rising === true ? 'rising' : 'steady',
    measuredPackets: log.done,
    simulated_cycles: kernel.now,
  };
}

/** A packet alone in the network, from one node to another. */
export interface PairLatency {
  readonly src: number;
  readonly dst: number;
  readonly hops: number;
  readonly latency_cycles: number;
}

/** The latency of one packet in an otherwise empty mesh, for every pair of nodes. */
export async function driveZeroLoad(
  options: MeshOptions,
  packetFlits: number,
  hooks: NocHooks = {},
): Promise<PairLatency[]> {
  const { kernel, mesh } = build(options);
  const pairs: PairLatency[] = [];
  let arrived = 0;
  mesh.onDeliver = () => {
    arrived = kernel.now;
  };
  for (let src = 0; src < mesh.nodes; src++) {
    await hooks.pause?.(src * mesh.nodes, mesh.nodes * mesh.nodes);
    for (let dst = 0; dst < mesh.nodes; dst++) {
      const sent = kernel.now;
      mesh.send(src, dst, packetFlits, 0);
      kernel.run();
      pairs.push({ src, dst, hops: mesh.hops(src, dst), latency_cycles: arrived - sent });
    }
  }
  return pairs;
}

export interface BatchOptions {
  readonly mesh: MeshOptions;
  readonly traffic: TrafficPattern;
  readonly packetFlits: number;
  readonly packetsPerNode: number;
  readonly seed: number;
}

/** The time of a batch, in cycles. */
export interface BatchResult {
  /** Cycles from the first injection up to and with the arrival of the last tail. */
  readonly completion_cycles: number;
  readonly packets: number;
  readonly flits: number;
  /** Flits per node and cycle over the whole batch. */
  readonly acceptedFlitRate: number;
  readonly networkLatency_cycles: number | null;
  readonly hops_average: number | null;
}

/** Every node sends `packetsPerNode` packets; the next one is created when the last has left its source. */
export async function driveBatch(options: BatchOptions, hooks: NocHooks = {}): Promise<BatchResult> {
  const { packetFlits, packetsPerNode, traffic } = options;
  const { kernel, mesh } = build(options.mesh);
  const streams = nodeStreams(options.seed, mesh.nodes);
  const created = new Int32Array(mesh.nodes);
  const log = new PacketLog();
  let toCreate = mesh.nodes * packetsPerNode;
  let lastArrival = 0;
  mesh.onInject.attach((_, tag) => log.inject(tag, kernel.now));
  mesh.onDeliver = (_, tag) => {
    lastArrival = kernel.now;
    log.deliver(tag, kernel.now);
  };
  const everyCycle = kernel.handler(() => {
    const cycle = kernel.now;
    for (let node = 0; node < mesh.nodes; node++) {
      if (mesh.backlog(node) > 0 || created[node] === packetsPerNode) continue;
      created[node]++;
      toCreate--;
      const dst = traffic(node, streams[node]);
      mesh.send(node, dst, packetFlits, log.create(cycle, mesh.hops(node, dst), true));
    }
    if (toCreate > 0) kernel.at(cycle + 1, Phase.Deliver, everyCycle, 0);
  });
  kernel.at(0, Phase.Deliver, everyCycle, 0);
  const total = toCreate;
  await inPeriods(
    { kernel, nodes: mesh.nodes },
    () => mesh.counts.packets < total,
    () => hooks.pause?.(mesh.counts.packets, total),
  );
  kernel.run();
  const completion_cycles = lastArrival + 1;
  const { packets, flits } = mesh.counts;
  const { networkLatency_cycles, hops_average } = log.means();
  const acceptedFlitRate = flits / (mesh.nodes * completion_cycles);
  return { completion_cycles, packets, flits, acceptedFlitRate, networkLatency_cycles, hops_average };
}

/** Runs while `going`, which is asked after every period; of a large mesh with pauses within it. */
async function inPeriods(
  { kernel, nodes }: { readonly kernel: Kernel; readonly nodes: number },
  going: () => boolean,
  pause: () => Promise<void> | void,
): Promise<void> {
  while (going()) {
    const end = kernel.now + PERIOD_CYCLES;
    const most = Math.max(1, Math.floor(CYCLES_BETWEEN_PAUSES / nodes));
    for (let at = kernel.now; at < end; ) {
      at = Math.min(end, at + most);
      kernel.run(at);
      await pause();
    }
  }
}

/** A mesh on a kernel of its own, with one tick per cycle. */
function build(options: MeshOptions): { kernel: Kernel; mesh: Mesh } {
  const kernel = new Kernel();
  return { kernel, mesh: new Mesh(kernel, 'mesh', options, new Clock(kernel, 1)) };
}
