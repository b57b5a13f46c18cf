/** Watches a run for its report: what was at work when, on which link, and for which step. */

import type { ArchConfig } from '../arch/config.ts';
import { chipPeak } from '../arch/peak.ts';
import { largest } from '../base/extremes.ts';
import { sum } from '../base/sum.ts';
import type { Ledger } from '../hw/ledger.ts';
import type { Layer } from '../hw/program.ts';
import { stepOf } from '../hw/program.ts';
import type { Busiest, LinkUse, Observation, PlacedLayer, StepEnergy } from '../report/observation.ts';
import { type BusySlice, ResourceTracks } from '../report/resource-tracks.ts';
import type { Component } from '../sim/component.ts';
import { type Tick, toSeconds } from '../sim/tick.ts';
import type { Machine } from './machine.ts';

/** A run under observation. */
export interface Observer {
  /** What was seen of the last image; listens no more. */
  close(): Observation;
}

/** What one server of a resource did, by its number among all. */
interface Server {
  readonly kind: string;
  readonly link: number | undefined;
}

/** Listens to `machine` from its first event on. */
export function observe(machine: Machine, arch: ArchConfig): Observer {
  const { chip, kernel, steps } = machine;
  const { controller } = chip;
  const servers: Server[] = [];
  const all = sum(steps, step => step.jobs);
  /** By the step: when it is at work, the time of every server. */
  const working = new Map<number, Map<number, Tick>>();
  let jobs = steps.map((): Tick[] => []);
  let starts = new Map<number, Tick>();
  let remaining = steps.map(step => step.jobs);
  let linkBusy = new Map<number, Tick>();
  let busiest: Busiest[] = [];
  let left = 0;
  let images = 0;
  let start: Tick = 0;
  let slices = new Map<string, BusySlice[]>();
  let tracks: ResourceTracks | undefined;

  const begin = (): void => {
    images++;
    left = all;
    start = kernel.now;
    jobs = steps.map(() => []);
    starts = new Map();
    remaining = steps.map(step => step.jobs);
    linkBusy = new Map();
    busiest = [];
    tracks?.close();
    slices = new Map();
    const put = slices;
    tracks = new ResourceTracks(chip, ({ kind }, slice) => {
      const own = put.get(kind) ?? [];
      put.set(kind, own);
      own.push({
        start: slice.start - start,
        end: slice.end - start,
        services: slice.services,
        busy: slice.busy,
      });
    });
  };
  const endStep = (index: number): void => {
    const byKind = new Map<string, Tick>();
    for (const [server, busy] of working.get(index) ?? []) {
      const { kind } = servers[server];
      byKind.set(kind, Math.max(busy, byKind.get(kind) ?? 0));
    }
    working.delete(index);
    for (const [kind, busy] of byKind) busiest.push({ step: steps[index].id, kind, busy_s: toSeconds(busy) });
  };
  const detach = [
    controller.onJobStart.attach(slot => {
      if (left === 0) begin();
      const step = stepOf(slot);
      starts.set(slot, kernel.now);
      if (!working.has(step)) working.set(step, new Map());
    }),
    controller.onJobEnd.attach(slot => {
      const step = stepOf(slot);
      jobs[step].push((starts.get(slot) ?? start) - start, kernel.now - start);
      if (--remaining[step] === 0) endStep(step);
      left--;
    }),
    ...watch(chip, stepsOfTiles(machine), servers, (server, steps, from, to) => {
      if (images === 0) return;
      const { link } = servers[server];
      if (link !== undefined) linkBusy.set(server, (linkBusy.get(server) ?? 0) + to - from);
      for (const [step, busy] of working)
        if (steps === undefined || steps.has(step)) busy.set(server, (busy.get(server) ?? 0) + to - from);
    }),
  ];
  return {
    close() {
      for (const each of detach) each();
      tracks?.close();
      const links = [...linkBusy].map(([server, busy]): LinkUse => {
        const [from, to] = chip.noc.linkEnds(servers[server].link ?? 0);
        return { from, to, busy_s: toSeconds(busy) };
      });
      return {
        ...placesOf(machine, arch, images),
        links,
        busiest,
        jobs: new Map(steps.map(({ id }, i) => [id, jobs[i]])),
        resources: (tracks?.tracks ?? []).map(({ kind, simulated, all }) => ({
          track: { kind, simulated, all },
          slices: slices.get(kind) ?? [],
        })),
      };
    },
  };
}

