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
  uniformPatterns,
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

/** Whether a text is of a known kind, whatever network it is for. */
export const isReuseText = (text: string): boolean =>
  kinds.some(kind => (kind === 'none' ? text.trim() === kind : text.trim().startsWith(`${kind}:`)));

/** Encoders that take their attention from an earlier one. */
export interface ReusePlan {
  /** The reuse encoders, ascending, 0-based; never encoder 0. */
  readonly encoders: readonly number[];
  /** The text that makes this plan again. */
  readonly pattern: string;
}

export const noReuse: ReusePlan = { encoders: [], pattern: 'none' };

/** What a network has room for; `reuseSpace` reads it from a model. */
export interface ReuseSpace {
  /** Tokens of each encoder. */
  readonly tokens: readonly number[];
  /** Encoders that can take over the attention output of one before them, ascending; never encoder 0. */
  readonly able: readonly number[];
}

/** A number stands for so many encoders that all have the same tokens. */
export type ReuseRoom = number | ReuseSpace;

/** A plan of one kind of pattern. */
export interface UniformPlan extends ReusePlan, Pick<Pattern, 'kind' | 'sl' | 'ncont' | 'start'> {}

/**
 * The plan that `text` names. Parameters that are left out take the best value that fits.
 * @example const reuse = parseReuse('count:5', reuseSpace(model));
 * @throws TrexError (usage) for another text, or a plan that the network has no room for.
 */
export function parseReuse(text: string, room: ReuseRoom): ReusePlan {
  if (text.trim() === 'none') return noReuse;
  const [, kind, rest] = /^([^:]*):(.*)$/.exec(text.trim()) ?? [];
  if (kind === undefined) throw junk(text);
  if (!(kinds as readonly string[]).includes(kind))
    throw usageError(`${unknownName('reuse pattern', kind, kinds).message}; expected ${REUSE_GRAMMAR}`);
  if (kind === 'none') throw junk(text);
  if (kind === 'encoders') return reusePlan(numbers(text, rest.split(',')), room);
  const [countText, ...options] = rest.split(',');
  const [count] = numbers(text, [countText]);
  if (kind !== 'count')
    return patternPlan(kind as PatternKind, count, optionsOf(text, kind, options), spaceOf(room));
  if (options.length > 0) throw junk(text);
  return bestPlan(count, room);
}

/** A plan from a list of encoders, in any order. @throws TrexError (usage) for one that cannot reuse. */
export function reusePlan(reused: readonly number[], room: ReuseRoom): ReusePlan {
  const sorted = [...reused].sort((a, b) => a - b);
  const plan = { encoders: sorted, pattern: sorted.length === 0 ? 'none' : byName(sorted) };
  checkReuse(plan, room);
  return plan;
}

const byName = (encoders: readonly number[]): string => `encoders:${encoders.join(',')}`;

/** The best uniform plan for `count` reuse encoders. @throws TrexError (usage) if there are too many. */
export function bestPlan(count: number, room: ReuseRoom): ReusePlan {
  const space = spaceOf(room);
  checkCount(count, space);
  const [best] = uniformPlans(space, count);
  return best === undefined ? noReuse : { encoders: best.encoders, pattern: best.pattern };
}

/**
 * The uniform patterns of `count` encoders, best first. Where tokens go on the way and no pattern keeps to the encoders
 * that can reuse, distances are counted among those alone, and a plan goes by their names (assumed: the paper prunes nothing).
 */
export function uniformPlans(room: ReuseRoom, count: number): UniformPlan[] {
  const space = spaceOf(room);
  const { tokens, able } = space;
  const fitting = uniformPatterns(tokens.length, count).filter(within(space));
  if (fitting.length > 0) return fitting.map(p => ({ ...p, pattern: patternName(p) }));
  return uniformPatterns(able.length + 1, count).map(({ kind, encoders: places }) => {
    const encoders = places.map(place => able[place - 1]);
    return { kind, sl: null, ncont: null, start: encoders[0], encoders, pattern: byName(encoders) };
  });
}

/** The plan of one uniform pattern. */
export const planOf = (pattern: Pattern): ReusePlan => ({
  encoders: pattern.encoders,
  pattern: patternName(pattern),
});

