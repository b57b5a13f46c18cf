/** The points of a study by their numbers: each is worked out on its own, none is kept. */
import type { Combinations } from './block.ts';
import { type Condition, holds } from './condition.ts';
import { mixedRadix } from './radix.ts';
import { canonical, type Value, type Values } from './value.ts';

/** A study of more points is a slip: so many would take weeks. */
export const MOST_POINTS = 10_000_000;

/** Some axes together, under a condition on the parts before them. */
export interface Part {
  readonly paths: readonly string[];
  readonly combinations: Combinations;
  /** Combinations may be equal: those of a sample of few values. */
  readonly mayRepeat?: boolean | undefined;
  /** Where it does not hold the axes are not there. */
  readonly when?: Condition | undefined;
}

/** One point: values and a seed. */
export interface Point {
  /** What the study varies, by path. */
  readonly values: Values;
  readonly seed: number;
}

export interface PointsSpec {
  /** The first changes slowest. */
  readonly parts: readonly Part[];
  readonly iso: Values;
  /** Of every point. */
  readonly when?: Condition | undefined;
  /** Repetitions, the fastest of all. */
  readonly seeds: readonly number[];
}

/** The points of a study, none of which is kept. */
export interface Points {
  /** Numbers of points, those among them that conditions leave out. */
  readonly size: number;
  /** Undefined for a number that conditions leave out. */
  at(i: number): Point | undefined;
  /** Points of different numbers may be equal. */
  readonly mayRepeat: boolean;
  /** The points without their seeds, for who chooses among them. */
  readonly designs: Designs;
}

/** What can be chosen: a number for each axis, or for a block of axes that go together. */
export interface Designs {
  readonly choices: readonly number[];
  /** Of them, those among them that conditions leave out. */
  readonly size: number;
  /** Points of a design. */
  readonly seeds: number;
  /** Choices of axes that conditions leave out become the first ones. */
  repaired(genes: readonly number[]): readonly number[];
  /** A point for each seed; none for a design that conditions leave out. */
  points(genes: readonly number[]): readonly Point[];
}

/** The points of a study, in a fixed order. */
export function pointsOf({ parts, iso, when, seeds }: PointsSpec): Points {
  const radix = mixedRadix([...parts.map(part => part.combinations.size), seeds.length]);
  const at = (i: number): Point | undefined => {
    const digits = radix.digits(i);
    const values: Record<string, Value> = {};
    for (const [n, part] of parts.entries()) {
      if (part.when !== undefined && !holds(part.when, { ...iso, ...values })) {
        // Without its axes there is one point, not one for each of their values.
        if (digits[n] > 0) return undefined;
        continue;
      }
      const own = part.combinations.at(digits[n]);
      for (const [k, path] of part.paths.entries()) values[path] = own[k];
    }
    if (when !== undefined && !holds(when, { ...iso, ...values })) return undefined;
    return { values, seed: seeds[digits[parts.length]] };
  };
  return {
    size: radix.size,
    at,
    mayRepeat: parts.some(part => part.mayRepeat === true),
    designs: designsOf({ parts, iso, seeds, at }),
  };
}

interface DesignsSpec extends Pick<PointsSpec, 'parts' | 'iso' | 'seeds'> {
  at(i: number): Point | undefined;
}

function designsOf({ parts, iso, seeds, at }: DesignsSpec): Designs {
  const own = parts.map(({ combinations: { choices, size } }) => choices ?? [size]);
  const choices = own.flat();
  const radix = mixedRadix(choices);
  return {
    choices,
    size: radix.size,
    seeds: seeds.length,
    repaired(genes) {
      const result = [...genes];
      const values: Record<string, Value> = {};
      let first = 0;
      for (const [n, part] of parts.entries()) {
        const many = own[n].length;
        if (part.when !== undefined && !holds(part.when, { ...iso, ...values }))
          result.fill(0, first, first + many);
        else {
          const chosen = part.combinations.at(mixedRadix(own[n]).number(result.slice(first, first + many)));
          for (const [k, path] of part.paths.entries()) values[path] = chosen[k];
        }
        first += many;
      }
      return result;
    },
    points(genes) {
      const design = radix.number(genes);
      return seeds.flatMap((_, i) => at(design * seeds.length + i) ?? []);
    },
  };
}

/** Every point with its number, the first of those that are equal. */
export function* allPoints(points: Points): Generator<{ readonly number: number; readonly point: Point }> {
  const seen = points.mayRepeat ? new Set<string>() : undefined;
  for (let number = 0; number < points.size; number++) {
    const point = points.at(number);
    if (point === undefined) continue;
    if (seen !== undefined) {
      const { size } = seen;
      if (seen.add(`${point.seed} ${canonical(point.values)}`).size === size) continue;
    }
    yield { number, point };
  }
}
