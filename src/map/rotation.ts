/**
 * Layers on a chip smaller than the network: which stay on their tiles, and which take turns on the others (as COMPASS, arXiv
 * 2501.06780, replaces weights partition by partition). K^T and V of all encoders take turns first: they are written for every
 * image anyway, so that it costs wear and no transfer. Then known weights do, which come from DRAM at each turn: those whose
 * bits are fewest, on tiles for one layer or for several, so that some are loaded while others are at work.
 */
import type { ChipCost } from '../arch/build.ts';
import type { ArchConfig } from '../arch/config.ts';
import { EXIT, TrexError } from '../base/errors.ts';
import { largest } from '../base/extremes.ts';
import { sum } from '../base/sum.ts';
import { type Layer, type Step, weightBitsOf } from '../hw/program.ts';
import { cheapestCover } from './covering.ts';
import { type Placement, type StandingTiles, standingOf } from './place.ts';
import { withReloads } from './reload-steps.ts';
import { estimatedTime } from './step-times.ts';
import { tilesOf, turnsOf } from './turns.ts';

/** Places for layers side by side that take turns: the largest of them, once or several times. */
const PLACES = [1, 2, 3, 4];
/** How many of the first layers stay. */
const FIRST_STAYING = [0, 1, 2, 3, 4, 6, 8];

/** The chip, and what runs on it. */
export interface RotationSpec {
  /** Of one image. */
  readonly steps: readonly Step[];
  readonly arch: ArchConfig;
  readonly cost: ChipCost;
  readonly batch: number;
}

/** A part of the tiles on which layers take turns. */
interface Region {
  readonly layers: readonly Layer[];
  readonly tiles: number;
}

/** The placement on `available` tiles of layers that would take more. @throws TrexError where they are too few even so */
export function rotated(whole: Placement, available: number, spec: RotationSpec): Placement {
  const { steps } = spec;
  const uses = usesOf(steps);
  const single = whole.units.filter(({ id, unit }) => isAlone(whole, unit) && id === unit);
  const made = ofOneDevice(single.filter(({ dynamic }) => dynamic));
  const known = ofOneDevice(single.filter(({ dynamic }) => !dynamic));
  for (let kept = made.length - 2; kept >= 0; kept--) {
    const region = writtenRegion(whole, made.slice(kept), steps);
    if (whole.tiles - tilesIn(region.layers) + region.tiles <= available)
      return placedInTurn(whole, [region], available, uses);
  }
  const written = writtenRegion(whole, made, steps);
  const others = whole.tiles - tilesIn(made) - tilesIn(known);
  const room = available - written.tiles - others;
  let best: Plan | undefined;
  for (const plan of plansOf({ whole, known, written, room, uses }, available, spec))
    if (
      best === undefined ||
      plan.time_s < best.time_s ||
      (plan.time_s === best.time_s && plan.bits < best.bits)
    )
      best = plan;
  if (best !== undefined) return best.placement;
  const largestKnown = Math.max(0, largest(known.map(({ tiles }) => tiles.length)));
  const least = others + written.tiles + largestKnown;
  const most = known.find(({ tiles }) => tiles.length === largestKnown)?.id;
  throw new TrexError(
    available < least
      ? `the chip has ${available} ${available === 1 ? 'tile' : 'tiles'}, too few even where layers take turns: ${most} takes ${largestKnown}, matrices made at run time ` +
          `${written.tiles}, layers that stay ${others}: give it more (--set chip.tiles=${least})`
      : `schedule.batch: on ${available} tiles the layers that a matrix made at run time lies between are not there together: a batch of one, or more tiles`,
    EXIT.failed,
  );
}

/** A placement, and what its steps say that it takes. */
interface Plan {
  readonly placement: Placement;
  readonly time_s: number;
  readonly bits: number;
}

interface Choice {
  readonly whole: Placement;
  readonly known: readonly Layer[];
  readonly written: Region;
  /** Tiles for known weights. */
  readonly room: number;
  readonly uses: ReadonlyMap<string, Use>;
}

/** By the largest layer that takes turns, the places for it, and how many of the first layers stay: nothing hides a load before them. */
function* plansOf(
  { whole, known, written, room, uses }: Choice,
  available: number,
  { steps, batch, arch, cost }: RotationSpec,
): Generator<Plan> {
  const sizes = [...new Set(known.map(({ tiles }) => tiles.length))].sort((a, b) => a - b);
  const inOrder = inOrderOf(known, uses);
  for (const staying of FIRST_STAYING)
    for (const size of sizes)
      for (const places of PLACES) {
        const able = inOrder.slice(staying).filter(({ tiles }) => tiles.length <= size);
        const layers = cover(able, tilesIn(known) - (room - places * size), uses);
        if (places * size > room || layers.length === 0) continue;
        const placement = placedInTurn(whole, [{ layers, tiles: places * size }, written], available, uses);
        const turns = turnsOf(steps, placement.layers);
        if (turns === undefined) continue;
        const program = withReloads(steps, placement.layers, turns, batch);
        const time_s = estimatedTime(program, placement.layers, arch, cost);
        yield { placement, time_s, bits: reloadedBits(program, placement.layers) };
      }
}

