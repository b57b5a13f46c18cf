/** The controller: issues the jobs of each step when what they wait for is there, and when the step has room for one more. */
import { Component } from '../sim/component.ts';
import { ProbePoint } from '../sim/probe.ts';
import type { Tick } from '../sim/tick.ts';
import { type ImageDep, imageDeps } from './image-deps.ts';
import { jobsBefore, type Step, slotOf, stepOf, WINDOW } from './program.ts';

/** When a step ran, in the image that came to it last. */
export interface StepTime {
  readonly start: Tick;
  readonly end: Tick;
}

/**
 * Jobs of a step run on from image to image: its job number n is job n mod `jobs` of image n div `jobs`. Several images may
 * be there at once; each step takes them in their order.
 */
export class Controller extends Component {
  readonly steps: readonly Step[];
  /** A job starts or ends: (slot, job of the image, image). */
  readonly onJobStart = new ProbePoint();
  readonly onJobEnd = new ProbePoint();
  /** The last job of an image has ended: (image). */
  readonly onImageEnd = new ProbePoint();
  readonly #start: (slot: number) => void;
  /** By step: its jobs for one image, and those that may be in flight. */
  readonly #total: Int32Array;
  readonly #windows: Int32Array;
  readonly #dependents: readonly (readonly number[])[];
  readonly #imageDeps: readonly (readonly ImageDep[])[];
  /** Jobs of all images. */
  readonly #issued: Float64Array;
  /** Jobs 0 .. completed - 1 are done. */
  readonly #completed: Float64Array;
  /** The image of the next job to issue, and of the next to complete. */
  readonly #issuing: Int32Array;
  readonly #completing: Int32Array;
  readonly #done: Uint8Array;
  readonly #startedAt: Float64Array;
  readonly #endedAt: Float64Array;
  /** Steps that have not ended, of each image from the oldest that is there. */
  #open: number[] = [];
  #admitted = 0;
  #jobs = 0;

