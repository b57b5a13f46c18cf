/** A chip with its program: what a run is made of before its first event, and what it leaves behind. */

import type { InventoryRow } from '../arch/accounting-switches.ts';
import { buildChip, type ChipCost, chipCost, chipNoc } from '../arch/build.ts';
import type { ArchConfig } from '../arch/config.ts';
import { inventory } from '../arch/inventory.ts';
import { TrexError } from '../base/errors.ts';
import { finished } from '../base/turn.ts';
import type { Chip } from '../hw/chip.ts';
import type { StepTime } from '../hw/controller.ts';
import type { NocLayout } from '../hw/noc/kind.ts';
import type { Step } from '../hw/program.ts';
import { countedOps } from '../map/counted-ops.ts';
import { type Placement, place, placedWithin } from '../map/place.ts';
import { spillsOf, withSpills } from '../map/spill.ts';
import { buildSteps } from '../map/steps.ts';
import { stepWindows } from '../map/windows.ts';
import type { PipelineLimit } from '../report/pipeline-result.ts';
import type { Result } from '../report/result.ts';
import { Kernel } from '../sim/kernel.ts';
import type { Tick } from '../sim/tick.ts';
import { buildGraph, type Graph } from '../workload/graph.ts';
import type { ModelConfig } from '../workload/model.ts';
import type { ReusePlan } from '../workload/reuse.ts';
import type { Arrival } from './arrivals.ts';
import { fitted, inProgram } from './fit.ts';
import type { FlowTimes } from './image-flow.ts';
import type { ResourceUse, StageUse } from './occupancy.ts';

/** A chip that stands already, made for a larger network: what runs on it changes neither its tiles nor its area. */
export interface Site {
  readonly placement: Placement;
  readonly inventory: readonly InventoryRow[];
}

/** A run with its files loaded. */
export interface RunSpec {
  readonly arch: ArchConfig;
  readonly model: ModelConfig;
  readonly reuse: ReusePlan;
  readonly tokens?: number | undefined;
  /** Images, one after another or overlapping, as the chip's schedule has it. */
  readonly images?: number;
  readonly seed?: number;
  /** Of images that overlap. @defaultValue back to back */
  readonly arrival?: Arrival | undefined;
  /** Simulate identical blocks once; the figures do not depend on it. Default true. */
  readonly fold?: boolean;
  /** The chip that it runs on; absent: one that is made for it. */
  readonly site?: Site | undefined;
}

/** What runs where and in which order, before anything is built. */
export interface RunPlan {
  readonly graph: Graph;
  readonly placement: Placement;
  readonly steps: readonly Step[];
  readonly cost: ChipCost;
  readonly noc: NocLayout;
  /** Images that pass the chip together; `steps` are theirs. */
  readonly batch: number;
}

/** A chip with its program, ready to run. */
export interface Machine extends RunPlan {
  readonly kernel: Kernel;
  readonly chip: Chip;
}

/** What the events of a run leave behind, before it becomes a Result. */
export interface Outcome {
  readonly loadTime: Tick;
  /** Of each image, from its arrival, or from when the first image of its batch began. */
  readonly latencies: readonly Tick[];
  /**
   * Of batches, from the beginning of each to the end of its last image; of images that overlap, as many times the ticks from
   * one to the next; absent: the latencies.
   */
  readonly busy?: Tick;
  /** Of the last image, counted from its start. */
  readonly times: readonly StepTime[];
  /** Of images that overlap. */
  readonly flow?: Flow;
  /** What the chip takes of them, back to back. */
  readonly pace?: Pace;
}

/** What images that overlap leave behind. */
export interface Flow extends FlowTimes {
  /** Images of which the chip's buffers have room at once; Infinity where they are not counted. */
  readonly places: number;
  readonly stages: readonly StageUse[];
  readonly resources: readonly ResourceUse[];
}

/** The time that one image takes of the chip in steady state, and what sets it. */
export interface Pace {
  readonly perImage_s: number;
  readonly limit: PipelineLimit;
}

/** Builds the components and the program of a run. Throws TrexError for a network that the chip cannot hold. */
export const buildMachine = (spec: RunSpec, graph = graphOf(spec)): Machine =>
  finished(machineOf(spec, planRun(spec, graph)));

/** The program of a run, and its place. Throws TrexError for a network that the chip cannot hold. */
export function planRun(spec: RunSpec, graph = graphOf(spec)): RunPlan {
  const { arch } = spec;
  const spills = spillsOf(graph, arch);
  const whole = place(countedOps(graph, arch), arch);
  const own = withSpills(buildSteps(graph, whole, arch), spills, arch);
  if (own.length === 0) throw new TrexError(`${graph.model.name} has nothing that this chip counts`);
  const cost = chipCost(arch);
  const fit = { graph, arch, cost, whole, steps: own, images: spec.images ?? 1 };
  const { placement, steps, batch } =
    spec.site === undefined ? fitted(fit) : inProgram(placedWithin(whole, spec.site.placement), fit);
  const noc = chipNoc(arch, cost, placement.chipTiles);
  return { graph, placement, steps, cost, noc, batch };
}

/** Builds the components for what is planned, in steps. */
export function* machineOf(
  { arch, fold = true }: Pick<RunSpec, 'arch' | 'fold'>,
  plan: RunPlan,
  rebuilds = false,
): Generator<void, Machine> {
  const { placement, steps, cost, noc } = plan;
  const windows = stepWindows(steps, placement, arch);
  const layers = [...placement.layers.values()];
  const kernel = new Kernel();
  const program = { steps, layers, windows, noc, rebuilds };
  const chip = yield* buildChip(kernel, arch, cost, program, fold);
  return { ...plan, kernel, chip };
}

const graphOf = ({ model, reuse, tokens }: RunSpec): Graph => buildGraph(model, { reuse, tokens });

/** What a network takes. */
export const inputOf = (model: RunSpec['model']): Result['input'] =>
  'imageSize' in model ? 'image' : 'sequence';

/** The chip of a machine, for other networks. */
export const siteOf = (machine: Machine, arch: ArchConfig): Site => ({
  placement: machine.placement,
  inventory: inventoryOf(machine, arch),
});

/** What stands on the machine's chip. */
export function inventoryOf({ placement, cost, noc, chip }: Machine, arch: ArchConfig): InventoryRow[] {
  const { chipTiles, standing } = placement;
  const { softmaxUnits, usesVectorUnit } = chip;
  return inventory(arch, cost, { standing, chipTiles, noc, softmaxUnits, usesVectorUnit });
}
