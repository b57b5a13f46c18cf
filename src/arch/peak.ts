/** What a chip of a fixed size could do at most: every crossbar reads all the time. The figures that papers put in their tables. */
import { toSeconds } from '../sim/tick.ts';
import { conversionOf } from '../tech/conversion-of.ts';
import type { CrossbarCost } from '../tech/crossbar-cost.ts';
import { arraysPerWeight, weightColumns } from '../tech/device-encoding.ts';
import { ofPe } from '../tech/pe-parts.ts';
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
  const planes_per_s = tiles * tile.pes * planeRate(cost, pe.crossbars, pe.adcBanks);
  const slices = arraysPerWeight(devices.static, precision.weights);
  const macs =
    (conversionOf(devices.static).arrayRows * weightColumns(devices.static, precision.weights)) / slices;
  const read_J = cost.readParts.reduce((sum, part) => sum + part.energy_J, 0);
  const counts = { chip: 1, tile: tiles, pe: tiles * tile.pes };
  const total = (of: (extra: (typeof extras)[number]) => number): number =>
    extras.reduce((sum, extra) => sum + counts[extra.per] * extra.count * of(extra), 0);
  return {
    crossbars,
    ops_per_s: (OPS_PER_MAC * macs * planes_per_s) / cost.planes,
    power_W: planes_per_s * read_J + total(extra => extra.power),
    area_m2: counts.pe * ofPe(cost.standing, pe, 'area_m2') + total(extra => extra.area),
  };
}

/** Bit planes per second of the crossbars of a PE: they read all the time, or their ADC banks convert all the time. */
function planeRate(cost: CrossbarCost, crossbars: number, banks: number): number {
  const bankTicks = cost.plane?.convert ?? cost.readTime;
  return Math.min(crossbars / toSeconds(planeTicks(cost)), banks / toSeconds(bankTicks));
}

/** Time from one bit plane to the next: where planes overlap, that of the slowest stage. Rows and ADCs both wait for the sampling. */
function planeTicks({ plane, readTime }: CrossbarCost): number {
  if (plane === undefined || !plane.overlap) return readTime;
  return Math.max(plane.drive + plane.hold, plane.hold + plane.convert, plane.shiftAdd);
}
