/**
 * The hypervolume of a set of objective vectors, all of which are to be small: what they dominate of the space below a
 * reference point. By exclusive volumes (While, Bradstreet, Barone, IEEE TEVC 16(1), 2012: WFG).
 */
import { nonDominated } from './dominance.ts';

type Vector = readonly number[];

/** Of points that are not below the reference in every objective nothing counts. */
export function hypervolume(points: readonly Vector[], reference: Vector): number {
  const inside = points.filter(point => point.every((x, i) => x < reference[i]));
  return volume(distinct(inside), reference);
}

function volume(set: readonly Vector[], reference: Vector): number {
  let sum = 0;
  for (const [k, point] of set.entries()) {
    const box = point.reduce((product, x, i) => product * (reference[i] - x), 1);
    // What those behind it share with it.
    const shared = set.slice(k + 1).map(other => other.map((x, i) => Math.max(x, point[i])));
    sum += box - (shared.length === 0 ? 0 : volume(distinct(shared), reference));
  }
  return sum;
}

/** Each vector once, the worst in the first objective first: then others have little in common with it. */
function distinct(all: readonly Vector[]): Vector[] {
  const unique = [...new Map(all.map(point => [point.join(' '), point])).values()];
  return nonDominated(unique)
    .map(i => unique[i])
    .sort((a, b) => b[0] - a[0]);
}
