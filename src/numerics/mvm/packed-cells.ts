/** Levels of cells, several in a word, so that one addition does for all of them: nominal column sums at little cost. */
import { log2 } from '../../base/math.ts';
import { checkWeights, slicer } from './levels.ts';
import type { MvmPlan } from './spec.ts';

/** Words whose sums are kept in registers. */
const WORDS = 4;

export interface PackedCells {
  /** Of a level, and of any sum over the rows of an array. */
  readonly bits: number;
  readonly perWord: number;
  /** Words of a row: the columns of one slice behind those of the one before. */
  readonly width: number;
  /** Of one slice. */
  readonly columns: number;
  /** [row][word]. */
  readonly words: Int32Array;
}

/** @throws TrexError for weights that the plan does not take. */
export function packedCells(weights: Int16Array, plan: MvmPlan): PackedCells {
  const { rows, arrayRows, cols } = plan.spec;
  checkWeights(weights, plan);
  const bits = Math.ceil(log2(arrayRows * plan.maxLevel * plan.maxDigit + 1));
  const perWord = Math.floor(32 / bits);
  const width = Math.ceil((plan.slices * cols) / perWord / WORDS) * WORDS;
  const levelOf = slicer(plan);
  const words = new Int32Array(rows * width);
  for (let slice = 0; slice < plan.slices; slice++)
    for (let col = 0; col < cols; col++) {
      const place = slice * cols + col;
      const shift = bits * (place % perWord);
      let at = Math.floor(place / perWord);
      for (let from = col; from < weights.length; from += cols, at += width)
        words[at] |= levelOf(weights[from], slice) << shift;
    }
  return { bits, perWord, width, columns: cols, words };
}

/** Doubles the sums and adds the first `count` rows of those that start at `active`, by word. */
export function addRows(
  { width, words }: PackedCells,
  active: Int32Array,
  count: number,
  sums: Int32Array,
): void {
  for (let word = 0; word < width; word += WORDS) {
    let [a, b, c, d] = [sums[word] << 1, sums[word + 1] << 1, sums[word + 2] << 1, sums[word + 3] << 1];
    for (let k = 0; k < count; k++) {
      const at = active[k] + word;
      a = (a + words[at]) | 0;
      b = (b + words[at + 1]) | 0;
      c = (c + words[at + 2]) | 0;
      d = (d + words[at + 3]) | 0;
    }
    sums[word] = a;
    sums[word + 1] = b;
    sums[word + 2] = c;
    sums[word + 3] = d;
  }
}

/** The sums of one slice, by column. */
export function unpack(
  { bits, perWord }: PackedCells,
  words: Int32Array,
  slice: number,
  to: Int32Array,
): Int32Array {
  const mask = 2 ** bits - 1;
  let word = Math.floor((slice * to.length) / perWord);
  let at = (slice * to.length) % perWord;
  for (let col = 0; col < to.length; col++) {
    to[col] = (words[word] >>> (at * bits)) & mask;
    if (++at === perWord) [word, at] = [word + 1, 0];
  }
  return to;
}
