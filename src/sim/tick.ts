/** Simulated time: integer picoseconds in a JS number, and the order of events that share a tick. */
export type Tick = number;

/**
 * What a field for a tick holds before its first one. V8 takes a field that begins with a small integer for one of those,
 * and throws away what it compiled when the first tick outgrows them, after 2 ms of simulated time.
 */
export const NO_TICK: Tick = Number.NaN;

/** Latest tick a kernel accepts: (tick, phase) must stay exact in one double, so 2^51 ps = 37.5 minutes. */
export const MAX_TICK: Tick = 2 ** 51;

/** Values arrive, then blocks act on them, then probes look. */
export const Phase = { Deliver: 0, Compute: 1, Observe: 2 } as const;
export type Phase = (typeof Phase)[keyof typeof Phase];

const PER_SECOND = 1e12;

/** Seconds to ticks, rounded to the nearest picosecond. */
export const toTicks = (seconds: number): Tick => Math.round(seconds * PER_SECOND);

/** Ticks to seconds. */
export const toSeconds = (ticks: Tick): number => ticks / PER_SECOND;

/** A run that goes on beyond MAX_TICK: its times or its work are too large, which is the user's to mend. */
export class TimeOverflow extends RangeError {
  constructor(tick: Tick) {
    super(
      `the run passes ${toSeconds(MAX_TICK)} s of simulated time, the most that the event kernel holds (an event at ${toSeconds(tick)} s)`,
    );
    this.name = 'TimeOverflow';
  }
}
