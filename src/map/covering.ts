/** Which items to take so that their sizes add up to enough, for the least cost. */

export interface Item {
  readonly size: number;
  readonly cost: number;
}

/**
 * Numbers of the items whose sizes sum to at least `need` and whose costs sum to least, spread evenly among equal ones;
 * undefined where all of them are too few. Exact: a table over sums of sizes, which are integers.
 */
export function cheapestCover(items: readonly Item[], need: number): number[] | undefined {
  if (need <= 0) return [];
  const kinds = new Map<string, number[]>();
  items.forEach(({ size, cost }, i) => {
    const key = `${size} ${cost}`;
    kinds.set(key, [...(kinds.get(key) ?? []), i]);
  });
  const groups = [...kinds.values()];
  let best = new Float64Array(need + 1).fill(Number.POSITIVE_INFINITY);
  best[0] = 0;
  /** By group and covered size: how many of the group. */
  const taken: Int32Array[] = [];
  for (const group of groups) {
    const { size, cost } = items[group[0]];
    const next = best.slice();
    const count = new Int32Array(need + 1);
    for (let covered = 1; covered <= need; covered++)
      for (let n = 1; n <= group.length; n++) {
        const from = Math.max(0, covered - n * size);
        const sum = best[from] + n * cost;
        if (sum < next[covered]) {
          next[covered] = sum;
          count[covered] = n;
        }
        if (from === 0) break;
      }
    taken.push(count);
    best = next;
  }
  if (best[need] === Number.POSITIVE_INFINITY) return undefined;
  const chosen: number[] = [];
  let covered = need;
  for (let g = groups.length - 1; g >= 0; g--) {
    const n = taken[g][covered];
    chosen.push(...spread(groups[g], n));
    covered = Math.max(0, covered - n * items[groups[g][0]].size);
  }
  return chosen.sort((a, b) => a - b);
}

/** `n` of the entries, as far from each other as they come. */
const spread = <T>(all: readonly T[], n: number): T[] =>
  all.filter((_, i) => Math.floor(((i + 1) * n) / all.length) > Math.floor((i * n) / all.length));
