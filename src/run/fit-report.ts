/** What fits on a chip: tiles that each layer takes, which of them stay and which take turns, and what comes from DRAM. Nothing runs. */
import { sum } from '../base/sum.ts';
import { weightBitsOf } from '../hw/program.ts';
import { reloadedBits } from '../map/rotation.ts';
import { spilledBits } from '../map/spill.ts';
import { planRun, type RunSpec } from './machine.ts';

/** How a layer has its tiles: for itself, in turn with others from DRAM, or in turn and made at run time. */
export type LayerStay = 'stays' | 'reloaded' | 'rewritten';

/** One layer of a network on its tiles. */
export interface FitLayer {
  readonly id: string;
  readonly tiles: number;
  readonly firstTile: number;
  /** Of its weights; of a matrix that is made at run time, of that. */
  readonly bits: number;
  readonly stay: LayerStay;
}

/** A network on a chip, before it runs. */
export interface FitReport {
  readonly arch: string;
  readonly model: string;
  /** Tiles that the layers would take if each had its own. */
  readonly tilesNeeded: number;
  /** On the chip, and in use. */
  readonly tiles: number;
  readonly tilesUsed: number;
  readonly layers: readonly FitLayer[];
  /** Images that pass a partition before the next is loaded. */
  readonly batch: number;
  /** Reloads of one batch, and what they bring from DRAM per image. */
  readonly reloads: number;
  readonly dramBits: number;
  /** Values that the global buffer does not hold: to and from DRAM per image. */
  readonly spilledBits: number;
}

/**
 * What fits where, by the plan of a run that does not start.
 * @example fitReport({ arch, model, reuse }).dramBits
 * @throws TrexError for a network that the chip cannot hold.
 */
export function fitReport(spec: RunSpec): FitReport {
  const { placement, steps, batch, graph } = planRun(spec);
  const layers = placement.units.map(
    (layer): FitLayer => ({
      id: layer.id,
      tiles: layer.tiles.length,
      firstTile: layer.firstTile,
      bits: weightBitsOf(layer),
      stay: layer.inTurn !== true ? 'stays' : layer.dynamic ? 'rewritten' : 'reloaded',
    }),
  );
  return {
    arch: spec.arch.name,
    model: graph.model.name,
    tilesNeeded: sum(layers, ({ tiles }) => tiles),
    tiles: placement.chipTiles,
    tilesUsed: placement.tiles,
    layers,
    batch,
    reloads: steps.filter(({ kind }) => kind === 'load').length,
    dramBits: reloadedBits(steps, placement.layers) / batch,
    spilledBits: spilledBits(steps) / batch,
  };
}
