/** Cycles of the chip's clock on every path that is timed by it: wires, buffers, logic. */
import type { PerLevel } from '../hw/buffer-levels.ts';
import { linkCycles } from '../hw/noc/router-blocks.ts';
import { type Tick, toTicks } from '../sim/tick.ts';
import type { BufferCost } from '../tech/buffer-cost.ts';
import type { Digital } from '../tech/schema.ts';

/** Cycles of the chip's clock, each from 1 up. */
export interface PathCycles {
  /** An addition, a stage of a router, an element of a vector lane. */
  readonly logic: number;
  /** The H-tree of a tile, from the buffer to the PEs. */
  readonly tileWire: number;
  readonly buffers: PerLevel<{
    /** Of a word. */
    readonly access: number;
    /** From one word of a port to the next. */
    readonly interval: number;
  }>;
}

/** A path that ends within a cycle takes one. */
export function pathCycles(
  cycle: Tick,
  digital: Digital,
  buffers: PerLevel<BufferCost>,
  tileSide_m: number,
): PathCycles {
  const cycles = (time_s: number): number => Math.max(1, Math.ceil(toTicks(time_s) / cycle));
  return {
    logic: cycles(digital.logic.delay),
    tileWire: linkCycles(digital, tileSide_m, cycle),
    buffers: Object.fromEntries(
      Object.entries(buffers).map(([level, { access_s, interval_s }]) => [
        level,
        { access: cycles(access_s), interval: cycles(interval_s) },
      ]),
    ) as PathCycles['buffers'],
  };
}
