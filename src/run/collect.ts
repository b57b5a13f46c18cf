/** Collects a Result from the counts, times and inventory that a run leaves behind. */
import type { InventoryRow } from '../arch/inventory.ts';
import { VERSION } from '../base/version.ts';
import { energyByComponent, type Ledger } from '../hw/ledger.ts';
import type { Step } from '../hw/program.ts';
import { figures, opCounts } from '../report/metrics.ts';
import { type BreakdownRow, type LayerRow, type Result, SCHEMA_VERSION } from '../report/result.ts';
import { toSeconds } from '../sim/tick.ts';
import { macs } from '../workload/count.ts';
import { buildGraph, type Graph } from '../workload/graph.ts';
import type { Op } from '../workload/op.ts';
import type { Machine, Outcome, RunSpec } from './machine.ts';

type Rows = readonly BreakdownRow[];

/** The Result of a run and a row per step; the words and files of the command line are the caller's to add. */
export function collect(
  spec: RunSpec,
  machine: Machine,
  outcome: Outcome,
  stock: readonly InventoryRow[],
): { result: Result; layers: LayerRow[] } {
  const { arch } = spec;
  const { chip, graph, placement, steps } = machine;
  const { ledger } = chip;
  const images = outcome.latencies.length;
  const latency_s = toSeconds(sum(outcome.latencies, t => t) / images);
  const area_m2 = sum(stock, row => row.area_m2);
  const leakage_J = sum(stock, row => row.leakage_W) * latency_s;
  const stepEnergy = steps.map(step => energyOf(ledger, step.index) / images);
  const component = componentRows(ledger, images, stock, latency_s);
  const energy_J = sum(component, row => row.energy_J);
  const counts = opCounts(arch.accounting.opCount, encoderMacs(spec, graph));
  const rows = steps.map((step, i) => layerRow(step, machine, outcome, stepEnergy[i]));
  const extras_J = sum(stock, row => row.power_W ?? 0) * latency_s;
  const standing = [
    { name: 'leakage', energy_J: leakage_J },
    ...(extras_J > 0 ? [{ name: 'extras', energy_J: extras_J }] : []),
  ];
  const perTile = arch.tile.pes * arch.pe.crossbars;
  const layers = [...placement.layers.values()];
  const positions = sum(layers, l => l.grid.crossbars * l.grid.rows * l.grid.cols);
  const stored = sum(layers, l => l.grid.weights * l.grid.slices);
  const chipPositions = positions * ((placement.chipTiles * perTile) / Math.max(1, placement.crossbars));
  const result: Result = {
    schemaVersion: SCHEMA_VERSION,
    version: VERSION,
    arch: arch.name,
    tech: arch.techName,
    model: graph.model.name,
    tokens: graph.model.tokens,
    reuse: {
      count: graph.reuse.encoders.length,
      encoders: graph.reuse.encoders,
      pattern: graph.reuse.pattern,
    },
    images,
    seed: spec.seed ?? 1,
    run: {
      arch: arch.name,
      tech: arch.techName,
      model: graph.model.name,
      reuse: graph.reuse.pattern,
      tokens: spec.tokens ?? null,
      images,
      seed: spec.seed ?? 1,
      set: [],
    },
    files: [],
    opCount: arch.accounting.opCount,
    ops: counts,
    latency_s,
    throughput_Hz: 1 / latency_s,
    energy_J,
    area_m2,
    ...figures(latency_s, energy_J, area_m2, counts),
    adcShare: adcShare(component),
    utilization: {
      cells: stored / chipPositions,
      crossbars: placement.crossbars / (placement.chipTiles * perTile),
      adc: adcUtilization(machine, outcome, arch.tile.pes * arch.pe.adcBanks),
    },
    tiles: placement.chipTiles,
    crossbars: placement.crossbars,
    writes: wear(machine, images, latency_s),
    weightLoad: {
      energy_J: energyOf(ledger, ledger.once),
      time_s: toSeconds(outcome.loadTime),
      bits: chip.engine.weightBits,
    },
    breakdown: {
      component,
      stage: [...grouped(rows, row => row.stage), ...standing],
      encoder: [
        ...grouped(rows, row => (row.encoder === null ? 'outside encoders' : `encoder ${row.encoder}`)),
        ...standing,
      ],
    },
    events: machine.kernel.events,
    warnings: [],
  };
  return { result, layers: rows };
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((s, item) => s + of(item), 0);

/** Energy that the counts of one step stand for. */
const energyOf = (ledger: Ledger, step: number): number =>
  sum(ledger.meters, meter => sum(meter.parts, part => part.energy_J) * meter.counts[step]);

function componentRows(
  ledger: Ledger,
  images: number,
  stock: readonly InventoryRow[],
  latency_s: number,
): Rows {
  const energy = energyByComponent(ledger, step => step !== ledger.once);
  const area = new Map(stock.map(row => [row.component, row.area_m2]));
  for (const { component, power_W = 0 } of stock)
    if (power_W > 0) energy.set(component, images * power_W * latency_s);
  const names = new Set([...energy.keys(), ...area.keys()]);
  names.delete('crossbar.leakage');
  const rows = [...names].map(name => ({
    name,
    energy_J: (energy.get(name) ?? 0) / images,
    area_m2: area.get(name) ?? 0,
  }));
  const leakage = sum(stock, row => row.leakage_W) * latency_s;
  return [...rows, { name: 'leakage', energy_J: leakage, area_m2: 0 }].filter(
    row => row.energy_J > 0 || row.area_m2 > 0 || row.name === 'leakage',
  );
}

function layerRow(step: Step, machine: Machine, outcome: Outcome, energy_J: number): LayerRow {
  const layer = step.layer === undefined ? undefined : machine.placement.layers.get(step.layer);
  const op = machine.graph.ops.find(o => o.id === step.id);
  return {
    step: step.id,
    stage: step.stage,
    encoder: step.encoder,
    kind: step.kind,
    jobs: step.jobs,
    start_s: toSeconds(outcome.times[step.index].start),
    end_s: toSeconds(outcome.times[step.index].end),
    energy_J,
    crossbars: layer?.grid.crossbars ?? 0,
    tiles: layer?.tiles.length ?? 0,
    macs: op === undefined ? 0 : macs(op),
  };
}

/** Energy by name, and the time in which at least one step of the name was at work; in the order of first appearance. */
function grouped(rows: readonly LayerRow[], nameOf: (row: LayerRow) => string): BreakdownRow[] {
  const groups = new Map<string, LayerRow[]>();
  for (const row of rows) {
    const name = nameOf(row);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups].map(([name, group]) => ({
    name,
    energy_J: sum(group, row => row.energy_J),
    time_s: busyTime(group),
  }));
}

/** Length of the union of the steps' times. */
function busyTime(rows: readonly LayerRow[]): number {
  let time_s = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const { start_s, end_s } of rows.toSorted((a, b) => a.start_s - b.start_s)) {
    time_s += Math.max(0, end_s - Math.max(start_s, until));
    until = Math.max(until, end_s);
  }
  return time_s;
}

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

