/** One run: a network on a chip, from the files' values to the Result. */
import { buildChip, type ChipCost, chipCost } from './arch/build.ts';
import type { ArchConfig } from './arch/config.ts';
import { inventory } from './arch/inventory.ts';
import { TrexError } from './errors.ts';
import type { Chip } from './hw/chip.ts';
import type { StepTime } from './hw/controller.ts';
import type { Step } from './hw/program.ts';
import { checkGlobalBuffer } from './map/live.ts';
import { type Placement, place } from './map/place.ts';
import { buildSteps, countedOps } from './map/steps.ts';
import { stepWindows } from './map/windows.ts';
import { collect } from './collect.ts';
import type { RunOutput } from './report/result.ts';
import { Kernel } from './sim/kernel.ts';
import { collectStats } from './sim/stats.ts';
import type { Tick } from './sim/tick.ts';
import { buildGraph } from './workload/graph.ts';
import type { ModelConfig } from './workload/model.ts';
import type { Graph } from './workload/op.ts';
import type { ReusePlan } from './workload/reuse.ts';

export interface RunSpec {
  readonly arch: ArchConfig;
  readonly model: ModelConfig;
  readonly reuse: ReusePlan;
  readonly tokens?: number | undefined;
  /** Images, one after another. */
  readonly images?: number;
  readonly seed?: number;
  /** Simulate identical blocks once; the figures do not depend on it. Default true. */
  readonly fold?: boolean;
}

export interface RunHooks {
  /** Called when the chip is built, before the first event: the place to attach probes. */
  onBuilt?(machine: Machine): void;
  /** Called now and then with the jobs done and their number; the run waits for it. */
  pause?(done: number, total: number): Promise<void> | void;
}

/** A chip with its program, ready to run. */
export interface Machine {
  readonly kernel: Kernel;
  readonly chip: Chip;
  readonly graph: Graph;
  readonly placement: Placement;
  readonly steps: readonly Step[];
  readonly cost: ChipCost;
}

/** What the events of a run leave behind, before it becomes a Result. */
export interface Outcome {
  readonly loadTime: Tick;
  /** Of each image. */
  readonly latencies: readonly Tick[];
  /** Of the last image, counted from its start. */
  readonly times: readonly StepTime[];
}

const JOBS_BETWEEN_PAUSES = 256;

/** Builds the components and the program of a run. Throws TrexError for a network that the chip cannot hold. */
export function buildMachine(spec: RunSpec): Machine {
  const { arch } = spec;
  const graph = buildGraph(spec.model, { reuse: spec.reuse, tokens: spec.tokens });
  checkGlobalBuffer(graph, arch);
  const placement = place(countedOps(graph, arch), arch);
  const steps = buildSteps(graph, placement, arch);
  if (steps.length === 0) throw new TrexError(`${graph.model.name} has nothing that this chip counts`);
  const windows = stepWindows(steps, placement, arch);
  const cost = chipCost(arch);
  const layers = [...placement.layers.values()];
  const kernel = new Kernel();
  const program = { steps, layers, windows, chipTiles: placement.chipTiles };
  const chip = buildChip(kernel, arch, cost, program, spec.fold ?? true);
  return { kernel, chip, graph, placement, steps, cost };
}

/** Runs `spec` event by event. */
export async function simulate(spec: RunSpec, hooks: RunHooks = {}): Promise<RunOutput> {
  const machine = buildMachine(spec);
  hooks.onBuilt?.(machine);
  const outcome = await runEvents(machine, spec, hooks);
  const { arch } = spec;
  const size = {
    layers: [...machine.placement.layers.values()],
    chipTiles: machine.placement.chipTiles,
    nodes: machine.chip.noc.nodes,
    softmaxUnits: machine.chip.softmaxUnits,
  };
  const rows = inventory(arch, machine.cost, size);
  return { ...collect(spec, machine, outcome, rows), stats: collectStats(machine.chip) };
}

async function runEvents(machine: Machine, spec: RunSpec, hooks: RunHooks): Promise<Outcome> {
  const { kernel, chip, steps } = machine;
  const { pause } = hooks;
  const images = spec.images ?? 1;
  const total = images * steps.reduce((sum, step) => sum + step.jobs, 0);
  let done = 0;
  const detach = chip.controller.onJobEnd.attach(() => {
    if (++done % JOBS_BETWEEN_PAUSES === 0 && pause !== undefined) kernel.stop();
  });
  const drain = async (busy: () => boolean): Promise<void> => {
    kernel.run();
    while (busy()) {
      const before = kernel.events;
      await pause?.(done, total);
      kernel.run();
      if (kernel.events === before)
        throw new Error(`${chip.controller.open} steps did not end: the chip is stuck`);
    }
  };
  chip.loadWeights(spec.arch.accounting.dram === 'counted');
  await drain(() => false);
  const loadTime = kernel.now;
  const latencies: Tick[] = [];
  let start = loadTime;
  for (let image = 0; image < images; image++) {
    start = kernel.now;
    chip.beginImage();
    await drain(() => chip.controller.open > 0);
    latencies.push(Math.max(...chip.controller.times.map(t => t.end)) - start);
  }
  detach();
  const times = chip.controller.times.map(t => ({ start: t.start - start, end: t.end - start }));
  return { loadTime, latencies, times };
}
