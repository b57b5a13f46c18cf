/** Uniform attention-reuse patterns: strided, continuous and pyramid (TReX, arXiv 2408.12742, Fig. 5 and 6a). */

/** Continuous runs are never called pyramids: their middle must be at least this long. */
const MIN_CONTINUOUS = 2;

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

/** What a kind of pattern declares: the options that `--reuse` takes after its count, and which patterns fit. */
interface PatternFamily {
  readonly options: readonly PatternOption[];
  /**
   * Every pattern with `count` of `encoders` encoders reusing, best first: larger SL, then a shorter continuous middle, then a
   * later start (Fig. 16). Encoder 0 has nothing to reuse, so starts are >= 1.
   */
  list(encoders: number, count: number): Omit<Pattern, 'kind'>[];
}

/** sl: index distance between reuse encoders; ncont: length of the continuous middle; start: first reuse encoder. */
export type PatternOption = 'sl' | 'ncont' | 'start';

/** What a value of an option is called in the grammar. */
const VALUE: Readonly<Record<PatternOption, string>> = { sl: 'S', ncont: 'C', start: 'K' };

/** In the order in which the paper found them to keep accuracy, best first (Fig. 16). */
const PATTERNS = {
  strided: {
    options: ['sl', 'start'],
    list(encoders, count) {
      if (count === 1) return starts(encoders, []).map(p => ({ sl: null, ncont: null, ...p }));
      return strides(encoders).flatMap(sl =>
        starts(encoders, new Array(count - 1).fill(sl)).map(p => ({ sl, ncont: null, ...p })),
      );
    },
  },
  pyramid: {
    options: ['sl', 'ncont', 'start'],
    list: (encoders, count) =>
      strides(encoders).flatMap(sl =>
        middles(count).flatMap(ncont =>
          starts(encoders, pyramidSteps(count, sl, ncont)).map(p => ({ sl, ncont, ...p })),
        ),
      ),
  },
  continuous: {
    options: ['start'],
    list: (encoders, count) =>
      starts(encoders, new Array(count - 1).fill(1)).map(p => ({ sl: null, ncont: null, ...p })),
  },
} as const satisfies Record<string, PatternFamily>;

export type PatternKind = keyof typeof PATTERNS;

export const patternKinds = Object.keys(PATTERNS) as readonly PatternKind[];

/** Options of a kind of pattern, in the order of the grammar. */
export const patternOptions = (kind: PatternKind): readonly PatternOption[] => PATTERNS[kind].options;

/** How `--reuse` names a kind of pattern: `strided:N[,sl=S][,start=K]`. */
export const patternGrammar = (kind: PatternKind): string =>
  `${kind}:N${patternOptions(kind)
    .map(option => `[,${option}=${VALUE[option]}]`)
    .join('')}`;

/** The patterns of one kind with `count` of `encoders` encoders reusing, best first. */
export const patternsOfKind = (kind: PatternKind, encoders: number, count: number): Pattern[] =>
  count < 1 ? [] : PATTERNS[kind].list(encoders, count).map(pattern => ({ kind, ...pattern }));

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

/** The text that names a pattern: `strided:4,sl=2,start=1`. */
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
