/** A random part of a data set that depends on its seed alone (Fisher-Yates shuffle, stopped after n draws). */
import seedrandom from 'seedrandom';
import { usageError } from '../base/errors.ts';
import { checkIndex, type DataSet } from './data-set.ts';

/**
 * `n` different items, in the order in which they are drawn: of two subsets with one seed, the smaller is the
 * beginning of the larger. The stream is alea, `<seed>/data/subset`.
 * @throws TrexError (usage) unless 1 <= n <= size.
 */
export function subset(set: DataSet, n: number, seed: number | string): DataSet {
  if (!Number.isSafeInteger(n) || n < 1 || n > set.size) {
    throw usageError(`subset: expected 1 to ${set.size} items of ${set.name}, got ${n}`);
  }
  const indices = draw(set.size, n, seed);
  return {
    name: set.name,
    size: n,
    kind: set.kind,
    ...(set.classes !== undefined && { classes: set.classes }),
    ...(set.vocabulary !== undefined && { vocabulary: set.vocabulary }),
    item: async index => {
      checkIndex(index, n);
      return set.item(indices[index]);
    },
  };
}

/** The first n places of a shuffle of 0 .. size-1; only the places that were swapped are kept. */
function draw(size: number, n: number, seed: number | string): Int32Array {
  const random = seedrandom.alea(`${seed}/data/subset`);
  const moved = new Map<number, number>();
  const drawn = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const j = i + Math.floor(random() * (size - i));
    drawn[i] = moved.get(j) ?? j;
    moved.set(j, moved.get(i) ?? i);
  }
  return drawn;
}
