/** The arrays of a cache as they are when a run reads them: filled up to its last position, of which it writes the new ones. */
import type { ArchConfig } from '../arch/config.ts';
import type { Layer } from '../hw/program.ts';
import type { Op } from '../workload/op.ts';
import {
  type CacheOp,
  type CacheUse,
  cacheLayers,
  isCacheOp,
  onPositions,
  positionsOf,
} from './cache-split.ts';
import type { CacheView } from './grid.ts';
import { type Placement, viewedTiles } from './place.ts';

/** The placement of a chip at a run of `ops`: every cache holds what it has by then. */
export function atRun(chip: Placement, ops: readonly Op[], use: CacheUse, arch: ArchConfig): Placement {
  const layers = new Map(chip.layers);
  // Layers that are cut alike share their blocks.
  const cuts = new Map<string, Layer['tiles']>();
  for (const op of ops) {
    if (!isCacheOp(op) || use.split.crossbars === 0) continue;
    const whole = onPositions(op, use.split.crossbars);
    const view = viewOf(op, use, arch);
    const key = JSON.stringify([view, whole.batch, whole.k, whole.n, whole.streamedBits]);
    for (const id of cacheLayers(op, use.batch)) {
      const layer = layers.get(id)!;
      const known = cuts.get(key) ?? viewedTiles(whole, layer, view, arch);
      cuts.set(key, known);
      layers.set(id, { ...layer, tiles: known });
    }
  }
  return { ...chip, layers };
}

function viewOf(op: CacheOp, { split }: CacheUse, { kvCache }: ArchConfig): CacheView {
  const held = Math.min(positionsOf(op), split.crossbars);
  return {
    held,
    fresh: Math.min(op.cached, held),
    columns: op.transposed,
    asLine: !op.transposed || (kvCache?.keys ?? 'rows') === 'rows',
  };
}
