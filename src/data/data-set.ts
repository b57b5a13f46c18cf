/** Labelled inputs for accuracy runs, by index. */

/** `image`: normalised pixels, [channels, height, width]; `tokens`: token ids, [length]; `tensor`: as stored. */
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
  /** How an item becomes an input, in words; absent where it is what is stored. */
  readonly reading?: string;
  /** Tokens only: ids are below it. */
  readonly vocabulary?: number;
  /** @throws TrexError (invalid file) that names the item if its file does not decode; RangeError outside the set. */
  item(index: number): Promise<Item>;
}

/** For the readers: an index that is not in the set is a bug of the caller. */
export function checkIndex(index: number, size: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= size) {
    throw new RangeError(`item ${index} of a set of ${size}`);
  }
}
