/** Pareto dominance of objective vectors, all of which are to be small (Deb et al., NSGA-II, IEEE TEVC 6(2), 2002). */

/** No objective of `a` is larger, and one is smaller. */
export function dominates(a: readonly number[], b: readonly number[]): boolean {
  let better = false;
  for (let i = 0; i < a.length; i++) {
    if (a[i] > b[i]) return false;
    if (a[i] < b[i]) better = true;
  }
  return better;
}

/** Indices of the vectors that no other one dominates, in order; equal ones all. As fast as the front is small. */
export function nonDominated(all: readonly (readonly number[])[]): number[] {
  let front: number[] = [];
  for (const [i, vector] of all.entries()) {
    if (front.some(j => dominates(all[j], vector))) continue;
    front = front.filter(j => !dominates(vector, all[j]));
    front.push(i);
  }
  return front;
}

/** Objectives, and by how much constraints are not met: 0 for a feasible candidate. */
export interface Rated {
  readonly objectives: readonly number[];
  readonly violation: number;
}

/**
 * Constrained domination (Deb et al., NSGA-II, IEEE TEVC 6(2), 2002, section VI): what is feasible is before what is not, of
 * two that are not the one with the smaller violation, and of two that are the one that dominates.
 */
export const constrainedDominates = (a: Rated, b: Rated): boolean =>
  a.violation === 0 && b.violation === 0 ? dominates(a.objectives, b.objectives) : a.violation < b.violation;

/** Fast non-dominated sort by an order: indices by rank; rank 0 is the Pareto front. */
export function frontsBy<T>(all: readonly T[], isBefore: (a: T, b: T) => boolean): number[][] {
  const beaten = all.map(() => 0);
  const beats = all.map((): number[] => []);
  for (let i = 0; i < all.length; i++) {
    for (let j = 0; j < i; j++) {
      const [better, worse] = isBefore(all[i], all[j])
        ? [i, j]
        : isBefore(all[j], all[i])
          ? [j, i]
          : [-1, -1];
      if (better < 0) continue;
      beats[better].push(worse);
      beaten[worse]++;
    }
  }
  const result: number[][] = [];
  let front = all.map((_, i) => i).filter(i => beaten[i] === 0);
  while (front.length > 0) {
    result.push(front);
    const next: number[] = [];
    for (const i of front) for (const j of beats[i]) if (--beaten[j] === 0) next.push(j);
    front = next.sort((a, b) => a - b);
  }
  return result;
}

/** Crowding distance within one front: the side lengths of the box between the neighbours, Infinity at the ends. */
export function crowding(all: readonly (readonly number[])[], front: readonly number[]): Map<number, number> {
  const distance = new Map(front.map(i => [i, 0]));
  const objectives = all[front[0]]?.length ?? 0;
  for (let m = 0; m < objectives; m++) {
    const order = front.toSorted((a, b) => all[a][m] - all[b][m] || a - b);
    const [first, last] = [order[0], order[order.length - 1]];
    const range = all[last][m] - all[first][m];
    for (const [k, i] of order.entries()) {
      const ends = k === 0 || k === order.length - 1;
      const side = ends
        ? Number.POSITIVE_INFINITY
        : range === 0 || !Number.isFinite(range)
          ? 0
          : (all[order[k + 1]][m] - all[order[k - 1]][m]) / range;
      distance.set(i, (distance.get(i) as number) + side);
    }
  }
  return distance;
}
