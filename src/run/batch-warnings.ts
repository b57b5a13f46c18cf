/** A batch that is asked for and does not come about. */
import type { ArchConfig } from '../arch/config.ts';

/** What came of it: tiles of the chip, images that pass it together, and whether any weights come from DRAM. */
export interface BatchMade {
  readonly tiles: number;
  readonly batch: number;
  readonly isReloaded: boolean;
}

/** A chip that grows with its network is told when it is loaded. */
export function batchWarnings(
  { chip, schedule }: ArchConfig,
  { tiles, batch, isReloaded }: BatchMade,
): string[] {
  const { batch: asked = 1 } = schedule;
  if (asked === 1 || (chip.tiles === 'auto' && chip.area === undefined) || chip.overflow === 'refuse')
    return [];
  if (!isReloaded) return [`schedule.batch: has no effect, no weights are reloaded on ${tiles} tiles`];
  if (batch < asked) return [`schedule.batch: a batch of ${batch}, not of ${asked}: --images ${asked}`];
  return [];
}
