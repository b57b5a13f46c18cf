/** The controller: issues the jobs of each step when what they wait for is there, and when the step has room for one more. */
import { Component } from '../sim/component.ts';
import { ProbePoint } from '../sim/probe.ts';
import type { Tick } from '../sim/tick.ts';
import { jobsBefore, type Step, slotOf, stepOf, WINDOW } from './program.ts';

/** When a step ran, in the image that ran last. */
export interface StepTime {
  readonly start: Tick;
  readonly end: Tick;
}

export class Controller extends Component {
  readonly steps: readonly Step[];
  /** A job starts or ends: (slot, job). */
  readonly onJobStart = new ProbePoint();
  readonly onJobEnd = new ProbePoint();
  readonly #start: (slot: number) => void;
  /** By step: its jobs, and those that may be in flight. */
  readonly #total: Int32Array;
  readonly #windows: Int32Array;
  readonly #dependents: readonly (readonly number[])[];
  readonly #issued: Int32Array;
  /** Jobs 0 .. completed - 1 are done. */
  readonly #completed: Int32Array;
  readonly #done: Uint8Array;
  readonly #startedAt: Float64Array;
  readonly #endedAt: Float64Array;
  #open = 0;
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
    const dependents = steps.map((): number[] => []);
    for (const step of steps) for (const dep of step.after) dependents[dep.step].push(step.index);
    this.#dependents = dependents;
    this.#issued = new Int32Array(steps.length);
    this.#completed = new Int32Array(steps.length);
    this.#done = new Uint8Array(steps.length * WINDOW);
    this.#startedAt = new Float64Array(steps.length);
    this.#endedAt = new Float64Array(steps.length);
    this.stat('jobs', 'jobs', () => this.#jobs);
  }

  /** Steps of the image that still have jobs. */
  get open(): number {
    return this.#open;
  }

  /** Start and end of each step of the last image. */
  get times(): readonly StepTime[] {
    return this.steps.map((_, i) => ({ start: this.#startedAt[i], end: this.#endedAt[i] }));
  }

  /** Starts an image now; the image before must have ended. */
  begin(): void {
    if (this.#open > 0) throw new RangeError('an image begins before the last one has ended');
    this.#issued.fill(0);
    this.#completed.fill(0);
    this.#done.fill(0);
    this.#open = this.steps.length;
    for (let step = 0; step < this.steps.length; step++) this.#issue(step);
  }

  /** The steps have other jobs, and as many of them may be in flight; what waits for what stays. No image is open. */
  resize(windows: readonly number[]): void {
    if (this.#open > 0) throw new RangeError('steps change while an image is open');
    this.#windows.set(windows);
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
      this.onJobEnd.emit(slotOf(step, completed), completed);
      completed++;
    }
    if (completed === before) return;
    this.#completed[step] = completed;
    if (completed === this.#total[step]) {
      this.#endedAt[step] = this.kernel.now;
      this.#open--;
    } else {
      this.#issue(step);
    }
    const dependents = this.#dependents[step];
    for (let i = 0; i < dependents.length; i++) this.#issue(dependents[i]);
  }

  #issue(index: number): void {
    while (
      this.#issued[index] < this.#total[index] &&
      this.#issued[index] - this.#completed[index] < this.#windows[index] &&
      this.#ready(this.steps[index], this.#issued[index])
    ) {
      const job = this.#issued[index]++;
      const slot = slotOf(index, job);
      if (job === 0) this.#startedAt[index] = this.kernel.now;
      this.#jobs++;
      this.onJobStart.emit(slot, job);
      this.#start(slot);
    }
  }

  #ready(step: Step, job: number): boolean {
    for (const dep of step.after)
      if (this.#completed[dep.step] < jobsBefore(dep, job, this.#total[dep.step])) return false;
    return true;
  }
}
