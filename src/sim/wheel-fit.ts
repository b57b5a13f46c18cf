/** How many buckets the event queue needs, and how wide: what pushes and pops have cost decides. */
import { MAX_BUCKETS, MIN_BUCKETS } from './wheel.ts';

/** What an event beyond the horizon costs, in steps along a list of runs. */
const FAR_COST = 16;
const MIN_PATIENCE = 2 ** 14;
/** Below this share of joins, a look at the runs of a bucket costs more than it saves: their nodes are not in the cache. */
const FEW_JOINS = 1 / 16;
/** So many periods without a look; then one with, as the load may have changed. */
const BLIND = 15;

/** Buckets of 2^width ps. */
export interface WheelSize {
  readonly buckets: number;
  readonly width: number;
}

/**
 * Keeps the costs, in steps of about equal time, and chooses a wheel that would have cost less: runs taken are the
 * work that must be done, steps along the runs of one bucket tell that buckets are too wide, events beyond the
 * horizon that they are too few or too narrow.
 */
export class WheelFit {
  /** Costs until the next look at them. */
  patience = MIN_PATIENCE;
  #granted = MIN_PATIENCE;
  #far = 0;
  /** The last width that was too narrow, and its steps per run taken. */
  #narrow = -1;
  #narrowCost = 0;
  #blind = 0;

  /** Counts events beyond the horizon. */
  addFar(events: number): void {
    this.#far += FAR_COST * events;
    this.patience -= FAR_COST * events;
  }

  /** Whether pushes shall look for a run of their key in the next period, after `joined` of `tried` found one. */
  readonly lookPays = (tried: number, joined: number): boolean => {
    if (this.#blind > 0) return --this.#blind === 0;
    if (joined >= tried * FEW_JOINS) return true;
    this.#blind = BLIND;
    return false;
  };

  /** Forgets the costs; with `size` events pending, a rebuild is to cost less than what comes before it. */
  restart(size: number): void {
    this.#granted = this.patience = MIN_PATIENCE + 4 * size;
    this.#far = 0;
  }

  /** The wheel for `size` events, after `steps` along the runs of buckets. */
  choose({ buckets, width }: WheelSize, size: number, steps: number): WheelSize {
    const far = this.#far;
    const taken = Math.max(1, this.#granted - this.patience - steps - far);
    const want = Math.min(MAX_BUCKETS, Math.max(MIN_BUCKETS, 2 ** Math.ceil(Math.log2(16 * size + 1))));
    const kept = Math.min(buckets, 4 * want);
    if (far > taken && far > 2 * steps) {
      if (kept < want) return { buckets: 2 * kept, width };
      this.#narrow = width;
      this.#narrowCost = (steps + far) / taken;
      return { buckets: kept, width: width + 1 };
    }
    if (4 * steps <= taken || steps <= 2 * far) return { buckets: kept, width };
    // What was too narrow once is tried again when it seems to cost less, which in the end it does.
    const least = steps < this.#narrowCost * taken ? this.#narrow + 1 : 0;
    this.#narrowCost *= 0.98;
    const wanted = Math.max(1, Math.round(Math.log2(steps / taken) / 2));
    const narrower = Math.max(0, Math.min(wanted, width - least));
    return { buckets: Math.max(kept, Math.min(want, kept * 2 ** narrower)), width: width - narrower };
  }
}