function adcShare(component: Rows): number {
  const reads = component.filter(row => row.name.startsWith('crossbar.') && row.name !== 'crossbar.write');
  const adc = sum(reads, row => (row.name === 'crossbar.adc' ? row.energy_J : 0));
  return adc / sum(reads, row => row.energy_J);
}

/** Busy time of the ADC banks over the time that they were there, in tiles that hold weights. */
function adcUtilization(machine: Machine, outcome: Outcome, banksPerTile: number): number {
  const { chip, cost, placement } = machine;
  let busy = 0;
  for (const device of cost.crossbars) {
    const planeTime = device.plane?.convert ?? device.readTime;
    const meter = chip.ledger.meter(`${device.name} bit planes read`, device.readParts);
    busy += sum([...meter.counts], n => n) * planeTime;
  }
  return busy / (placement.tiles * banksPerTile * sum(outcome.latencies, t => t));
}

function wear(machine: Machine, images: number, latency_s: number): Result['writes'] {
  const dynamic = [...machine.placement.layers.values()].filter(l => l.dynamic);
  const writes = Math.max(
    0,
    ...dynamic
      .flatMap(l => machine.chip.engine.tilesOf(l.id))
      .flatMap(t => t.pes)
      .flatMap(pe => pe.crossbars.map(c => c.writes)),
  );
  const perImage = writes / images;
  const limits = dynamic.flatMap(l => machine.cost.of(l).endurance ?? []);
  const endurance = limits.length === 0 ? null : Math.min(...limits);
  const left = endurance === null || perImage === 0 ? null : Math.floor(endurance / perImage);
  return {
    perCellPerImage: perImage,
    cells: sum(dynamic, l => l.grid.weights * l.grid.slices),
    endurance,
    images: left,
    lifetime_s: left === null ? null : left * latency_s,
  };
}
