/**
 * Copies of layers: arrays that hold the same weights, so that several vectors are worked on at once. ISAAC (ISCA 2016) and PUMA
 * (ASPLOS 2019) replicate the layers that take longest until their stages are even.
 */
import type { ChipCost } from '../arch/build.ts';
import type { ArchConfig } from '../arch/config.ts';
import { EXIT, TrexError } from '../base/errors.ts';
import { largest } from '../base/extremes.ts';
import { sum } from '../base/sum.ts';
import { type Layer, type Step, weightBitsOf } from '../hw/program.ts';
import { toSeconds } from '../sim/tick.ts';
import { matches, matchHint } from '../tech/devices.ts';
import { copied, type Placement, standingOf } from './place.ts';
import { timeOf } from './step-times.ts';

/** The copies that the chip's file lists. @throws TrexError for a pattern that no layer has the name of */
export function withCopies(
  one: Placement,
  { mapping, chip }: Pick<ArchConfig, 'mapping' | 'chip'>,
): Placement {
  const { copies: list = [] } = mapping ?? {};
  const ids = [...one.layers.keys()];
  const first = ids.map(id => list.findIndex(({ match }) => matches(match, id)));
  for (const [i, { match }] of list.entries()) {
    if (first.includes(i)) continue;
    throw new TrexError(
      ids.some(id => matches(match, id))
        ? `mapping.copies.${i}.match: ${match} matches only layers that earlier patterns take`
        : `mapping.copies.${i}.match: ${match} matches no layer of the network${matchHint(match, ids)}`,
      EXIT.failed,
    );
  }
  const copies = new Map<string, number>();
  ids.forEach((id, i) => {
    if (first[i] < 0) return;
    // Sets of weights of the same arrays are copied together.
    const { unit } = one.layers.get(id) as Layer;
    copies.set(unit, Math.max(copies.get(unit) ?? 1, list[first[i]].copies));
  });
  return placedAgain(one, copies, chip.tiles === 'auto');
}

/** @throws TrexError for copies that the chip has no tiles for */
export function checkCopies({ units, tiles }: Placement, available: number): void {
  const own = units.filter(({ copies }) => copies !== undefined);
  if (own.length === 0) return;
  const once = sum(units, layer => layer.tiles.length / (layer.copies ?? 1));
  throw new TrexError(
    `mapping.copies: the layers take ${tiles} tiles with their copies (${once} without), the chip has ${available}: ` +
      `fewer copies, or more tiles (--set chip.tiles=${tiles})`,
    EXIT.failed,
  );
}

/** A copy that makes its layer faster by less than this share goes to another one: writing takes its time however many read. Assumed. */
export const LEAST_GAIN = 0.01;

/** The chip, and what runs on it. */
export interface BalanceSpec {
  /** Of one image. */
  readonly steps: readonly Step[];
  readonly arch: ArchConfig;
  readonly cost: ChipCost;
}

/**
 * Tiles that are left over become copies: the layer whose arrays are taken for longest by an image gets one more as long as
 * there are tiles for it and it gains; then the next one does.
 */
export function balanced(placement: Placement, { steps, arch, cost }: BalanceSpec): Placement {
  const copies = new Map(placement.units.map(({ id, copies = 1 }) => [id, copies]));
  const takenFor = timeTaken(placement, { steps, arch, cost });
  let left = placement.chipTiles - placement.tiles;
  const open = placement.units.map(layer => ({
    layer,
    time_s: takenFor(layer, copies.get(layer.id) as number),
  }));
  while (open.length > 0) {
    let at = 0;
    for (let i = 1; i < open.length; i++) if (open[i].time_s > open[at].time_s) at = i;
    const { layer, time_s } = open[at];
    const count = (copies.get(layer.id) as number) + 1;
    const size = layer.tiles.length / (layer.copies ?? 1);
    const next_s = takenFor(layer, count);
    if (size > left || time_s - next_s < LEAST_GAIN * time_s) {
      open.splice(at, 1);
      continue;
    }
    left -= size;
    copies.set(layer.id, count);
    open[at] = { layer, time_s: next_s };
  }
  return placedAgain(placement, copies, false);
}

/** Seconds to bring a matrix to all its copies, whose PEs then program it at the same time. */
function writeTime(layer: Layer, arch: ArchConfig, cost: ChipCost): number {
  const use = cost.of(layer);
  const ofPe = layer.tiles.flatMap(({ pes }) =>
    pes.map(({ fills }) => sum(fills, fill => fill.count * use.filled(fill).writeTime)),
  );
  const hub_s = arch.noc.kind.clocked ? weightBitsOf(layer) / arch.noc.flit / arch.chip.clock : 0;
  return hub_s + (Math.max(0, largest(ofPe)) * toSeconds(1)) / arch.pe.writeDrivers;
}

/** Seconds that the arrays of a unit are taken for by one image, if they stood there `count` times. */
export function timeTaken(
  { layers }: Pick<Placement, 'layers'>,
  { steps, arch, cost }: BalanceSpec,
): (unit: Layer, count: number) => number {
  const stepsOf = new Map<string, Step[]>();
  for (const step of steps) {
    const unit = layers.get(step.layer ?? '')?.unit;
    if (unit !== undefined) stepsOf.set(unit, [...(stepsOf.get(unit) ?? []), step]);
  }
  return (unit, count) => {
    const own = copied(oneOf(unit), count);
    const sets = [...layers.values()].filter(other => other.unit === unit.id);
    const those = new Map(sets.map(({ id }) => [id, own]));
    return sum(stepsOf.get(unit.id) ?? [], step =>
      step.kind === 'write' ? writeTime(own, arch, cost) : timeOf(step, those, arch, cost).unit_s,
    );
  };
}

/** A layer without its copies. */
function oneOf(layer: Layer): Layer {
  const { copies = 1, ...rest } = layer;
  if (copies === 1) return layer;
  return Object.assign({}, rest, {
    tiles: layer.tiles.slice(0, layer.tiles.length / copies),
    crossbars: layer.crossbars / copies,
    cells: layer.cells / copies,
  });
}

/** The same layers with so many copies of each, by unit; what is not named stays as it is. `grows`: the chip has the tiles that they take. */
function placedAgain(before: Placement, copies: ReadonlyMap<string, number>, grows: boolean): Placement {
  if (copies.size === 0) return before;
  const layers = new Map<string, Layer>();
  const units: Layer[] = [];
  let tiles = 0;
  for (const [id, layer] of before.layers) {
    const own = copies.has(layer.unit) ? copied(oneOf(layer), copies.get(layer.unit)) : layer;
    const firstTile = layer.unit === id ? tiles : (layers.get(layer.unit) as Layer).firstTile;
    const placed = Object.assign({}, own, { firstTile });
    layers.set(id, placed);
    if (layer.unit !== id) continue;
    units.push(placed);
    tiles += placed.tiles.length;
  }
  return {
    layers,
    units,
    tiles,
    chipTiles: grows ? tiles : before.chipTiles,
    crossbars: sum(units, ({ crossbars }) => crossbars),
    standing: standingOf(units),
  };
}
