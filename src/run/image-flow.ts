/** Images that come to a chip, go into it as it has room for them, and leave it: when each did. */
import type { Controller } from '../hw/controller.ts';
import { Phase, type Tick } from '../sim/tick.ts';

/** Of each image, in ticks from the moment from which images come. */
export interface FlowTimes {
  readonly arrivals: readonly Tick[];
  /** Of the first job. */
  readonly starts: readonly Tick[];
  /** Of the last job. */
  readonly ends: readonly Tick[];
  /** Ticks, summed over images, in which one was waiting or under way; and the most that were. */
  readonly presence: Tick;
  readonly most: number;
  readonly mostUnderWay: number;
}

/** What comes when, and how many may be under way. */
export interface FlowPlan {
  readonly images: number;
  /** Ticks from the first; undefined: the next image is always there, and comes when the chip begins it. */
  readonly arrivals: readonly Tick[] | undefined;
  /** Images that the chip has room for. */
  readonly places: number;
}

export class ImageFlow {
  readonly #controller: Controller;
  readonly #plan: FlowPlan;
  readonly #origin: Tick;
  readonly #arrivals: Tick[] = [];
  readonly #starts: Tick[] = [];
  readonly #ends: Tick[] = [];
  #waiting = 0;
  #admitted = 0;
  #presence = 0;
  #present = 0;
  #changed: Tick;
  #most = 0;
  #mostUnderWay = 0;

  /** Images come from now on. */
  constructor(controller: Controller, plan: FlowPlan) {
    this.#controller = controller;
    this.#plan = plan;
    const { kernel } = controller;
    this.#origin = kernel.now;
    this.#changed = kernel.now;
    controller.onJobStart.attach((_slot, _job, image) => {
      if (image === this.#starts.length) this.#begin();
    });
    // What an end sets free is given away when the job that ended is done with.
    const admit = kernel.handler(() => this.#admit());
    controller.onImageEnd.attach(() => {
      this.#count(-1);
      this.#ends.push(kernel.now - this.#origin);
      kernel.at(kernel.now, Phase.Compute, admit, 0);
    });
    if (plan.arrivals === undefined) {
      this.#waiting = plan.images;
      this.#admit();
      return;
    }
    const arrive = kernel.handler(() => this.#arrive());
    for (const [i, at] of plan.arrivals.entries())
      if (at === 0) this.#arrive();
      else kernel.at(this.#origin + at, Phase.Compute, arrive, i);
  }

  get done(): boolean {
    return this.#ends.length === this.#plan.images;
  }

  get times(): FlowTimes {
    return {
      arrivals: this.#arrivals,
      starts: this.#starts,
      ends: this.#ends,
      presence: this.#presence,
      most: this.#most,
      mostUnderWay: this.#mostUnderWay,
    };
  }

  #arrive(): void {
    this.#arrivals.push(this.#controller.kernel.now - this.#origin);
    this.#count(1);
    this.#waiting++;
    this.#admit();
  }

  #admit(): void {
    while (this.#waiting > 0 && this.#admitted - this.#ends.length < this.#plan.places) {
      this.#waiting--;
      this.#admitted++;
      this.#controller.admit();
    }
  }

  #begin(): void {
    const now = this.#controller.kernel.now - this.#origin;
    this.#starts.push(now);
    this.#mostUnderWay = Math.max(this.#mostUnderWay, this.#starts.length - this.#ends.length);
    if (this.#plan.arrivals !== undefined) return;
    this.#arrivals.push(now);
    this.#count(1);
  }

  #count(change: number): void {
    const { now } = this.#controller.kernel;
    this.#presence += this.#present * (now - this.#changed);
    this.#changed = now;
    this.#present += change;
    this.#most = Math.max(this.#most, this.#present);
  }
}