/** Bits that the reloads of a program bring from DRAM. */
export const reloadedBits = (steps: readonly Step[], layers: ReadonlyMap<string, Layer>): number =>
  sum(steps, ({ kind, layer }) => (kind === 'load' ? weightBitsOf(layers.get(layer as string) as Layer) : 0));

/** Layers that free at least `need` tiles, with the fewest bits to reload; none where all are too few. */
function cover(able: readonly Layer[], need: number, uses: ReadonlyMap<string, Use>): Layer[] {
  const items = able.map(layer => ({
    size: layer.tiles.length,
    cost: weightBitsOf(layer) * (uses.get(layer.id)?.count ?? 0),
  }));
  return (cheapestCover(items, need) ?? []).map(i => able[i]);
}

/** The fewest tiles on which matrices made at run time can take turns. */
function writtenRegion(whole: Placement, made: readonly Layer[], steps: readonly Step[]): Region {
  const all = tilesIn(made);
  for (let tiles = largest([0, ...made.map(layer => layer.tiles.length)]); tiles < all; tiles++) {
    const placement = placedInTurn(whole, [{ layers: made, tiles }], whole.tiles, usesOf(steps));
    if (turnsOf(steps, placement.layers) !== undefined) return { layers: made, tiles };
  }
  return { layers: made, tiles: all };
}

/** Layers that stay first, then those of each region, one behind the other and again from its beginning. */
function placedInTurn(
  whole: Placement,
  regions: readonly Region[],
  available: number,
  uses: ReadonlyMap<string, Use>,
): Placement {
  const turning = new Set(regions.flatMap(({ layers }) => layers.map(({ id }) => id)));
  const stay = whole.units.filter(({ id }) => !turning.has(id));
  const first = new Map<string, number>();
  let tiles = 0;
  for (const { id, tiles: own } of stay) {
    first.set(id, tiles);
    tiles += own.length;
  }
  const standing: StandingTiles[] = standingOf(stay);
  for (const region of regions) {
    let at = 0;
    for (const { id, tiles: own } of inOrderOf(region.layers, uses)) {
      if (at + own.length > region.tiles) at = 0;
      first.set(id, tiles + at);
      at += own.length;
    }
    if (region.layers.length > 0) standing.push({ layer: region.layers[0], tiles: region.tiles });
    tiles += region.tiles;
  }
  const placed = new Map(
    whole.units.map(layer => [layer.id, { ...layer, firstTile: first.get(layer.id) as number }]),
  );
  const sharers = new Map<number, number>();
  for (const layer of placed.values())
    for (const tile of tilesOf(layer)) sharers.set(tile, (sharers.get(tile) ?? 0) + 1);
  const inTurn = (layer: Layer): boolean => tilesOf(layer).some(tile => (sharers.get(tile) as number) > 1);
  const layers = new Map(
    [...whole.layers].map(([id, layer]): [string, Layer] => {
      const unit = placed.get(layer.unit) as Layer;
      const own = { ...layer, firstTile: unit.firstTile };
      return [id, inTurn(unit) ? { ...own, inTurn: true } : own];
    }),
  );
  const units = whole.units.map(({ id }) => layers.get(id) as Layer);
  return { layers, units, tiles, chipTiles: available, crossbars: crossbarsOf(units), standing };
}

/** Layers by the step that needs them first; those that none needs last. */
function inOrderOf(layers: readonly Layer[], uses: ReadonlyMap<string, Use>): Layer[] {
  const useOf = ({ id }: Layer): number => uses.get(id)?.first ?? Number.MAX_SAFE_INTEGER;
  return layers.toSorted((a, b) => useOf(a) - useOf(b));
}

/** Crossbars that are ever in use, each once. */
function crossbarsOf(units: readonly Layer[]): number {
  const used = new Map<number, number>();
  for (const layer of units)
    tilesOf(layer).forEach((tile, i) => {
      used.set(tile, Math.max(used.get(tile) ?? 0, layer.tiles[i].crossbars));
    });
  return sum([...used.values()], count => count);
}

interface Use {
  readonly first: number;
  /** Reads in one image. */
  readonly count: number;
}

function usesOf(steps: readonly Step[]): Map<string, Use> {
  const uses = new Map<string, Use>();
  for (const { layer, index, kind } of steps) {
    if (layer === undefined) continue;
    const { first, count } = uses.get(layer) ?? { first: index, count: 0 };
    uses.set(layer, { first, count: count + (kind === 'read' ? 1 : 0) });
  }
  return uses;
}

const tilesIn = (layers: readonly Layer[]): number => sum(layers, ({ tiles }) => tiles.length);

/** Arrays that hold one set of weights. */
const isAlone = (whole: Placement, unit: string): boolean =>
  [...whole.layers.values()].filter(layer => layer.unit === unit).length === 1;

/** Those on the device that most tiles are made of: a tile has crossbars of one. */
function ofOneDevice(layers: readonly Layer[]): Layer[] {
  const tiles = new Map<Layer['device'], number>();
  for (const { device, tiles: own } of layers) tiles.set(device, (tiles.get(device) ?? 0) + own.length);
  const [most] = [...tiles].toSorted((a, b) => b[1] - a[1]).map(([device]) => device);
  return layers.filter(({ device }) => device === most);
}
