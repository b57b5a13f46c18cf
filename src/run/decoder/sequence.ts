/** A decoder writes a text: the prompt in one run, then token by token, each run on the arrays that the ones before have filled. */

import { chipCost, chipNoc } from '../../arch/build.ts';
import { TrexError, usageError } from '../../base/errors.ts';
import { sum } from '../../base/sum.ts';
import { finishedWith } from '../../base/turn.ts';
import { wholeNumber } from '../../base/whole-number.ts';
import type { Step } from '../../hw/program.ts';
import { type CacheUse, placedOps } from '../../map/cache-split.ts';
import { atRun } from '../../map/cache-view.ts';
import { countedOps } from '../../map/counted-ops.ts';
import { checkGlobalBuffer } from '../../map/live.ts';
import { type Placement, place } from '../../map/place.ts';
import { buildSteps } from '../../map/steps.ts';
import { stepWindows } from '../../map/windows.ts';
import type { Generation } from '../../report/generation.ts';
import type { RunOutput } from '../../report/result.ts';
import { collectStats } from '../../sim/stats.ts';
import { TimeOverflow } from '../../sim/tick.ts';
import { buildGraph, type Graph } from '../../workload/graph.ts';
import type { ModelConfig } from '../../workload/model.ts';
import { needsDecoder } from '../../workload/needs-decoder.ts';
import { type Machine, machineOf, type RunPlan } from '../machine.ts';
import { runEvents, type SimulateHooks } from '../simulate.ts';
import { fitCache } from './fit-cache.ts';
import { SequenceFigures } from './sequence-figures.ts';
import type { SequenceSpec } from './sequence-spec.ts';

/** Texts side by side that anyone would ask for, and their tokens. */
const MOST_BATCH = 1024;

/** @throws TrexError (usage) for what the network has no positions for. */
export function checkGeneration(model: ModelConfig, { prefill, decode, batch }: Generation): void {
  if (model.family !== 'decoder') throw usageError(`prefill ${prefill}: ${needsDecoder(model)}`);
  wholeNumber('prefill', prefill, 1);
  wholeNumber('decode', decode, 1);
  wholeNumber('batch', batch, 1, MOST_BATCH);
  const { maxTokens, name } = model;
  if (prefill + decode > maxTokens)
    throw usageError(
      `prefill ${prefill} and decode ${decode}: ${prefill + decode} positions, ${name} has ${maxTokens}`,
    );
}

/**
 * Writes a text event by event: `prefill` tokens at once, then `decode` tokens one after another.
 * @throws TrexError for a text that the network has no positions for (2), and a chip that cannot hold it (1).
 */
export async function simulateSequence(spec: SequenceSpec, hooks: SimulateHooks = {}): Promise<RunOutput> {
  const { arch, model, reuse, generation } = spec;
  const { prefill, decode, batch } = generation;
  checkGeneration(model, generation);
  const positions = prefill + decode;
  const graphAt = (past: number): Graph => buildGraph(model, { reuse, tokens: 1, past });
  const prompt = buildGraph(model, { reuse, tokens: prefill, past: 0 });
  const last = graphAt(positions - 1);
  checkSchedule(spec, last);
  const use: CacheUse = { batch, split: fitCache({ graphs: [last, prompt], positions, batch }, arch) };
  const chip = place(placedOps(countedOps(last, arch), use), arch);
  const cost = chipCost(arch);
  const planned = (graph: Graph): RunPlan => planAt(graph, { spec, use, chip, cost });
  const end = planned(last);
  const first = planned(prompt);
  const jobs = (plan: RunPlan): number => sum(plan.steps, step => step.jobs);
  const total = jobs(first) + decode * jobs(end);
  let done = 0;
  const figures = new SequenceFigures(spec, use);
  let running: Running | undefined;
  for (let past = 0; past < positions; past += past === 0 ? prefill : 1) {
    const plan = past === 0 ? first : past === positions - 1 ? end : planned(graphAt(past));
    const before = done;
    const pause = async (own: number): Promise<void> => hooks.pause?.(before + own, total);
    running = await finishedWith(machineFor(spec, plan, running), () => pause(0));
    const { machine } = running;
    if (past === 0) hooks.onBuilt?.(machine);
    const outcome = await runEvents(machine, { arch }, { ...hooks, pause }, past === 0).catch(error => {
      if (!(error instanceof TimeOverflow)) throw error;
      throw new TrexError(`${error.message}: fewer tokens, or a faster chip`);
    });
    figures.add(machine, outcome);
    done += jobs(plan);
  }
  return { ...figures.result(), stats: running === undefined ? {} : collectStats(running.machine.chip) };
}

/** The machine that ran last, on other operands; a new one where the steps are others, as when keys begin to go elsewhere. */
function* machineFor(
  spec: SequenceSpec,
  plan: RunPlan,
  before: Running | undefined,
): Generator<void, Running> {
  if (before === undefined || shapeOf(before.steps) !== shapeOf(plan.steps)) {
    // The chip keeps the array of its steps, and so what is written into it.
    const steps = [...plan.steps];
    return { machine: yield* machineOf(spec, { ...plan, steps }, true), steps };
  }
  const { machine, steps } = before;
  steps.splice(0, steps.length, ...plan.steps);
  const windows = stepWindows(steps, plan.placement, spec.arch);
  yield* machine.chip.rebuild([...plan.placement.layers.values()], windows);
  return { machine: { ...machine, ...plan, steps }, steps };
}

interface Running {
  readonly machine: Machine;
  /** Those of the machine, which change from run to run. */
  readonly steps: Step[];
}

/** What the steps are and what they wait for, whatever their sizes. */
const shapeOf = (steps: readonly Step[]): string =>
  JSON.stringify(
    steps.map(({ id, kind, layer, after, vector }) => [id, kind, layer, after, vector?.fn, vector?.rows]),
  );

interface ChipAt {
  readonly spec: SequenceSpec;
  readonly use: CacheUse;
  readonly chip: Placement;
  readonly cost: RunPlan['cost'];
}

/** One run on a chip that is made for the whole text. */
function planAt(graph: Graph, { spec: { arch }, use, chip, cost }: ChipAt): RunPlan {
  checkGlobalBuffer(graph, arch, use.batch);
  const placement = atRun(chip, graph.ops, use, arch);
  const steps = buildSteps(graph, placement, arch, use);
  if (steps.length === 0) throw new TrexError(`${graph.model.name} has nothing that this chip counts`);
  return { graph, placement, steps, cost, noc: chipNoc(arch, cost, placement.chipTiles), batch: 1 };
}

/** @throws TrexError (usage) for schedules that are of one text on crossbars alone, and for attention that forgets. */
function checkSchedule({ arch, generation: { batch } }: SequenceSpec, { ops, model }: Graph): void {
  const { attention, writes, encoder } = arch.schedule;
  const several = batch > 1 && encoder === 'sequential';
  if (several && attention !== 'sequential')
    throw usageError(`schedule.attention ${attention}: of one text at a time, not of batch ${batch}`);
  if (several && writes === 'overlapped')
    throw usageError(`schedule.writes overlapped: of one text at a time, not of batch ${batch}`);
  const spans = ops.some(op => op.kind === 'vector' && op.causal?.span !== undefined);
  if (spans)
    throw usageError(
      `prefill: ${model.name} looks back over a window alone (attention.span), which is not simulated with a cache`,
    );
}
