/** Tiles of a run for the floorplan: where they stand, what they hold, and what that cost. */
import { sum } from '../../base/sum.ts';
import type { ChipPlace } from '../../hw/noc/floorplan.ts';
import type { Observation, PlacedLayer } from '../observation.ts';
import type { LayerRow } from '../result.ts';
import { isOfTile } from './places.ts';

/** A tile of the floorplan. */
export interface TileData extends ChipPlace {
  /** The first layer that it holds; null: none. */
  readonly layer: string | null;
  /** All of them: arrays may hold several sets of weights. */
  readonly layers: readonly string[];
  /** Index among `stages`. */
  readonly stage: number;
  /** Share of the cells of all its crossbars that hold a part of a weight. */
  readonly cells: number;
  /** What its own blocks take for one image; a layer's energy is divided by crossbars. */
  readonly energy_J: number;
  /** Of a cell and image. */
  readonly writes: number;
  /** Share of the time in which links that end here carry flits, over all of them. */
  readonly traffic: number;
}

/** The chip from above. */
export interface FloorplanData {
  readonly noc: string;
  readonly hub: ChipPlace;
  readonly tiles: readonly TileData[];
  readonly links: readonly { readonly from: ChipPlace; readonly to: ChipPlace; readonly share: number }[];
  readonly stages: readonly string[];
}

/** `time_s`: from one image to the next. */
export function floorplanOf(seen: Observation, layers: readonly LayerRow[], time_s: number): FloorplanData {
  const rows = new Map(layers.map(row => [row.step, row]));
  const stageOf = ({ steps, id }: PlacedLayer): string =>
    rows.get(steps.at(-1) ?? '')?.stage ?? rows.get(id)?.stage ?? 'other';
  const stages = [...new Set(seen.layers.map(stageOf))];
  const inTiles = new Map<string, number>();
  for (const { step, component, energy_J } of seen.energies)
    if (isOfTile(component)) inTiles.set(step, (inTiles.get(step) ?? 0) + energy_J);
  const ending = new Map<string, number[]>();
  for (const { to, busy_s } of seen.links) {
    const key = `${to.x} ${to.y}`;
    ending.set(key, [...(ending.get(key) ?? []), busy_s / time_s]);
  }
  const tiles = seen.tiles.map((place): TileData & { layers: string[] } => ({
    x: place.x,
    y: place.y,
    layer: null,
    layers: [],
    stage: 0,
    cells: 0,
    energy_J: 0,
    writes: 0,
    traffic: sum(ending.get(`${place.x} ${place.y}`) ?? [], share => share),
  }));
  for (const layer of seen.layers) {
    const energy_J = sum(layer.steps, step => inTiles.get(step) ?? 0);
    const crossbars = sum(layer.tiles, tile => tile.crossbars);
    const positions = layer.cellsPerCrossbar * seen.crossbarsPerTile;
    layer.tiles.forEach((block, i) => {
      const number = layer.firstTile + i;
      const before = tiles[number];
      tiles[number] = {
        x: before.x,
        y: before.y,
        layer: before.layer ?? layer.id,
        layers: [...before.layers, layer.id],
        stage: stages.indexOf(stageOf(layer)),
        cells: Math.max(before.cells, block.cells / positions),
        energy_J: before.energy_J + (energy_J * block.crossbars) / crossbars,
        writes: before.writes + layer.writes,
        traffic: before.traffic,
      };
    });
  }
  return {
    noc: seen.noc,
    hub: seen.hub,
    tiles,
    links: seen.links.map(({ from, to, busy_s }) => ({ from, to, share: busy_s / time_s })),
    stages,
  };
}
