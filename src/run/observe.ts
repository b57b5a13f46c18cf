/** Watches a run for its report: what was at work when, on which link, and for which step. */

import type { ArchConfig } from '../arch/config.ts';
import { chipPeak } from '../arch/peak.ts';
import { largest } from '../base/extremes.ts';
import { sum } from '../base/sum.ts';
import type { Ledger } from '../hw/ledger.ts';
import { type Layer, type Step, stepOf } from '../hw/program.ts';
import type {
  Busiest,
  JobTimes,
  LinkUse,
  Observation,
  PlacedLayer,
  StepEnergy,
} from '../report/observation.ts';
import { type BusySlice, ResourceTracks } from '../report/resource-tracks.ts';
import { type Tick, toSeconds } from '../sim/tick.ts';
import type { Machine } from './machine.ts';
import { type Server, stepsOfTiles, watch } from './watch.ts';

/** A run under observation. */
export interface Observer {
  /** What was seen of the last image, or of those that overlap; listens no more. */
  close(): Observation;
}

/** Images that overlap are shown to this number: a screen has no room for more. */
const MOST_IMAGES = 12;

/** An image whose jobs are seen. */
interface Seen {
  readonly image: number;
  readonly start: Tick;
  /** By step: start, end, start, end, ... */
  readonly jobs: readonly Tick[][];
  readonly remaining: number[];
}

/** Listens to `machine` from its first event on; `overlaps`: its images do. */
export function observe(machine: Machine, arch: ArchConfig, overlaps = false): Observer {
  const { chip, kernel, steps } = machine;
  const { controller } = chip;
  const servers: Server[] = [];
  /** By step and image: when the step is at work, the time of every server. */
  const working = new Map<number, Map<number, Tick>>();
  const starts = new Map<number, Tick>();
  let seen: Seen[] = [];
  let linkBusy = new Map<number, Tick>();
  let busiest: Busiest[] = [];
  let images = 0;
  let slices = new Map<string, BusySlice[]>();
  let tracks: ResourceTracks | undefined;

  const listenToTracks = (): void => {
    linkBusy = new Map();
    tracks?.close();
    slices = new Map();
    const put = slices;
    tracks = new ResourceTracks(chip, ({ kind }, slice) => {
      const own = put.get(kind) ?? [];
      put.set(kind, own);
      own.push(slice);
    });
  };
  const begin = (image: number): void => {
    images++;
    if (!overlaps || images === 1) listenToTracks();
    seen.push({
      image,
      start: kernel.now,
      jobs: steps.map(() => []),
      remaining: steps.map(step => step.jobs),
    });
    seen = seen.slice(overlaps ? -MOST_IMAGES : -1);
    // Of the last image.
    busiest = [];
  };
  const keyOf = (step: number, image: number): number => image * steps.length + step;
  const endStep = (index: number, image: number): void => {
    const byKind = new Map<string, Tick>();
    const key = keyOf(index, image);
    for (const [server, busy] of working.get(key) ?? []) {
      const { kind } = servers[server];
      byKind.set(kind, Math.max(busy, byKind.get(kind) ?? 0));
    }
    working.delete(key);
    if (image !== seen.at(-1)?.image) return;
    for (const [kind, busy] of byKind) busiest.push({ step: steps[index].id, kind, busy_s: toSeconds(busy) });
  };
  const detach = [
    controller.onJobStart.attach((slot, _job, image) => {
      if (image === images) begin(image);
      const key = keyOf(stepOf(slot), image);
      starts.set(slot, kernel.now);
      if (!working.has(key)) working.set(key, new Map());
    }),
    controller.onJobEnd.attach((slot, _job, image) => {
      const step = stepOf(slot);
      const own = seen.find(one => one.image === image);
      if (own === undefined) {
        working.delete(keyOf(step, image));
        return;
      }
      own.jobs[step].push(starts.get(slot) ?? own.start, kernel.now);
      if (--own.remaining[step] === 0) endStep(step, image);
    }),
    ...watch(chip, stepsOfTiles(machine), servers, (server, steps_, from, to) => {
      if (images === 0) return;
      const { link } = servers[server];
      if (link !== undefined) linkBusy.set(server, (linkBusy.get(server) ?? 0) + to - from);
      for (const [key, busy] of working)
        if (steps_ === undefined || steps_.has(key % steps.length))
          busy.set(server, (busy.get(server) ?? 0) + to - from);
    }),
  ];
  return {
    close() {
      for (const each of detach) each();
      tracks?.close();
      const share = overlaps ? images : machine.batch;
      const links = [...linkBusy].map(([server, busy]): LinkUse => {
        const [from, to] = chip.noc.linkEnds(servers[server].link ?? 0);
        return { from, to, busy_s: toSeconds(busy / share) };
      });
      const origin = seen[0]?.start ?? 0;
      const last = seen.at(-1);
      return {
        ...placesOf(machine, arch, images * machine.batch),
        links,
        busiest,
        jobs: jobsFrom(last, last?.start ?? 0, steps),
        ...(overlaps && {
          overlapping: seen.map(one => ({ image: one.image + 1, jobs: jobsFrom(one, origin, steps) })),
        }),
        resources: (tracks?.tracks ?? []).map(({ kind, simulated, all }) => ({
          track: { kind, simulated, all },
          slices: slicesFrom(slices.get(kind) ?? [], origin),
        })),
      };
    },
  };
}

const jobsFrom = (seen: Seen | undefined, origin: Tick, steps: readonly Step[]): JobTimes =>
  new Map(steps.map(({ id }, i) => [id, (seen?.jobs[i] ?? []).map(tick => tick - origin)]));

/** From `origin` on: what began before it counts with what lies behind it. */
const slicesFrom = (slices: readonly BusySlice[], origin: Tick): BusySlice[] =>
  slices
    .filter(({ end }) => end > origin)
    .map(({ start, end, services, busy }) => {
      const from = Math.max(start, origin);
      const share = (end - from) / (end - start);
      return { start: from - origin, end: end - origin, services, busy: Math.round(busy * share) };
    });

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
    writes:
      layer.dynamic || layer.inTurn === true ? Math.max(0, largest(pes.map(pe => pe.writes))) / images : 0,
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
