/** What a chip of a fixed size could do at most: every crossbar reads all the time. The figures that papers put in their tables. */
import { toSeconds } from '../sim/tick.ts';
import type { CrossbarCost } from '../tech/crossbar-cost.ts';
import { arraysPerWeight, weightColumns } from '../tech/device-encoding.ts';
import { chipCost } from './build.ts';
import type { ArchConfig } from './config.ts';

const OPS_PER_MAC = 2;

/** The most that a chip can do, and what it takes then. */
export interface Peak {
  readonly crossbars: number;
  /** 1 MAC = 2 ops, at the precision of the chip. */
  readonly ops_per_s: number;
  /** Of all crossbars at work, and of the blocks that draw power all the time. */
  readonly power_W: number;
  /** Of crossbars and of blocks that are listed as extras. */
  readonly area_m2: number;
}

/**
 * Peak of `tiles` tiles of `arch`, all of the static device. Buffers, network and accumulators count where the file
 * lists them as extras: components that the simulator models have no peak of their own.
 */
export function chipPeak(arch: ArchConfig, tiles: number): Peak {
  const { pe, tile, precision, devices, extras = [] } = arch;
  const cost = chipCost(arch).static;
  const crossbars = tiles * tile.pes * pe.crossbars;
  // Of the crossbars of a PE, as many read at the same time as have an ADC bank.
  const reading = (crossbars * Math.min(pe.adcBanks, pe.crossbars)) / pe.crossbars;
  const slices = arraysPerWeight(devices.static, precision.weights);
  const read_s = toSeconds(planeTicks(cost));
  const macs = (cost.rows * weightColumns(devices.static)) / slices;
  const read_J = cost.readParts.reduce((sum, part) => sum + part.energy_J, 0);
  const counts = { chip: 1, tile: tiles, pe: tiles * tile.pes };
  const total = (of: (extra: (typeof extras)[number]) => number): number =>
    extras.reduce((sum, extra) => sum + counts[extra.per] * extra.count * of(extra), 0);
  return {
    crossbars,
    ops_per_s: (OPS_PER_MAC * macs * reading) / (cost.planes * read_s),
    power_W: (reading * read_J) / read_s + total(extra => extra.power),
    area_m2: crossbars * cost.area_m2 + total(extra => extra.area),
  };
}

/** Time from one bit plane to the next: where planes overlap, the slower of driving and converting. */
function planeTicks({ plane, readTime }: CrossbarCost): number {
  if (plane === undefined || !plane.overlap) return readTime;
  return Math.max(plane.drive + plane.hold, plane.convert + plane.shiftAdd);
}
