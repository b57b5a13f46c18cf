/** Layers to tiles: whole tiles per layer, one tile never holds two layers (TReX Fig. 8a). */
import type { ArchConfig } from '../arch/config.ts';
import { TrexError } from '../base/errors.ts';
import type { Layer, TileBlock } from '../hw/program.ts';
import { setsOf } from '../tech/device-encoding.ts';
import { deviceOf } from '../tech/devices.ts';
import type { Device } from '../tech/schema.ts';
import type { MatmulOp } from '../workload/matmul.ts';
import type { DynamicOp, Op } from '../workload/op.ts';
import { type Precision, tileBlock } from './blocks.ts';
import { type CacheView, type CrossbarGrid, crossbarGrid } from './grid.ts';
import { onCrossbars } from './grouped-unit.ts';

/** Where the layers of a network are on a chip. */
export interface Placement {
  readonly layers: ReadonlyMap<string, Layer>;
  /** Layers with arrays of their own; the others are further sets of weights in these. */
  readonly units: readonly Layer[];
  /** Tiles in use; on a chip that is too small for them, before they take turns, those that they would take. */
  readonly tiles: number;
  /** Tiles on the chip: those in use, or as many as the file fixes. */
  readonly chipTiles: number;
  readonly crossbars: number;
  /** Of which layers' crossbars the tiles in use are made. */
  readonly standing: readonly StandingTiles[];
}

/** Tiles made of the crossbars that a layer takes. */
export interface StandingTiles {
  readonly layer: Layer;
  readonly tiles: number;
}

/** The name under which an op's matrix is placed: ops with one weightId share crossbars. */
export const layerId = (op: MatmulOp): string => op.weightId;

/**
 * Places the matrices of `ops` in their order, but for grouped ones that the vector unit multiplies. Arrays that hold several sets of weights take as many layers that are cut alike,
 * in turn: layers that stand next to each other, and may be at work together, are in different arrays as far as there are some.
 */
export function place(ops: readonly Op[], arch: ArchConfig): Placement {
  const layers = new Map<string, Layer>();
  const units: Layer[] = [];
  let tiles = 0;
  let crossbars = 0;
  for (const [id, { cut, index }] of cutsOf(ops, arch)) {
    const { device, dynamic, grid, streamedBits } = cut;
    cut.blocks ??= tilesOf(cut, arch);
    const own = Math.ceil(cut.layers / setsOf(device));
    const unit = index < own ? undefined : cut.units[index % own];
    const layer: Layer = {
      id,
      unit: unit?.id ?? id,
      dynamic,
      device,
      firstTile: unit?.firstTile ?? tiles,
      tiles: cut.blocks,
      crossbars: grid.crossbars,
      cells: grid.weights * grid.slices * grid.columnsPerWeight,
      ...(streamedBits !== undefined && { streamedBits }),
    };
    layers.set(id, layer);
    if (unit !== undefined) continue;
    cut.units.push(layer);
    units.push(layer);
    tiles += layer.tiles.length;
    crossbars += layer.crossbars;
  }
  const { tiles: fixed } = arch.chip;
  const chipTiles = fixed === 'auto' ? tiles : fixed;
  return { layers, units, tiles, chipTiles, crossbars, standing: standingOf(units) };
}

export const standingOf = (units: readonly Layer[]): StandingTiles[] =>
  units.map(layer => ({ layer, tiles: layer.tiles.length }));

/**
 * The layers of a smaller network of the same weights on the tiles that a larger one has: matrices that it makes fill the first of
 * their tiles, and all else stays as it is. @throws TrexError for a layer that has no place there.
 */
export function placedWithin(own: Placement, chip: Placement): Placement {
  const layers = new Map(chip.layers);
  for (const [id, one] of own.layers) {
    const there = chip.layers.get(id);
    const { tiles, crossbars, cells } = copied(one, there?.copies);
    if (there?.copies !== undefined && there.tiles.length > tiles.length)
      throw new TrexError(
        `mapping: ${id} has ${there.copies} copies, and fewer tiles of them for some inputs: not simulated; one copy of it`,
      );
    if (there === undefined || there.tiles.length < tiles.length)
      throw new TrexError(
        `${id} needs ${tiles.length} tiles, the chip has ${there?.tiles.length ?? 0} for it`,
      );
    layers.set(id, { ...there, tiles, crossbars, cells });
  }
  const tilesOfUnit = new Map<string, Layer['tiles']>();
  for (const { id, unit, tiles } of layers.values()) {
    const first = tilesOfUnit.get(unit) ?? tiles;
    tilesOfUnit.set(unit, first);
    if (!isSameCut(first, tiles))
      throw new TrexError(
        `${id} and ${unit} are sets of weights of the same arrays, and differ in size for some inputs: not simulated`,
      );
  }
  return { ...chip, layers };
}

