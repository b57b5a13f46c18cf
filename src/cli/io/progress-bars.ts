/** Progress of a command that has several parts, one after another: a line for each, and Ctrl-C between two steps. */
import type { PartProgress, ProgressHooks } from '../../base/progress.ts';
import { checkStopped, onStop } from './interrupt.ts';
import { type Progress, progress } from './progress.ts';

export class ProgressBars implements ProgressHooks {
  readonly #quiet: boolean;
  #bar: Progress | undefined;
  #at: PartProgress = { label: '', unit: '', done: 0, total: 0 };

  constructor(quiet: boolean) {
    this.#quiet = quiet;
    onStop(() => this.done());
  }

  readonly onProgress = (at: PartProgress): void => {
    if (at.label !== this.#at.label) {
      this.done();
      const now = (): number => performance.now();
      this.#bar = progress(at.label, { stream: process.stderr, quiet: this.#quiet, now, unit: at.unit });
    }
    this.#at = at;
    this.#bar?.update(at.done, at.total);
  };

  /** @throws TrexError (130) after a signal. */
  readonly pause = (): Promise<void> => checkStopped(this.#at.done, this.#at.total, this.#at.unit);

  /** A pause that counts `unit` of the part `label`. @throws TrexError (130) after a signal. */
  readonly counting =
    (label: string, unit: string) =>
    (done: number, total: number): Promise<void> => {
      this.onProgress({ label, unit, done, total });
      return this.pause();
    };

  /** A line beside the progress. */
  readonly say = (line: string): void => {
    if (!this.#quiet) process.stderr.write(`${line}\n`);
  };

  done(): void {
    this.#bar?.done();
    this.#bar = undefined;
    this.#at = { label: '', unit: '', done: 0, total: 0 };
  }
}
