/** A network on a chip of a fixed size: as it is where it fits, in turns where it does not. */

import { counts } from '../arch/accounting.ts';
import { type ChipCost, chipNoc } from '../arch/build.ts';
import type { ArchConfig } from '../arch/config.ts';
import { inventory } from '../arch/inventory.ts';
import { EXIT, TrexError, usageError } from '../base/errors.ts';
import { largest } from '../base/extremes.ts';
import { sum } from '../base/sum.ts';
import { formatQuantity } from '../base/units.ts';
import { hasVectorWork, softmaxUnitsOf } from '../hw/chip.ts';
import type { NocLayout } from '../hw/noc/kind.ts';
import type { Step } from '../hw/program.ts';
import { balanced, checkCopies, withCopies } from '../map/copies.ts';
import { byTraffic } from '../map/hub-traffic.ts';
import { bitsBefore, peakBits } from '../map/live.ts';
import type { Placement } from '../map/place.ts';
import { withReloads } from '../map/reload-steps.ts';
import { rotated } from '../map/rotation.ts';
import { turnsOf } from '../map/turns.ts';
import type { Graph } from '../workload/graph.ts';

/** What runs where, and how many images pass the chip together. */
export interface Fitted {
  readonly placement: Placement;
  readonly steps: readonly Step[];
  readonly batch: number;
}

/** What a chip is planned by. */
interface Planned {
  readonly placement: Placement;
  readonly steps: readonly Step[];
  readonly cost: ChipCost;
  readonly noc: NocLayout;
}

/** What is to be fitted, for a chip that would hold it all. */
export interface FitSpec {
  readonly arch: ArchConfig;
  readonly cost: ChipCost;
  readonly graph: Graph;
  readonly whole: Placement;
  /** Of one image. */
  readonly steps: readonly Step[];
  readonly images: number;
}

/** @throws TrexError for a chip too small for its largest layer, or that refuses what it does not hold */
export function fitted(spec: FitSpec): Fitted {
  const { arch } = spec;
  const { tiles, area } = arch.chip;
  const copied = Object.assign({}, spec, { whole: withCopies(spec.whole, arch) });
  const available =
    tiles !== 'auto' || area === undefined ? copied.whole.chipTiles : tilesWithin(area, copied);
  if (available < copied.whole.tiles) checkCopies(copied.whole, available);
  const placement = placedOn(available, copied);
  return inProgram(arch.mapping?.order === 'traffic' ? byTraffic(placement, spec.steps) : placement, copied);
}

/** The program of one image, or of a batch, for layers that have their places. @throws TrexError for images that are no whole batches */
export function inProgram(placement: Placement, spec: FitSpec): Fitted {
  const { arch, steps, images } = spec;
  const isReloaded = [...placement.layers.values()].some(
    ({ inTurn, dynamic }) => inTurn === true && !dynamic,
  );
  const batch = isReloaded ? Math.min(arch.schedule.batch ?? 1, images) : 1;
  if (images % batch > 0)
    throw usageError(
      `images ${images}: whole batches of ${batch} (schedule.batch), such as ${batch * Math.ceil(images / batch)}`,
    );
  if (![...placement.layers.values()].some(({ inTurn }) => inTurn === true))
    return { placement, steps, batch };
  const turns = turnsOf(steps, placement.layers);
  if (turns === undefined)
    throw new TrexError('a matrix would have to leave its tiles before it is read', EXIT.failed);
  if (batch > 1) checkBatch(batch, turns.partitions, spec);
  return { placement, steps: withReloads(steps, placement.layers, turns, batch), batch };
}

/** Between two partitions the values of all images of a batch wait in the global buffer. @throws TrexError where it is too small */
function checkBatch(batch: number, partitions: readonly number[], { graph, arch, steps }: FitSpec): void {
  if (!counts(arch.accounting, 'buffers')) return;
  const waiting = partitions
    .slice(1)
    .map(step => bitsBefore(graph, arch, steps[step].id.replace(/\.write$/, '')));
  const need_B = ((batch - 1) * Math.max(0, largest(waiting)) + peakBits(graph, arch).bits) / 8;
  const { capacity } = arch.globalBuffer;
  if (need_B > capacity)
    throw new TrexError(
      `schedule.batch: between partitions ${batch} images keep ${formatQuantity(need_B, 'B')}, the global buffer holds ` +
        `${formatQuantity(capacity, 'B')}: fewer images, or more capacity`,
      EXIT.failed,
    );
}

function placedOn(available: number, { arch, cost, whole, steps, images }: FitSpec): Placement {
  if (available >= whole.tiles) {
    const placed = { ...whole, chipTiles: available };
    return arch.mapping?.replicate === 'balanced' ? balanced(placed, { steps, arch, cost }) : placed;
  }
  if (arch.chip.overflow === 'refuse') {
    const perTile = arch.pe.crossbars * arch.tile.pes;
    throw new TrexError(
      `the network needs ${whole.tiles} tiles (${whole.crossbars} crossbars of ${perTile} a tile), the chip has ${available}: ` +
        `give it more (--set chip.tiles=${whole.tiles}, or auto), let layers take turns (--set chip.overflow=dram) or reuse attention in more encoders`,
      EXIT.failed,
    );
  }
  return rotated(whole, available, { steps, arch, cost, batch: Math.min(arch.schedule.batch ?? 1, images) });
}

/** As many tiles as make a chip of at most `area`, whose area grows with them. @throws TrexError for less than the least chip that runs the network */
function tilesWithin(area_m2: number, spec: FitSpec): number {
  const { arch, cost, steps } = spec;
  const areaOf = (tiles: number): number => {
    const noc = chipNoc(arch, cost, tiles);
    return plannedArea(arch, { placement: placedOn(tiles, spec), steps, cost, noc });
  };
  /** Undefined: fewer tiles than the least chip has. */
  const areaIfAny = (tiles: number): number | undefined => {
    try {
      return areaOf(tiles);
    } catch (error) {
      if (error instanceof TrexError) return undefined;
      throw error;
    }
  };
  const isWithin = (tiles: number): boolean => (areaIfAny(tiles) ?? 0) <= area_m2;
  let low = 0;
  let high = Math.max(1, spec.whole.tiles);
  while (isWithin(high)) [low, high] = [high, 2 * high];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isWithin(middle)) low = middle;
    else high = middle;
  }
  if (low > 0 && areaIfAny(low) !== undefined) return low;
  throw new TrexError(
    `chip.area: ${formatQuantity(area_m2, 'm2')} is too small, the least chip for ${spec.graph.model.name} has ${high} tiles and takes ` +
      `${formatQuantity(areaOf(high), 'm2')}: more area, or --set chip.tiles=${high}`,
    EXIT.failed,
  );
}

/** Of a chip that is planned, m2. */
export function plannedArea(arch: ArchConfig, { placement, steps, cost, noc }: Planned): number {
  const { standing, chipTiles } = placement;
  const softmaxUnits = softmaxUnitsOf(steps, arch.softmax.units);
  const rows = inventory(arch, cost, {
    standing,
    chipTiles,
    noc,
    softmaxUnits,
    usesVectorUnit: hasVectorWork(steps),
  });
  return sum(rows, row => row.area_m2);
}
