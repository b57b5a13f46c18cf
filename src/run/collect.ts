/** Collects a Result from the counts, times and inventory that a run leaves behind. */
import { omittedSwitches } from '../arch/accounting.ts';
import { sum } from '../base/sum.ts';
import { VERSION } from '../base/version.ts';
import { groupOf } from '../hw/components.ts';
import type { Ledger } from '../hw/ledger.ts';
import { reloadedBits } from '../map/rotation.ts';
import { spilledBits } from '../map/spill.ts';
import { tilesOf } from '../map/turns.ts';
import { figures, opCounts } from '../report/metrics.ts';
import { type BreakdownRow, type LayerRow, type Result, SCHEMA_VERSION } from '../report/result.ts';
import { toSeconds } from '../sim/tick.ts';
import { macs } from '../workload/count.ts';
import { buildGraph, type Graph } from '../workload/graph.ts';
import type { Op } from '../workload/op.ts';
import { componentRows, grouped, layerRows } from './breakdown.ts';
import { adcShare, utilization, wear } from './crossbar-use.ts';
import { inventoryOf, type Machine, type Outcome, type RunSpec } from './machine.ts';

/** The Result of a run and a row per step; the options and files of the command line are the caller's to add. */
export function collect(
  spec: RunSpec,
  machine: Machine,
  outcome: Outcome,
): { result: Result; layers: LayerRow[] } {
  const { arch } = spec;
  const { chip, graph, placement, steps } = machine;
  const { ledger } = chip;
  const inventory = spec.site?.inventory ?? inventoryOf(machine, arch);
  const images = outcome.latencies.length;
  const latency_s = toSeconds(sum(outcome.latencies, t => t) / images);
  const interval_s = toSeconds(outcome.busy / images);
  const area_m2 = sum(inventory, row => row.area_m2);
  const component = componentRows({ ledger, inventory, images, interval_s });
  const energy_J = sum(component, row => row.energy_J);
  const counts = opCounts(arch.accounting.opCount, encoderMacs(spec, graph));
  const energies = steps.map(step => energyOf(ledger, step.index) / images);
  const layers = layerRows(machine, outcome, energies);
  const leakage_J = sum(inventory, row => row.leakage_W) * interval_s;
  const standing: BreakdownRow[] = [{ name: 'leakage', energy_J: leakage_J }];
  for (const name of ['idle clocks', 'extras']) {
    const rows = inventory.filter(
      ({ component }) => (groupOf(component) === 'extra') === (name === 'extras'),
    );
    const energy_J = sum(rows, row => row.power_W ?? 0) * interval_s;
    if (energy_J > 0) standing.push({ name, energy_J });
  }
  const encoderOf = ({ encoder }: LayerRow): string =>
    encoder === null ? 'outside encoders' : `encoder ${encoder}`;
  const { encoders, pattern } = graph.reuse;
  const result: Result = {
    schemaVersion: SCHEMA_VERSION,
    version: VERSION,
    arch: arch.name,
    tech: arch.techName,
    model: graph.model.name,
    tokens: graph.model.tokens,
    reuse: { count: encoders.length, encoders, pattern },
    images,
    input: 'imageSize' in spec.model ? 'image' : 'sequence',
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
    },
    files: [],
    opCount: arch.accounting.opCount,
    omitted: omittedSwitches(arch),
    ops: counts,
    latency_s,
    throughput_Hz: 1 / interval_s,
    energy_J,
    area_m2,
    ...figures(latency_s, energy_J, area_m2, counts, interval_s),
    adcShare: adcShare(component),
    utilization: utilization(arch, machine, outcome),
    tiles: placement.chipTiles,
    crossbars: placement.crossbars,
    grouped: groupedUnits(machine),
    writes: wear(machine, images, interval_s),
    ...turnsResult(machine, images),
    ...spillResult(machine, images),
    weightLoad: {
      energy_J: energyOf(ledger, ledger.once),
      time_s: toSeconds(outcome.loadTime),
      bits: chip.engine.weightBits,
    },
    breakdown: {
      component,
      stage: [...grouped(layers, row => row.stage), ...standing],
      encoder: [...grouped(layers, encoderOf), ...standing],
    },
    events: machine.kernel.events,
    warnings: [],
  };
  return { result, layers };
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
const energyOf = (ledger: Ledger, step: number): number =>
  sum(ledger.meters, meter => sum(meter.parts, part => part.energy_J) * meter.counts[step]);

function encoderMacs(spec: RunSpec, graph: Graph) {
  const inPaper = (op: Op): boolean => op.encoder !== null && op.stage !== 'transform';
  const plain = buildGraph(spec.model, { tokens: spec.tokens });
  const total = (ops: readonly Op[]): number => sum(ops, macs);
  return {
    encoders: total(graph.ops.filter(inPaper)),
    encodersWithoutReuse: total(plain.ops.filter(inPaper)),
    run: total(graph.ops),
  };
}
