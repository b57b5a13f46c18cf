/** Time of a run on a page: which frame a moment is in, a logarithmic bar, and what has been spent by then. */
import type { FilmAnswer } from '../work/protocol.ts';

export const TICKS_A_SECOND = 1e12;
/** Positions of the bar. */
export const BAR = 1000;
/** The bar begins at this share of the run. */
const FIRST = 1 / 2048;

/** The frame that ends at `tick` or holds it. */
export function frameAt({ edges }: Pick<FilmAnswer, 'edges'>, tick: number): number {
  let low = 0;
  let high = edges.length - 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle + 1] < tick) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const tickOfBar = (position: number, end: number): number => end * FIRST ** (1 - position / BAR);

export const barOfTick = (tick: number, end: number): number =>
  Math.max(0, Math.round(BAR * (1 - Math.log(Math.max(FIRST, tick / end)) / Math.log(FIRST))));

/** Energy up to `tick`: that of each step spread evenly over its time, what no step has (standby) over the whole run. */
export function spentBy({ steps, end, energy_J }: FilmAnswer, tick: number): number {
  if (tick >= end) return energy_J;
  let spent = 0;
  let ofSteps = 0;
  const now = tick / TICKS_A_SECOND;
  for (const step of steps) {
    ofSteps += step.energy_J;
    const length = step.end_s - step.start_s;
    const share = length > 0 ? (now - step.start_s) / length : now >= step.end_s ? 1 : 0;
    spent += step.energy_J * Math.min(1, Math.max(0, share));
  }
  return spent + ((energy_J - ofSteps) * tick) / end;
}
