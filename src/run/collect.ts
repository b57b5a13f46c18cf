/** Collects a Result from the counts, times and inventory that a run leaves behind. */
import { omittedSwitches } from '../arch/accounting.ts';
import type { InventoryRow } from '../arch/accounting-switches.ts';
import { sum } from '../base/sum.ts';
import { VERSION } from '../base/version.ts';
import { type ComponentId, groupOf } from '../hw/components.ts';
import { energyByComponent, type Ledger } from '../hw/ledger.ts';
import { reloadedBits } from '../map/rotation.ts';
import { spilledBits } from '../map/spill.ts';
import { tilesOf } from '../map/turns.ts';
import { figures, opCounts } from '../report/metrics.ts';
import { type BreakdownRow, type LayerRow, type Result, SCHEMA_VERSION } from '../report/result.ts';
import { type Tick, toSeconds } from '../sim/tick.ts';
import { macs } from '../workload/count.ts';
import { buildGraph, type Graph } from '../workload/graph.ts';
import type { Op } from '../workload/op.ts';
import { arrivalText, BACK_TO_BACK } from './arrivals.ts';
import { componentRows, grouped, layerRows } from './breakdown.ts';
import { adcBusy, adcShare, adcShareOfTime, utilization, wear } from './crossbar-use.ts';
import { type DriftReadings, driftReadings } from './drift-readings.ts';
import { inputOf, inventoryOf, type Machine, type Outcome, type RunSpec } from './machine.ts';
import { pipelineOf } from './pace.ts';

/** What a Result is made of: one network on a chip, image by image. */
export interface Collected {
  readonly spec: RunSpec;
  readonly machine: Machine;
  readonly inventory: readonly InventoryRow[];
  readonly images: number;
  /** Of one image. */
  readonly latency_s: number;
  /** From one image to the next. */
  readonly period_s: number;
  /** Of all images. */
  readonly energies: ReadonlyMap<ComponentId, number>;
  /** By stage and by encoder, without what is drawn all the time. */
  readonly stage: readonly BreakdownRow[];
  readonly encoder: readonly BreakdownRow[];
  readonly macs: ReturnType<typeof encoderMacs>;
  /** Share of the time in which the ADC banks are at work. */
  readonly adcBusy: number;
  readonly writes: Result['writes'];
  readonly weightLoad: Result['weightLoad'];
  readonly events: number;
  /** What makes up for drift; undefined: nothing does. */
  readonly drift: DriftReadings | undefined;
}

/** What the chip reads again and again for the sake of drift. */
export const readingsOf = (machine: Machine, { pe, precision }: RunSpec['arch']): DriftReadings | undefined =>
  driftReadings(machine, { adcBanks: pe.adcBanks, weightBits: precision.weights });

/** Collects the Result of a run and a row per step; the options and files of the command line are the caller's to add. */
export function collect(
  spec: RunSpec,
  machine: Machine,
  outcome: Outcome,
): { result: Result; layers: LayerRow[] } {
  const { arch } = spec;
  const { chip, graph, steps } = machine;
  const { ledger } = chip;
  const images = outcome.latencies.length;
  const present = sum(outcome.latencies, t => t);
  const latency_s = toSeconds(present / images);
  const { busy = present } = outcome;
  const drift = readingsOf(machine, arch);
  // Images that come at a rate of their own leave the chip time for the readings.
  const isPaced = spec.arrival !== undefined && spec.arrival.kind !== 'back-to-back';
  const stretched = (time_s: number): number => time_s / (1 - (drift?.shareOfTime ?? 0));
  const period_s = isPaced ? toSeconds(busy / images) : stretched(toSeconds(busy / images));
  const layers = layerRows(
    machine,
    outcome,
    steps.map(step => energyOf(ledger, step.index) / images),
  );
  const result = resultOf({
    spec,
    machine,
    inventory: spec.site?.inventory ?? inventoryOf(machine, arch),
    images,
    latency_s,
    period_s,
    energies: energyByComponent(ledger, step => step !== ledger.once),
    ...partsOf(layers),
    macs: encoderMacs(spec, graph),
    adcBusy: adcShareOfTime(arch, machine, { busy: adcBusy(machine), time: busy }),
    writes: wear(machine, images, period_s),
    weightLoad: weightLoadOf(machine, outcome.loadTime),
    events: machine.kernel.events,
    drift,
  });
  const { flow, pace } = outcome;
  if (flow === undefined || pace === undefined) return { result, layers };
  const { arrival = BACK_TO_BACK } = spec;
  const own = drift === undefined ? pace : { ...pace, perImage_s: stretched(pace.perImage_s) };
  return { result: { ...result, pipeline: pipelineOf(flow, { arrival, pace: own }) }, layers };
}

/** Energy and time of the stages and of the encoders. */
export const partsOf = (layers: readonly LayerRow[]): Pick<Collected, 'stage' | 'encoder'> => ({
  stage: grouped(layers, row => row.stage),
  encoder: grouped(layers, ({ encoder }) => (encoder === null ? 'outside encoders' : `encoder ${encoder}`)),
});

/** What loading the weights once took. */
export const weightLoadOf = ({ chip }: Machine, loadTime: Tick): Result['weightLoad'] => ({
  energy_J: energyOf(chip.ledger, chip.ledger.once),
  time_s: toSeconds(loadTime),
  bits: chip.engine.weightBits,
});

