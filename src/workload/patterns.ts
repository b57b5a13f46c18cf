/** Uniform attention-reuse patterns: strided, continuous and pyramid (TReX, arXiv 2408.12742, Fig. 5 and 6a). */

/** Continuous runs are never called pyramids: their middle must be at least this long. */
const MIN_CONTINUOUS = 2;

export type PatternKind = 'strided' | 'pyramid' | 'continuous';

/** In the order in which the paper found them to keep accuracy, best first (Fig. 16). */
export const patternKinds: readonly PatternKind[] = ['strided', 'pyramid', 'continuous'];

export interface Pattern {
  readonly kind: PatternKind;
  /** Index distance between reuse encoders, >= 2 (a gap of sl - 1 encoders); null where there is none. */
  readonly sl: number | null;
  /** Length of a pyramid's continuous middle; null for the others. */
  readonly ncont: number | null;
  /** First reuse encoder, 0-based. */
  readonly start: number;
  /** The reuse encoders, ascending, 0-based. */
  readonly encoders: readonly number[];
}

/**
 * Every uniform pattern of one kind with `count` of `encoders` encoders reusing, best first: larger SL, then a
 * shorter continuous middle, then a later start (Fig. 16). Encoder 0 has nothing to reuse, so starts are >= 1.
 */
export function patternsOfKind(kind: PatternKind, encoders: number, count: number): Pattern[] {
  if (count < 1) return [];
  switch (kind) {
    case 'strided':
      if (count === 1) return starts(encoders, []).map(p => ({ kind, sl: null, ncont: null, ...p }));
      return strides(encoders).flatMap(sl =>
        starts(encoders, new Array(count - 1).fill(sl)).map(p => ({ kind, sl, ncont: null, ...p })),
      );
    case 'continuous':
      return starts(encoders, new Array(count - 1).fill(1)).map(p => ({ kind, sl: null, ncont: null, ...p }));
    case 'pyramid':
      return strides(encoders).flatMap(sl =>
        middles(count).flatMap(ncont =>
          starts(encoders, pyramidSteps(count, sl, ncont)).map(p => ({ kind, sl, ncont, ...p })),
        ),
      );
  }
}

/** Every uniform pattern, best first; two that name the same encoders appear once, under the first name. */
export function uniformPatterns(encoders: number, count: number): Pattern[] {
  const bySet = new Map<string, Pattern>();
  for (const kind of patternKinds)
    for (const pattern of patternsOfKind(kind, encoders, count)) {
      const key = pattern.encoders.join();
      if (!bySet.has(key)) bySet.set(key, pattern);
    }
  return [...bySet.values()];
}

/** The words that name a pattern: `strided:4,sl=2,start=1`. */
export function patternName(pattern: Pattern): string {
  const { kind, sl, ncont, start, encoders } = pattern;
  const parts = [`${kind}:${encoders.length}`];
  if (sl !== null) parts.push(`sl=${sl}`);
  if (ncont !== null) parts.push(`ncont=${ncont}`);
  return [...parts, `start=${start}`].join(',');
}

/** Index distances that can fit, largest first. */
const strides = (encoders: number): number[] => descending(2, encoders - 2);

/** Lengths of a pyramid's middle that leave the same number of strided encoders, at least one, on each side. */
function middles(count: number): number[] {
  const lengths: number[] = [];
  for (let n = MIN_CONTINUOUS + (count % 2); n <= count - 2; n += 2) lengths.push(n);
  return lengths;
}

/** Strided, continuous, strided: the steps from one reuse encoder to the next. */
function pyramidSteps(count: number, sl: number, ncont: number): number[] {
  const side = new Array((count - ncont) / 2).fill(sl);
  return [...side, ...new Array(ncont - 1).fill(1), ...side];
}

/** The encoder sets that these steps make, latest start first. */
function starts(encoders: number, steps: readonly number[]): Pick<Pattern, 'start' | 'encoders'>[] {
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
