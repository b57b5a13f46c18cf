/** What a uniform pattern of attention reuse declares; one file each in patterns/ (TReX, arXiv 2408.12742, Fig. 5 and 6a). */

/** sl: index distance between reuse encoders; ncont: length of the continuous middle; start: first reuse encoder. */
export type PatternOption = 'sl' | 'ncont' | 'start';

/** One set of reuse encoders that a kind of pattern makes. */
export interface EncoderSet {
  /** Index distance between reuse encoders, >= 2 (a gap of sl - 1 encoders); null where there is none. */
  readonly sl: number | null;
  /** Length of a pyramid's continuous middle; null for the others. */
  readonly ncont: number | null;
  /** First reuse encoder, 0-based. */
  readonly start: number;
  /** The reuse encoders, ascending, 0-based. */
  readonly encoders: readonly number[];
}

export interface ReusePattern<Kind extends string = string> {
  /** That of its file, and what `--reuse` calls it. */
  readonly kind: Kind;
  /** Place among the kinds by the accuracy that they keep, best first (Fig. 16). */
  readonly rank: number;
  /** What `--reuse` takes after the count, in the order of the grammar. */
  readonly options: readonly PatternOption[];
  /**
   * Every set with `count` of `encoders` encoders reusing, best first: larger SL, then a shorter continuous middle, then a
   * later start (Fig. 16). Encoder 0 has nothing to reuse, so starts are >= 1.
   */
  list(encoders: number, count: number): EncoderSet[];
}

/** A kind of pattern, with its name as a type. */
export const reusePattern = <const Kind extends string>(pattern: ReusePattern<Kind>): ReusePattern<Kind> =>
  pattern;

/** Index distances that can fit, largest first. */
export const strides = (encoders: number): number[] => descending(2, encoders - 2);

/** The encoder sets that these steps from one reuse encoder to the next make, latest start first. */
export function starts(encoders: number, steps: readonly number[]): Pick<EncoderSet, 'start' | 'encoders'>[] {
  const span = steps.reduce((a, b) => a + b, 0);
  return descending(1, encoders - 1 - span).map(start => {
    const set = [start];
    for (const step of steps) set.push(set[set.length - 1] + step);
    return { start, encoders: set };
  });
}

function descending(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => to - i);
}