/** Steps that use the crossbars of each tile that is simulated. */
function stepsOfTiles({ chip, steps }: Machine): Map<Component, Set<number>> {
  const found = new Map<Component, Set<number>>();
  for (const { index, layer } of steps)
    for (const tile of layer === undefined ? [] : chip.engine.tilesOf(layer))
      found.set(tile, (found.get(tile) ?? new Set()).add(index));
  return found;
}

type Serve = (server: number, steps: ReadonlySet<number> | undefined, start: Tick, end: Tick) => void;

/** Every server of every resource gets a number; what stands in a tile works for the tile's steps alone. */
function watch(
  root: Component,
  stepsOf: ReadonlyMap<Component, ReadonlySet<number>>,
  servers: Server[],
  serve: Serve,
): (() => void)[] {
  const detach: (() => void)[] = [];
  const visit = (component: Component, steps: ReadonlySet<number> | undefined): void => {
    for (const [kind, { onService }] of component.resources) {
      const numbers = new Map<number, number>();
      detach.push(
        onService.attach((name, start, end) => {
          let number = numbers.get(name);
          if (number === undefined) {
            number = servers.length;
            servers.push({ kind, link: kind === 'links' ? name : undefined });
            numbers.set(name, number);
          }
          serve(number, steps, start, end);
        }),
      );
    }
    for (const child of component.children) visit(child, stepsOf.get(child) ?? steps);
  };
  visit(root, undefined);
  return detach;
}

type Places = Omit<Observation, 'links' | 'busiest' | 'jobs' | 'resources'>;

/** What does not change while the run goes on, and what its counters say at the end. */
function placesOf(machine: Machine, arch: ArchConfig, images: number): Places {
  const { chip, placement, steps, noc, cost } = machine;
  const { floorplan } = noc;
  const { ports, port } = arch.globalBuffer;
  const ticks = cost.cycles.buffers.global.interval * cost.cycle;
  const isTimed = arch.accounting.buffers === 'counted' && ticks > 0;
  return {
    noc: arch.noc.kind.name,
    hub: floorplan.placeOf(floorplan.hub),
    tiles: Array.from({ length: placement.chipTiles }, (_, tile) =>
      floorplan.placeOf(floorplan.nodeOf(tile)),
    ),
    crossbarsPerTile: arch.tile.pes * arch.pe.crossbars,
    layers: [...placement.layers.values()].map(layer => placed(layer, machine, arch, images)),
    energies: steps.flatMap(step => stepEnergies(chip.ledger, step.index, step.id, images)),
    traffic: new Map(steps.map(step => [step.id, step.jobs * (step.inputBits + step.outputBits)])),
    peak: {
      ops_per_s: chipPeak(arch, placement.chipTiles).ops_per_s,
      bits_per_s: isTimed ? (ports * port) / toSeconds(ticks) : null,
    },
  };
}

function placed(layer: Layer, { chip, steps }: Machine, arch: ArchConfig, images: number): PlacedLayer {
  const { rows, cols } = layer.device.crossbar;
  // A PE with few crossbars has its ADC banks for these alone: a layer's share goes by PEs.
  const ofTile = chipPeak({ ...arch, devices: { ...arch.devices, static: layer.device } }, 1).ops_per_s;
  const used = sum(layer.tiles, tile => tile.pes.length);
  const pes = chip.engine.tilesOf(layer.id).flatMap(tile => tile.pes);
  return {
    id: layer.id,
    unit: layer.unit,
    dynamic: layer.dynamic,
    steps: steps.filter(step => step.layer === layer.id).map(step => step.id),
    firstTile: layer.firstTile,
    tiles: layer.tiles.map(({ crossbars, pes: blocks }) => ({
      crossbars,
      cells: sum(blocks, pe => sum(pe.fills, fill => fill.rows * fill.cols * fill.count)),
    })),
    cellsPerCrossbar: rows * cols,
    peak_ops_per_s: (used * ofTile) / arch.tile.pes,
    writes: layer.dynamic || layer.inTurn === true ? Math.max(0, largest(pes.map(pe => pe.writes))) / images : 0,
  };
}

function stepEnergies(ledger: Ledger, step: number, id: string, images: number): StepEnergy[] {
  const byComponent = new Map<StepEnergy['component'], number>();
  for (const { counts, parts } of ledger.meters)
    for (const { component, energy_J } of parts)
      byComponent.set(component, (byComponent.get(component) ?? 0) + (energy_J * counts[step]) / images);
  return [...byComponent]
    .filter(([, energy_J]) => energy_J > 0)
    .map(([component, energy_J]) => ({ step: id, component, energy_J }));
}