  /** `windows`: jobs of each step that may be in flight, at most WINDOW. `start(slot)` sets the unit to work. */
  constructor(
    parent: Component,
    name: string,
    steps: readonly Step[],
    windows: readonly number[],
    start: (slot: number) => void,
  ) {
    super(parent, name);
    this.steps = steps;
    this.#start = start;
    this.#total = Int32Array.from(steps, step => step.jobs);
    this.#windows = Int32Array.from(windows);
    this.#imageDeps = imageDeps(steps);
    const dependents = steps.map((): number[] => []);
    for (const step of steps) for (const dep of step.after) dependents[dep.step].push(step.index);
    for (const [index, deps] of this.#imageDeps.entries())
      for (const { step } of deps) if (!dependents[step].includes(index)) dependents[step].push(index);
    this.#dependents = dependents;
    this.#issued = new Float64Array(steps.length);
    this.#completed = new Float64Array(steps.length);
    this.#issuing = new Int32Array(steps.length);
    this.#completing = new Int32Array(steps.length);
    this.#done = new Uint8Array(steps.length * WINDOW);
    this.#startedAt = new Float64Array(steps.length);
    this.#endedAt = new Float64Array(steps.length);
    this.stat('jobs', 'jobs', () => this.#jobs);
  }

  /** Steps of the oldest image that still have jobs. */
  get open(): number {
    return this.#open[0] ?? 0;
  }

  /** Start and end of each step of the last image. */
  get times(): readonly StepTime[] {
    return this.steps.map((_, i) => ({ start: this.#startedAt[i], end: this.#endedAt[i] }));
  }

  /** Starts an image now; the image before must have ended. */
  begin(): void {
    if (this.open > 0) throw new RangeError('an image begins before the last one has ended');
    this.admit();
  }

  /** One more image is there, behind those that are under way. */
  admit(): void {
    this.#admitted++;
    this.#open.push(this.steps.length);
    for (let step = 0; step < this.steps.length; step++) this.#issue(step);
  }

  /** The steps have other jobs, and as many of them may be in flight; what waits for what stays. No image is open. */
  resize(windows: readonly number[]): void {
    if (this.open > 0) throw new RangeError('steps change while an image is open');
    this.#windows.set(windows);
    // Jobs are counted anew: those of images before were others.
    for (const counter of [this.#issued, this.#completed, this.#issuing, this.#completing]) counter.fill(0);
    this.#admitted = 0;
    for (const [i, { jobs }] of this.steps.entries()) this.#total[i] = jobs;
  }

  /** A unit reports that the job of `slot` is done. */
  complete(slot: number): void {
    const step = stepOf(slot);
    this.#done[slot] = 1;
    const before = this.#completed[step];
    let completed = before;
    // Jobs may overtake each other on the network; others see them in order.
    while (completed < this.#issued[step] && this.#done[slotOf(step, completed)] === 1) {
      this.#done[slotOf(step, completed)] = 0;
      this.#complete(step, completed++);
    }
    if (completed === before) return;
    this.#issue(step);
    const dependents = this.#dependents[step];
    for (let i = 0; i < dependents.length; i++) this.#issue(dependents[i]);
  }

  /** What the oldest image waits for, for a message; undefined where there is none. */
  get waiting(): string | undefined {
    if (this.#open.length === 0) return undefined;
    const image = this.#admitted - this.#open.length;
    const seen = new Set<number>();
    const words: string[] = [];
    // From the first step that has not ended to what it waits for, and on until something is at work or comes again.
    let at = this.steps.findIndex(({ index }) => this.#completing[index] <= image);
    while (at >= 0 && !seen.has(at)) {
      seen.add(at);
      const { id } = this.steps[at];
      const done = this.#completed[at] - image * this.#total[at];
      const inFlight = this.#issued[at] - this.#completed[at];
      words.push(`${id} (${done} of ${this.#total[at]} jobs done, ${inFlight} under way)`);
      at = inFlight > 0 ? -1 : (this.#missing(at) ?? -1);
    }
    const again = at >= 0 ? ` waits for ${this.steps[at].id}` : '';
    return `image ${image + 1}: ${words.join(' waits for ')}${again}`;
  }

  #complete(step: number, job: number): void {
    const image = this.#completing[step];
    const total = this.#total[step];
    const own = job - image * total;
    this.#completed[step] = job + 1;
    this.onJobEnd.emit(slotOf(step, job), own, image);
    if (own + 1 < total) return;
    this.#completing[step]++;
    this.#endedAt[step] = this.kernel.now;
    const oldest = this.#admitted - this.#open.length;
    if (--this.#open[image - oldest] > 0) return;
    // Every step takes images in their order, so that this is the oldest.
    this.#open.shift();
    this.onImageEnd.emit(image);
  }

  #issue(index: number): void {
    const total = this.#total[index];
    while (
      this.#issuing[index] < this.#admitted &&
      this.#issued[index] - this.#completed[index] < this.#windows[index] &&
      this.#missing(index) === undefined
    ) {
      const job = this.#issued[index]++;
      const image = this.#issuing[index];
      const own = job - image * total;
      if (own + 1 === total) this.#issuing[index]++;
      const slot = slotOf(index, job);
      if (own === 0) this.#startedAt[index] = this.kernel.now;
      this.#jobs++;
      this.onJobStart.emit(slot, own, image);
      this.#start(slot);
    }
  }

  /** A step that the next job of this one waits for. */
  #missing(index: number): number | undefined {
    const image = this.#issuing[index];
    const job = this.#issued[index] - image * this.#total[index];
    const { after } = this.steps[index];
    for (let i = 0; i < after.length; i++) {
      const { step } = after[i];
      const total = this.#total[step];
      if (this.#completed[step] < image * total + jobsBefore(after[i], job, total)) return step;
    }
    // Those of images before matter from the first job of an image on, and are then settled.
    if (job > 0) return undefined;
    const behind = this.#imageDeps[index];
    for (let i = 0; i < behind.length; i++)
      if (this.#completing[behind[i].step] <= image - behind[i].behind) return behind[i].step;
    return undefined;
  }
}