/** The Result of what was collected. */
export function resultOf(collected: Collected): Result {
  const { spec, machine, inventory, images, latency_s, period_s } = collected;
  const { arch } = spec;
  const { graph, placement } = machine;
  const area_m2 = sum(inventory, row => row.area_m2);
  const component = componentRows({ ...collected, energies: withReadings(collected) });
  const energy_J = sum(component, row => row.energy_J);
  const counts = opCounts(arch.accounting.opCount, collected.macs);
  const leakage_J = sum(inventory, row => row.leakage_W) * period_s;
  const standing: BreakdownRow[] = [{ name: 'leakage', energy_J: leakage_J }];
  for (const name of ['idle clocks', 'extras']) {
    const rows = inventory.filter(
      ({ component }) => (groupOf(component) === 'extra') === (name === 'extras'),
    );
    const energy_J = sum(rows, row => row.power_W ?? 0) * period_s;
    if (energy_J > 0) standing.push({ name, energy_J });
  }
  const { drift } = collected;
  const drift_J = period_s * sum([...(drift?.power_W.values() ?? [])], value => value);
  if (drift_J > 0) standing.push({ name: 'drift references', energy_J: drift_J });
  const { encoders, pattern } = graph.reuse;
  return {
    schemaVersion: SCHEMA_VERSION,
    version: VERSION,
    arch: arch.name,
    tech: arch.techName,
    model: graph.model.name,
    tokens: graph.model.tokens,
    reuse: { count: encoders.length, encoders, pattern },
    images,
    input: inputOf(spec.model),
    seed: spec.seed ?? 1,
    run: {
      arch: arch.name,
      tech: arch.techName,
      model: graph.model.name,
      reuse: pattern,
      tokens: spec.tokens ?? null,
      images,
      seed: spec.seed ?? 1,
      set: [],
      ...(spec.arrival !== undefined && { arrival: arrivalText(spec.arrival) }),
    },
    files: [],
    opCount: arch.accounting.opCount,
    omitted: omittedSwitches(arch),
    ops: counts,
    latency_s,
    throughput_Hz: 1 / period_s,
    energy_J,
    area_m2,
    ...figures({ latency_s, period_s, energy_J }, area_m2, counts),
    adcShare: adcShare(component),
    utilization: { ...utilization(arch, machine), adc: collected.adcBusy },
    tiles: placement.chipTiles,
    crossbars: placement.crossbars,
    grouped: groupedUnits(machine),
    writes: collected.writes,
    ...turnsResult(machine, images),
    ...spillResult(machine, images),
    weightLoad: collected.weightLoad,
    ...(drift !== undefined && {
      driftCompensation: { readings: drift.readings, shareOfTime: drift.shareOfTime, energy_J: drift_J },
    }),
    breakdown: {
      component,
      stage: [...collected.stage, ...standing],
      encoder: [...collected.encoder, ...standing],
    },
    events: collected.events,
    warnings: [],
  };
}

/** Of all images, with what the readings of references draw meanwhile. */
function withReadings({ energies, drift, images, period_s }: Collected): ReadonlyMap<ComponentId, number> {
  if (drift === undefined) return energies;
  const all = new Map(energies);
  for (const [name, power_W] of drift.power_W)
    all.set(name, (all.get(name) ?? 0) + images * power_W * period_s);
  return all;
}

/** Of a chip that is smaller than the network. */
function turnsResult({ placement, steps, batch, chip }: Machine, images: number): Pick<Result, 'turns'> {
  const { layers, units, tiles } = placement;
  const inTurn = units.filter(layer => layer.inTurn === true);
  if (inTurn.length === 0) return {};
  const loads = steps.filter(({ kind }) => kind === 'load');
  return {
    turns: {
      tilesNeeded: sum(units, layer => layer.tiles.length),
      tilesShared: new Set(inTurn.flatMap(tilesOf)).size,
      tilesUsed: tiles,
      layers: units.length,
      reloaded: inTurn.filter(({ dynamic }) => !dynamic).map(({ id }) => id),
      rewritten: inTurn.filter(({ dynamic }) => dynamic).map(({ id }) => id),
      batch,
      dramBits: reloadedBits(steps, layers) / batch,
      energy_J: sum(loads, ({ index }) => energyOf(chip.ledger, index)) / images,
    },
  };
}

/** Of a global buffer that is smaller than what is alive. */
function spillResult({ steps, batch, chip }: Machine, images: number): Pick<Result, 'spill'> {
  const spilled = steps.filter(({ stage }) => stage === 'spill');
  if (spilled.length === 0) return {};
  const energy_J = sum(spilled, ({ index }) => energyOf(chip.ledger, index)) / images;
  return { spill: { bits: spilledBits(steps) / batch, energy_J } };
}

/** How many grouped layers each unit has; null where there are none. */
function groupedUnits({ graph, steps }: Machine): Result['grouped'] {
  const grouped = new Set(graph.ops.filter(op => op.kind === 'grouped').map(op => op.id));
  const kinds = steps.filter(step => grouped.has(step.id)).map(step => step.kind);
  if (kinds.length === 0) return null;
  const vector = kinds.filter(kind => kind === 'vector').length;
  return { crossbar: kinds.length - vector, vector };
}

/** Energy that the counts of one step stand for. */
export const energyOf = (ledger: Ledger, step: number): number =>
  sum(ledger.meters, meter => sum(meter.parts, part => part.energy_J) * meter.counts[step]);

/** By what the conventions of counting operations take. */
export function encoderMacs(spec: Pick<RunSpec, 'model' | 'tokens'>, graph: Graph, past?: number) {
  const inPaper = (op: Op): boolean => op.encoder !== null && op.stage !== 'transform';
  const isPlain = graph.reuse.encoders.length === 0;
  const plain = isPlain
    ? graph
    : buildGraph(spec.model, { tokens: spec.tokens, ...(past !== undefined && { past }) });
  const total = (ops: readonly Op[]): number => sum(ops, macs);
  return {
    encoders: total(graph.ops.filter(inPaper)),
    encodersWithoutReuse: total(plain.ops.filter(inPaper)),
    run: total(graph.ops),
  };
}
