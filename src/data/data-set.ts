/** Labelled inputs for accuracy runs: items by index, and batches of them. */
import { usageError } from '../base/errors.ts';
import { isBadFile } from './bad-file.ts';

/** `image`: normalised pixels, [channels, height, width]; `tokens`: word ids, [length]; `tensor`: as stored. */
export type DataKind = 'image' | 'tokens' | 'tensor';

/** One input with its label. */
export interface Item {
  readonly input: Float32Array | Int32Array;
  /** Of one item, without a batch axis; row-major. */
  readonly shape: readonly number[];
  /** Index of the class. */
  readonly label: number;
  /** Unique in its set: the path inside a folder, or `file#index`. */
  readonly name: string;
  /** Tokens only: segment 0 or 1 of each token. */
  readonly types?: Int32Array;
  /** Tokens only: 1 for a token of the text, 0 for padding. */
  readonly mask?: Uint8Array;
}

/** Items are made when they are asked for, so a set of any size is cheap to open. */
export interface DataSet {
  readonly name: string;
  readonly size: number;
  readonly kind: DataKind;
  /** Names of the classes by label, or only how many there are; absent for unlabelled or open-ended data. */
  readonly classes?: readonly string[] | number;
  /** Tokens only: ids are below it. */
  readonly vocabulary?: number;
  /** @throws TrexError (invalid file) that names the item if its file does not decode; RangeError outside the set. */
  item(index: number): Promise<Item>;
}

/** Up to `size` items of equal shape, one after another. */
export interface Batch {
  readonly items: readonly Item[];
  /** [items, ...shape], row-major. */
  readonly input: Float32Array | Int32Array;
  readonly shape: readonly number[];
  readonly labels: Int32Array;
}

/** An item that was left out, with the reason. */
export interface Skipped {
  readonly index: number;
  readonly reason: string;
}

export interface BatchOptions {
  /** Leaves out items whose file does not decode, instead of stopping at the first. */
  readonly skipBad?: boolean;
}

/** Batches in the order of the set; `skipped` grows while they are read. */
export interface Batches extends AsyncIterable<Batch> {
  readonly skipped: readonly Skipped[];
}

/**
 * Reads a set in batches of `size` items; the last may be smaller, none is empty.
 * @throws TrexError (usage) unless `size` is a positive integer; while iterating, what `item` throws.
 */
export function batches(set: DataSet, size: number, { skipBad = false }: BatchOptions = {}): Batches {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw usageError(`batch size: expected a positive integer, got ${size}`);
  }
  const skipped: Skipped[] = [];
  async function* read(): AsyncGenerator<Batch> {
    skipped.length = 0;
    let items: Item[] = [];
    for (let index = 0; index < set.size; index++) {
      try {
        items.push(await set.item(index));
      } catch (error) {
        if (!skipBad || !isBadFile(error)) throw error;
        skipped.push({ index, reason: error.message });
      }
      if (items.length === size) {
        yield stack(items);
        items = [];
      }
    }
    if (items.length > 0) yield stack(items);
  }
  return { skipped, [Symbol.asyncIterator]: read };
}

/**
 * Items of one shape as one array with a batch axis in front.
 * @throws RangeError for no items or items of different shapes.
 */
export function stack(items: readonly Item[]): Batch {
  const [first] = items;
  if (first === undefined) throw new RangeError('a batch needs an item');
  const { length } = first.input;
  const total = length * items.length;
  const input = first.input instanceof Int32Array ? new Int32Array(total) : new Float32Array(total);
  items.forEach((item, i) => {
    if (item.shape.join() !== first.shape.join()) {
      throw new RangeError(`${item.name}: shape [${item.shape}] in a batch of [${first.shape}]`);
    }
    input.set(item.input, i * length);
  });
  return {
    items,
    input,
    shape: [items.length, ...first.shape],
    labels: Int32Array.from(items, item => item.label),
  };
}

/** For the readers: an index that is not in the set is a bug of the caller. */
export function checkIndex(index: number, size: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= size) {
    throw new RangeError(`item ${index} of a set of ${size}`);
  }
}