/** A layer that stands there so often; absent: once. */
export function copied(layer: Layer, copies = 1): Layer {
  if (copies === 1) return layer;
  return Object.assign({}, layer, {
    copies,
    tiles: repeated(layer.tiles, copies),
    crossbars: copies * layer.crossbars,
    cells: copies * layer.cells,
  });
}

/** Layers that are cut alike and stand there as often share their blocks still. */
const repeats = new WeakMap<Layer['tiles'], Map<number, Layer['tiles']>>();

function repeated(tiles: Layer['tiles'], copies: number): Layer['tiles'] {
  const known = repeats.get(tiles) ?? new Map<number, Layer['tiles']>();
  repeats.set(tiles, known);
  const found = known.get(copies) ?? Array.from({ length: copies }, () => tiles).flat();
  known.set(copies, found);
  return found;
}

/** The blocks of a layer of keys or values, of which `whole` is the product with all that it can hold, as far as it is filled. */
export function viewedTiles(
  whole: DynamicOp,
  { device }: Pick<Layer, 'device'>,
  view: CacheView,
  arch: ArchConfig,
): TileBlock[] {
  const grid = crossbarGrid(whole, device, arch.precision.inputs);
  return tilesOf({ grid: { ...grid, view }, streamedBits: codeBits(whole, arch.precision) }, arch);
}

/** Layers that are cut alike share their blocks, unless they are of two networks. */
const isSameCut = (a: Layer['tiles'], b: Layer['tiles']): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b);

/** Layers that are cut alike and lie on crossbars of one device: the encoders of a stack are. */
interface Cut {
  readonly device: Device;
  readonly dynamic: boolean;
  readonly grid: CrossbarGrid;
  /** Of a value that streams in, where it is a code of fewer bits than the chip's inputs. */
  readonly streamedBits: number | undefined;
  /** How many there are, and those that have been placed on arrays of their own. */
  layers: number;
  readonly units: Layer[];
  blocks?: readonly TileBlock[];
}

/** By layer, in the order of the ops: its cut, and which of its layers it is. */
function cutsOf(ops: readonly Op[], arch: ArchConfig): Map<string, { cut: Cut; index: number }> {
  const found = new Map<string, { cut: Cut; index: number }>();
  const cuts = new Map<Device, Map<string, Cut>>();
  const isPlaced = onCrossbars(arch);
  for (const op of ops) {
    if (!isPlaced(op) || found.has(layerId(op))) continue;
    const id = layerId(op);
    const dynamic = op.kind === 'dynamic';
    const device = deviceOf(arch.devices, id, dynamic);
    // A stored activation is as wide as one that streams.
    const grid = crossbarGrid(op, device, dynamic ? arch.precision.inputs : arch.precision.weights);
    const ofDevice = cuts.get(device) ?? new Map<string, Cut>();
    cuts.set(device, ofDevice);
    const streamedBits = op.kind === 'dynamic' ? codeBits(op, arch.precision) : undefined;
    const key = [dynamic, streamedBits, ...Object.values(grid)].join(' ');
    const cut = ofDevice.get(key) ?? { device, dynamic, grid, streamedBits, layers: 0, units: [] };
    ofDevice.set(key, cut);
    found.set(id, { cut, index: cut.layers++ });
  }
  return found;
}

/** Bits of a code that streams in; undefined where it takes as many as any input of the chip. */
const codeBits = ({ streamedBits }: DynamicOp, { inputs }: Precision): number | undefined =>
  streamedBits === undefined || streamedBits >= inputs ? undefined : streamedBits;

/** A grid on whole tiles. */
function tilesOf({ grid, streamedBits }: Pick<Cut, 'grid' | 'streamedBits'>, arch: ArchConfig): TileBlock[] {
  const { inputs, outputs, partialSums } = arch.precision;
  const bits = { inputs: streamedBits ?? inputs, outputs, partialSums };
  const perTile = arch.pe.crossbars * arch.tile.pes;
  return Array.from({ length: Math.ceil(grid.crossbars / perTile) }, (_, i) => {
    const end = Math.min(grid.crossbars, (i + 1) * perTile);
    return tileBlock(grid, i * perTile, end, arch.pe.crossbars, bits);
  });
}
