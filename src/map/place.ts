/** Layers to tiles: whole tiles per layer, one tile never holds two layers (TReX Fig. 8a). */
import type { ArchConfig } from '../arch/config.ts';
import { EXIT, TrexError } from '../base/errors.ts';
import type { Layer, TileBlock } from '../hw/program.ts';
import { deviceOf } from '../tech/devices.ts';
import type { Op } from '../workload/op.ts';
import { tileBlock } from './blocks.ts';
import { type CrossbarGrid, crossbarGrid, type MatmulOp } from './grid.ts';

/** Where the layers of a network are on a chip. */
export interface Placement {
  readonly layers: ReadonlyMap<string, Layer>;
  /** Tiles in use. */
  readonly tiles: number;
  /** Tiles on the chip: those in use, or more where the file fixes their number. */
  readonly chipTiles: number;
  readonly crossbars: number;
}

export const isMatmul = (op: Op): op is MatmulOp =>
  op.kind === 'static' || op.kind === 'dynamic' || op.kind === 'depthwise';

/** The name under which an op's matrix is placed: ops with one weightId share crossbars. */
export const layerId = (op: MatmulOp): string => op.weightId;

/** Places the matrices of `ops` in their order. Throws TrexError when they need more tiles than the chip has. */
export function place(ops: readonly Op[], arch: ArchConfig): Placement {
  const layers = new Map<string, Layer>();
  const cuts = new Map<string, readonly TileBlock[]>();
  const perTile = arch.pe.crossbars * arch.tile.pes;
  let tiles = 0;
  let crossbars = 0;
  for (const op of ops) {
    if (!isMatmul(op) || layers.has(layerId(op))) continue;
    const id = layerId(op);
    const dynamic = op.kind === 'dynamic';
    const device = deviceOf(arch.devices, id, dynamic);
    // A stored activation is as wide as one that streams.
    const grid = crossbarGrid(op, device, dynamic ? arch.precision.inputs : arch.precision.weights);
    // The encoders of a stack are alike: equal grids are cut once.
    const key = Object.values(grid).join(' ');
    const blocks = cuts.get(key) ?? cut(grid, arch);
    cuts.set(key, blocks);
    const cells = grid.weights * grid.slices * grid.columnsPerWeight;
    const { crossbars: own } = grid;
    layers.set(id, { id, dynamic, device, firstTile: tiles, tiles: blocks, crossbars: own, cells });
    tiles += blocks.length;
    crossbars += own;
  }
  const available = arch.chip.tiles;
  if (available !== 'auto' && available < tiles) {
    throw new TrexError(
      `the network needs ${tiles} tiles (${crossbars} crossbars of ${perTile} a tile), the chip has ${available}: ` +
        `give it more (--set chip.tiles=${tiles}, or auto) or reuse attention in more encoders`,
      EXIT.failed,
    );
  }
  return { layers, tiles, chipTiles: available === 'auto' ? tiles : available, crossbars };
}

/** A grid on whole tiles. */
function cut(grid: CrossbarGrid, arch: ArchConfig): TileBlock[] {
  const perTile = arch.pe.crossbars * arch.tile.pes;
  return Array.from({ length: Math.ceil(grid.crossbars / perTile) }, (_, i) => {
    const end = Math.min(grid.crossbars, (i + 1) * perTile);
    return tileBlock(grid, i * perTile, end, arch.pe.crossbars, arch.precision);
  });
}
