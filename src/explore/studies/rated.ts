/** The points of a search by its objectives and constraints, and the front of those that are feasible. */
import * as z from 'zod';
import { largest, smallest } from '../../base/extremes.ts';
import { nonDominated, type Rated } from '../../pareto/dominance.ts';
import { hypervolume } from '../../pareto/hypervolume.ts';
import { violationOf } from './constraint.ts';
import { figureAt } from './figure-paths.ts';
import type { Row } from './job.ts';
import type { SearchSpec } from './search-spec.ts';

/** The figures that a search needs of a row; undefined for a point that has an error. */
export type Figures = readonly (number | undefined)[];

export const figuresOf = ({ objectives, constraints }: SearchSpec, row: Row): Figures => [
  ...[...objectives, ...constraints].map(({ path }) =>
    row.error === undefined ? wornAt(row, path) : undefined,
  ),
];

/** Figures that are null where nothing wears. */
const WEAR = ['writes.lifetime_s', 'writes.images', 'writes.endurance'];
const wear = z.looseObject({ writes: z.looseObject({ lifetime: z.literal('unlimited') }) });

/** The figure at a path: memory that never wears out outlasts every number. */
const wornAt = (row: Row, path: string): number | undefined =>
  figureAt(row, path) ??
  (WEAR.includes(path) && wear.safeParse(row).success ? Number.POSITIVE_INFINITY : undefined);

/** Of a design that cannot be built, or has no figure. */
const NEVER = Number.POSITIVE_INFINITY;

/** A design by the figures of its seeds, of which the means count. Objectives are to be small here. */
export function ratedBy({ objectives, constraints }: SearchSpec, seeds: readonly Figures[]): Rated {
  const means = [...objectives, ...constraints].map((_, i) => meanOf(seeds.map(figures => figures[i])));
  const signed = objectives.map(({ sense }, i) => {
    const mean = means[i];
    if (mean === undefined) return NEVER;
    return sense === 'max' ? -mean : mean;
  });
  const violation = constraints.reduce(
    (sum, constraint, i) => sum + violationOf(constraint, means[objectives.length + i]),
    signed.includes(NEVER) ? NEVER : 0,
  );
  return { objectives: signed, violation };
}

function meanOf(values: readonly (number | undefined)[]): number | undefined {
  if (values.length === 0 || values.includes(undefined)) return undefined;
  return (values as number[]).reduce((sum, value) => sum + value, 0) / values.length;
}

/** What a search has come to after some generations. */
export interface Progress {
  /** Designs so far, and those of them that are feasible. */
  readonly evaluated: number;
  readonly feasible: number;
  /** A share of the box between the best and the worst value of each objective of all feasible designs. */
  readonly hypervolume: number;
}

/** The indices of the feasible designs that none dominates, by the first objective. */
export function feasibleFront(rated: readonly Rated[]): number[] {
  const feasible = rated.flatMap(({ violation }, i) => (violation === 0 ? [i] : []));
  return nonDominated(feasible.map(i => rated[i].objectives))
    .map(i => feasible[i])
    .sort((a, b) => rated[a].objectives[0] - rated[b].objectives[0] || a - b);
}

/** The ends of each objective among feasible designs. */
export interface Box {
  readonly best: readonly number[];
  /** The reference point of the hypervolume. */
  readonly worst: readonly number[];
}

/** Ends of each objective; undefined without a feasible design. */
export function boxOf(rated: readonly Rated[]): Box | undefined {
  const feasible = rated.filter(({ violation }) => violation === 0);
  if (feasible.length === 0) return undefined;
  const columns = feasible[0].objectives.map((_, i) => feasible.map(({ objectives }) => objectives[i]));
  return { best: columns.map(smallest), worst: columns.map(largest) };
}

/** After the first `ends[0]`, `ends[1]`, ... of the designs. */
export function progressAfter(rated: readonly Rated[], ends: readonly number[]): Progress[] {
  const box = boxOf(rated);
  let front: Rated[] = [];
  let [feasible, done] = [0, 0];
  return ends.map(evaluated => {
    const fresh = rated.slice(done, evaluated).filter(({ violation }) => violation === 0);
    done = evaluated;
    feasible += fresh.length;
    const all = [...front, ...fresh];
    front = feasibleFront(all).map(i => all[i]);
    return { evaluated, feasible, hypervolume: box === undefined ? 0 : shareOf(front, box) };
  });
}

/** An objective that is the same for all takes no part; beside what has no end every number is the worst. */
function shareOf(front: readonly Rated[], { best, worst }: Box): number {
  const scaled = front.map(({ objectives }) =>
    objectives.map((x, i) => {
      if (x === best[i]) return 0;
      return Number.isFinite(best[i]) ? (x - best[i]) / (worst[i] - best[i]) : 1;
    }),
  );
  return hypervolume(
    scaled,
    best.map(() => 1),
  );
}
