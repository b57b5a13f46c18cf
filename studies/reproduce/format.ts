/** How the page writes figures: per cent, intervals, and whether two networks differ by more than their intervals. */

import { spread } from '../../src/accuracy/statistics.ts';
import { mean } from '../../src/base/sum.ts';
import { significant } from '../../src/base/units.ts';
import type { Scores } from '../../src/report/accuracy-result.ts';
import type { CrossbarScores } from './measure.ts';
import type { Task } from './tasks.ts';

/** Standard deviations of a two-sided interval of 95 %. */
const NORMAL_95 = 1.96;

export interface Value {
  readonly mean: number;
  /** Half width of the 95 % interval. */
  readonly half: number;
}

/** A part of the page, and files that stand beside it. */
export interface Section {
  readonly text: string;
  readonly files: Readonly<Record<string, string>>;
}

export const NO_FILES = {} as const;

/** A score on `inputs` inputs; the interval is that of other inputs drawn alike (normal approximation). */
export function scoreOf({ score }: Task, scores: Scores, inputs: number): Value {
  const half = NORMAL_95 * Math.sqrt((scores.top1 * (1 - scores.top1)) / inputs);
  // Of two equally frequent classes Matthews' correlation is about twice the accuracy less one.
  return score === 'top1' ? { mean: scores.top1, half } : { mean: scores.matthews ?? 0, half: 2 * half };
}

/** The mean over chips; the interval says how chips differ, not inputs. */
export function chipsValue({ score }: Task, { draws }: CrossbarScores): Value {
  const { mean, interval95 } = spread(draws.map(d => (score === 'top1' ? d.top1 : (d.matthews ?? 0))));
  return { mean, half: interval95 ?? 0 };
}

/** "97.3 +- 0.5" per cent, or "0.912 +- 0.020". */
export function valueText({ score }: Task, { mean, half }: Value): string {
  return score === 'top1'
    ? `${(100 * mean).toFixed(1)} ± ${(100 * half).toFixed(1)}`
    : `${mean.toFixed(3)} ± ${half.toFixed(3)}`;
}

/** Points or hundredths of a correlation by which `b` is below `a`, and whether the intervals leave room for equality. */
export function loss(
  a: Value,
  b: Value,
): { readonly drop: number; readonly half: number; readonly certain: boolean } {
  const [drop, half] = [a.mean - b.mean, Math.sqrt(a.half ** 2 + b.half ** 2)];
  return { drop, half, certain: Math.abs(drop) > half };
}

export function lossText(task: Task, a: Value, b: Value): string {
  const { drop, half, certain } = loss(a, b);
  const scale = task.score === 'top1' ? 100 : 1;
  const digits = task.score === 'top1' ? 1 : 3;
  const unit = task.score === 'top1' ? ' points' : '';
  const amount = `${Math.abs(drop * scale).toFixed(digits)} ± ${(half * scale).toFixed(digits)}${unit}`;
  if (!certain) return `no difference that its interval shows (${drop < 0 ? '+' : '-'}${amount})`;
  return `${amount} ${drop > 0 ? 'lower' : 'higher'}`;
}

/** "2.43x". */
export const factor = (a: number, b: number): string => `${significant(a / b, 3)}x`;

/** Mean and 95 % interval of several values; no interval for one. */
export function meanText(values: readonly number[], digits = 3): string {
  if (values.length === 0) return '-';
  const { mean, interval95 } = spread(values);
  return interval95 === null
    ? mean.toFixed(digits)
    : `${mean.toFixed(digits)} ± ${interval95.toFixed(digits)}`;
}

/** A rank correlation, or why there is none. */
export const rankText = (rank: number): string =>
  Number.isFinite(rank) ? rank.toFixed(2) : 'none (too few, or all equal)';

/** "1 epoch", "3 epochs". */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** The score of the inputs that went through crossbars, without them. */
export const float32Score = ({ score }: Task, { float32 }: CrossbarScores): number =>
  score === 'top1' ? float32.top1 : (float32.matthews ?? 0);

export const float32Text = (task: Task, scores: CrossbarScores): string =>
  task.score === 'top1'
    ? (100 * float32Score(task, scores)).toFixed(1)
    : float32Score(task, scores).toFixed(3);

/** As `overChips`, with an interval for other chips and other inputs. */
export function chipsAndInputsValue(task: Task, scores: CrossbarScores, inputs: number): Value {
  const chips = chipsValue(task, scores);
  const top1 = mean(scores.draws.map(d => d.top1));
  const others = scoreOf(task, { ...scores.float32, top1 }, inputs);
  return { mean: chips.mean, half: Math.sqrt(chips.half ** 2 + others.half ** 2) };
}