/** Checks that a network can run this plan. @throws TrexError (usage) */
export function checkReuse(plan: ReusePlan, room: ReuseRoom): void {
  const space = spaceOf(room);
  const { tokens, able } = space;
  checkCount(plan.encoders.length, space);
  let before = -1;
  for (const e of plan.encoders) {
    if (!Number.isInteger(e) || e < 0 || e >= tokens.length)
      throw usageError(`reuse of encoder ${e}: this network has encoders 0 to ${tokens.length - 1}`);
    if (e === 0)
      throw usageError('reuse of encoder 0: the first encoder has no attention before it to reuse');
    if (e === before) throw usageError(`reuse: encoder ${e} is named twice`);
    if (e < before) throw usageError(`reuse: encoder ${e} stands after ${before}; encoders must ascend`);
    if (!able.includes(e)) throw usageError(`reuse of encoder ${e}: ${whyNot(e, space)}; ${whoCan(space)}`);
    before = e;
  }
}

/** Encoders 1 and up of a network whose tokens stay can all reuse. */
export const spaceOf = (room: ReuseRoom): ReuseSpace =>
  typeof room === 'number'
    ? {
        tokens: new Array<number>(room).fill(1),
        able: Array.from({ length: Math.max(0, room - 1) }, (_, i) => i + 1),
      }
    : room;

/** All of a pattern's encoders can reuse. */
const within =
  ({ able }: ReuseSpace) =>
  ({ encoders }: Pattern): boolean =>
    encoders.every(e => able.includes(e));

const allCan = ({ tokens, able }: ReuseSpace): boolean => able.length === tokens.length - 1;

function whyNot(e: number, { tokens }: ReuseSpace): string {
  const [own, before] = [tokens[e], tokens[e - 1]];
  if (own === before) return 'there is no attention output before it of the size of its own';
  return `it has ${own} tokens, and the attention output of encoder ${e - 1} has ${before}`;
}

const whoCan = ({ able }: ReuseSpace): string =>
  able.length === 0 ? 'no encoder of this network can' : `encoders that can: ${able.join(', ')}`;

function patternPlan(
  kind: PatternKind,
  count: number,
  options: ReadonlyMap<PatternOption, number>,
  space: ReuseSpace,
): ReusePlan {
  checkCount(count, space);
  if (count === 0) throw usageError(`reuse ${kind}:0 reuses nothing: say none`);
  const encoders = space.tokens.length;
  const fits = patternsOfKind(kind, encoders, count)
    .filter(within(space))
    .find(p =>
      // One reuse encoder has no distance to another, so any SL describes it.
      [...options].every(([key, value]) => p[key] === value || (key === 'sl' && p.sl === null && value >= 2)),
    );
  if (fits !== undefined) return planOf(fits);
  const asked = [`${kind}:${count}`, ...[...options].map(([key, value]) => `${key}=${value}`)].join(',');
  const where = allCan(space) ? `${encoders} encoders` : `this network (${whoCan(space)} of ${encoders})`;
  throw usageError(`reuse ${asked} does not fit ${where}; what fits ${count}: ${fitting(space, count)}`);
}

/** What fits, kind by kind: `strided sl=2 start=1..3; continuous start=1..8`. */
function fitting(space: ReuseSpace, count: number): string {
  const groups = new Map<string, number[]>();
  for (const kind of patternKinds)
    for (const p of patternsOfKind(kind, space.tokens.length, count).filter(within(space))) {
      const name = [kind, p.sl && `sl=${p.sl}`, p.ncont && `ncont=${p.ncont}`].filter(Boolean).join(' ');
      groups.set(name, [...(groups.get(name) ?? []), p.start]);
    }
  if (groups.size === 0) return `count:${count}, which is ${bestPlan(count, space).pattern}`;
  return [...groups].map(([name, s]) => `${name} start=${range(s)}`).join('; ');
}

/** `1..3` where none is missing, else `1,2,4`. */
function range(starts: readonly number[]): string {
  const [from, to] = [smallest(starts), largest(starts)];
  if (to - from === starts.length - 1) return from === to ? `${from}` : `${from}..${to}`;
  return starts.toSorted((a, b) => a - b).join(',');
}

function checkCount(count: number, space: ReuseSpace): void {
  if (!Number.isInteger(count) || count < 0)
    throw usageError(`reuse of ${count} encoders: expected a whole number`);
  const { tokens, able } = space;
  if (count <= able.length) return;
  const why = allCan(space) ? ', the first has nothing to reuse' : `; ${whoCan(space)}`;
  throw usageError(`reuse of ${count} encoders: at most ${able.length} of ${tokens.length} can${why}`);
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
