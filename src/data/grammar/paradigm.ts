/** A paradigm: a contrast between acceptable and unacceptable sentences that differ in one thing (minimal pairs, as in BLiMP, arXiv 1912.00582). */
import type { RandomStream } from '../../base/random.ts';
import { ADJECTIVES, PEOPLE, PLACES } from './lexicon.ts';

/**
 * Sentences of one draw. The acceptable ones together hold exactly the words of the unacceptable ones, each as often:
 * no count of words, and no length, tells them apart.
 */
export interface Contrast {
  readonly good: readonly string[];
  readonly bad: readonly string[];
}

export interface Paradigm {
  /** Lower-case words with dashes; the first column of the file. */
  readonly name: string;
  /** One or two of each kind. Two draws that share a sentence have the same key. */
  readonly draw: (draw: Draw) => Contrast;
}

/**
 * Random choices. What stands in every sentence of the contrast is recorded and names it; what stands in some of them
 * only is free: two contrasts that differ in nothing else share sentences, and count as one.
 */
export class Draw {
  readonly #random: RandomStream;
  readonly #recorded: number[] = [];

  constructor(random: RandomStream) {
    this.#random = random;
  }

  /** Names what was drawn. */
  get key(): string {
    return this.#recorded.join(' ');
  }

  /** One of a list, recorded. */
  of<T>(list: readonly T[]): T {
    const i = this.#index(list.length);
    this.#recorded.push(i);
    return list[i];
  }

  /** One of a list, free. */
  free<T>(list: readonly T[]): T {
    return list[this.#index(list.length)];
  }

  /** Two different ones of a list, free. */
  freePair<T>(list: readonly T[]): [T, T] {
    const i = this.#index(list.length);
    return [list[i], list[(i + 1 + this.#index(list.length - 1)) % list.length]];
  }

  flag(): boolean {
    return this.of([false, true]);
  }

  /** `the `, with an adjective in half of the draws. */
  the(): string {
    return this.flag() ? `the ${this.of(ADJECTIVES)} ` : 'the ';
  }

  /** Nothing, or in half of the draws ` near the teacher`. */
  place(): string {
    return this.flag() ? ` ${this.of(PLACES)} the ${this.of(PEOPLE).sg}` : '';
  }

  #index(length: number): number {
    return Math.floor(this.#random() * length);
  }
}
