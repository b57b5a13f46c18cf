/** Which encoders reuse attention (TReX, arXiv 2408.12742, section 4.1), and the text of `--reuse` that says so. */

import { unknownName, usageError } from '../base/errors.ts';
import { largest, smallest } from '../base/extremes.ts';
import {
  type Pattern,
  type PatternKind,
  patternGrammar,
  patternKinds,
  patternName,
  patternOptions,
  patternsOfKind,
} from './patterns.ts';
import type { PatternOption } from './reuse-pattern.ts';

/** What `--reuse` understands. `count:N` takes the best uniform pattern: strided before pyramid before continuous, then the larger SL, then the later start (Fig. 16). */
export const REUSE_GRAMMAR = [
  'none',
  'count:N',
  ...patternKinds.map(patternGrammar),
  'encoders:A,B,...',
].join(' | ');

const kinds = ['none', 'count', ...patternKinds, 'encoders'] as const;

/** Encoders that take their attention from an earlier one. */
export interface ReusePlan {
  /** The reuse encoders, ascending, 0-based; never encoder 0. */
  readonly encoders: readonly number[];
  /** The text that makes this plan again. */
  readonly pattern: string;
}

export const noReuse: ReusePlan = { encoders: [], pattern: 'none' };

/**
 * The plan that `text` names, for a network of `encoders` encoders. Parameters that are left out take the best
 * value that fits. @throws TrexError (usage) for another text, or a plan that the network has no room for.
 */
export function parseReuse(text: string, encoders: number): ReusePlan {
  if (text.trim() === 'none') return noReuse;
  const [, kind, rest] = /^([^:]*):(.*)$/.exec(text.trim()) ?? [];
  if (kind === undefined) throw junk(text);
  if (!(kinds as readonly string[]).includes(kind))
    throw usageError(`${unknownName('reuse pattern', kind, kinds).message}; expected ${REUSE_GRAMMAR}`);
  if (kind === 'none') throw junk(text);
  if (kind === 'encoders') return reusePlan(numbers(text, rest.split(',')), encoders);
  const [countText, ...options] = rest.split(',');
  const [count] = numbers(text, [countText]);
  if (kind !== 'count')
    return patternPlan(kind as PatternKind, count, optionsOf(text, kind, options), encoders);
  if (options.length > 0) throw junk(text);
  return bestPlan(count, encoders);
}

/** A plan from a list of encoders, in any order. @throws TrexError (usage) for one that cannot reuse. */
export function reusePlan(reused: readonly number[], encoders: number): ReusePlan {
  const sorted = [...reused].sort((a, b) => a - b);
  const plan = { encoders: sorted, pattern: sorted.length === 0 ? 'none' : `encoders:${sorted.join(',')}` };
  checkReuse(plan, encoders);
  return plan;
}

/** The best uniform pattern for `count` reuse encoders. @throws TrexError (usage) if there are too many. */
export function bestPlan(count: number, encoders: number): ReusePlan {
  checkCount(count, encoders);
  for (const kind of patternKinds) {
    const best = patternsOfKind(kind, encoders, count)[0];
    if (best !== undefined) return planOf(best);
  }
  return noReuse;
}

/** The plan of one uniform pattern. */
export const planOf = (pattern: Pattern): ReusePlan => ({
  encoders: pattern.encoders,
  pattern: patternName(pattern),
});

/** Checks that a network of `encoders` encoders can run this plan. @throws TrexError (usage) */
export function checkReuse(plan: ReusePlan, encoders: number): void {
  checkCount(plan.encoders.length, encoders);
  let before = -1;
  for (const e of plan.encoders) {
    if (!Number.isInteger(e) || e < 0 || e >= encoders)
      throw usageError(`reuse of encoder ${e}: this network has encoders 0 to ${encoders - 1}`);
    if (e === 0)
      throw usageError('reuse of encoder 0: the first encoder has no attention before it to reuse');
    if (e === before) throw usageError(`reuse: encoder ${e} is named twice`);
    if (e < before) throw usageError(`reuse: encoder ${e} stands after ${before}; encoders must ascend`);
    before = e;
  }
}

function patternPlan(
  kind: PatternKind,
  count: number,
  options: ReadonlyMap<PatternOption, number>,
  encoders: number,
): ReusePlan {
  checkCount(count, encoders);
  if (count === 0) throw usageError(`reuse ${kind}:0 reuses nothing: say none`);
  const fits = patternsOfKind(kind, encoders, count).find(p =>
    // One reuse encoder has no distance to another, so any SL describes it.
    [...options].every(([key, value]) => p[key] === value || (key === 'sl' && p.sl === null && value >= 2)),
  );
  if (fits !== undefined) return planOf(fits);
  const asked = [`${kind}:${count}`, ...[...options].map(([key, value]) => `${key}=${value}`)].join(',');
  throw usageError(
    `reuse ${asked} does not fit ${encoders} encoders; what fits ${count}: ${fitting(encoders, count)}`,
  );
}

/** What fits, kind by kind: `strided sl=2 start=1..3; continuous start=1..8`. */
function fitting(encoders: number, count: number): string {
  const groups = new Map<string, number[]>();
  for (const kind of patternKinds)
    for (const p of patternsOfKind(kind, encoders, count)) {
      const name = [kind, p.sl && `sl=${p.sl}`, p.ncont && `ncont=${p.ncont}`].filter(Boolean).join(' ');
      groups.set(name, [...(groups.get(name) ?? []), p.start]);
    }
  return [...groups].map(([name, s]) => `${name} start=${range(smallest(s), largest(s))}`).join('; ');
}

const range = (from: number, to: number): string => (from === to ? `${from}` : `${from}..${to}`);

function checkCount(count: number, encoders: number): void {
  if (count === 0) return;
  if (!Number.isInteger(count) || count < 0)
    throw usageError(`reuse of ${count} encoders: expected a whole number`);
  if (count > encoders - 1)
    throw usageError(
      `reuse of ${count} encoders: at most ${encoders - 1} of ${encoders} can, the first has nothing to reuse`,
    );
}

function optionsOf(text: string, kind: string, parts: readonly string[]): Map<PatternOption, number> {
  const keys = patternOptions(kind as PatternKind);
  const options = new Map<PatternOption, number>();
  for (const part of parts) {
    const [, key, value] = /^\s*(\w+)\s*=(.*)$/.exec(part) ?? [];
    if (key === undefined) throw junk(text);
    if (!(keys as readonly string[]).includes(key)) throw unknownName(`option of reuse ${kind}`, key, keys);
    if (options.has(key as PatternOption)) throw usageError(`reuse '${text}': ${key} is given twice`);
    options.set(key as PatternOption, numbers(text, [value])[0]);
  }
  return options;
}

function numbers(text: string, parts: readonly string[]): number[] {
  return parts.map(part => {
    if (!/^\d+$/.test(part.trim())) throw junk(text);
    return Number(part);
  });
}

const junk = (text: string) => usageError(`reuse '${text}' is not understood; expected ${REUSE_GRAMMAR}`);
