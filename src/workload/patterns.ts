/** The uniform patterns of attention reuse, as they declare themselves in patterns/. */
import { REUSE_PATTERNS } from './patterns/all.ts';
import type { EncoderSet, PatternOption, ReusePattern } from './reuse-pattern.ts';

/** A kind of reuse pattern, as `--reuse` names it. */
export type PatternKind = (typeof REUSE_PATTERNS)[number]['kind'];

export interface Pattern extends EncoderSet {
  readonly kind: PatternKind;
}

/** What a value of an option is called in the grammar. */
const VALUE = { sl: 'S', ncont: 'C', start: 'K' } as const satisfies Record<PatternOption, string>;

const patterns: readonly ReusePattern<PatternKind>[] = REUSE_PATTERNS.toSorted((a, b) => a.rank - b.rank);

/** Kinds of reuse patterns, best first. */
export const patternKinds: readonly PatternKind[] = patterns.map(({ kind }) => kind);

const declared = (kind: PatternKind): ReusePattern<PatternKind> => patterns.find(p => p.kind === kind)!;

/** Options of a kind of pattern, in the order of the grammar. */
export const patternOptions = (kind: PatternKind): readonly PatternOption[] => declared(kind).options;

/** How `--reuse` names a kind of pattern: `strided:N[,sl=S][,start=K]`. */
export const patternGrammar = (kind: PatternKind): string =>
  `${kind}:N${patternOptions(kind)
    .map(option => `[,${option}=${VALUE[option]}]`)
    .join('')}`;

/** The patterns of one kind with `count` of `encoders` encoders reusing, best first. */
export const patternsOfKind = (kind: PatternKind, encoders: number, count: number): Pattern[] =>
  count < 1
    ? []
    : declared(kind)
        .list(encoders, count)
        .map(pattern => ({ kind, ...pattern }));

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
