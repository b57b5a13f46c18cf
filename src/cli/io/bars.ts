/** Progress of a command that has several parts, one after another. */
import { type Progress, progress } from './progress.ts';

/** A progress line for each part of the run. */
export class Bars {
  readonly #quiet: boolean;
  #bar: Progress | undefined;
  #label = '';
  #done = 0;
  #total = 0;

  constructor(quiet: boolean) {
    this.#quiet = quiet;
  }

  label(label: string, unit: string): void {
    if (label === this.#label) return;
    this.done();
    this.#label = label;
    const now = (): number => performance.now();
    this.#bar = progress(label, { stream: process.stderr, quiet: this.#quiet, now, unit });
  }

  set(done: number, total: number): void {
    [this.#done, this.#total] = [done, total];
    this.#bar?.update(done, total);
  }

  /** At a pause that may know how far it is. */
  draw(done: number, total: number): void {
    if (total > 0) this.set(done, total);
    else if (this.#total > 0) this.#bar?.update(this.#done, this.#total);
  }

  /** What an evaluator prints beside its answers. */
  say(line: string): void {
    if (!this.#quiet) process.stderr.write(`${line}\n`);
  }

  done(): void {
    this.#bar?.done();
    this.#label = '';
  }
}
