/** What may be said about data when they are opened, and which kinds of items each option is for. */
import type { DataKind } from './data-set.ts';
import type { TransformOptions } from './transform.ts';
import type { TokenizerOptions } from './word-piece.ts';

interface TextOptions extends TokenizerOptions {
  /** Path of the vocabulary, a vocab.txt or a tokenizer.json; default vocab.txt beside the file. */
  readonly vocabulary?: string;
  /** Path of the tokenizer_config.json; default: the one beside the vocabulary. */
  readonly tokenizerConfig?: string;
  /** Length of an input with [CLS], [SEP] and padding; default 128. */
  readonly maxTokens?: number;
  /** Names of the columns in the first line; by default GLUE's names are tried. */
  readonly textColumn?: string;
  readonly pairColumn?: string;
  readonly labelColumn?: string;
}

/** How items are read: which part, classes, size and normalisation of images, length and vocabulary of texts. */
export interface DataOptions extends TransformOptions, TextOptions {
  /** Of data with two parts; default test. */
  readonly split?: 'test' | 'train';
  /** Path of a text file with the names of the classes by label, one per line. */
  readonly classes?: string;
  /** Path of the labels, where they do not stand where they are looked for. */
  readonly labels?: string;
}

/** The name of an option. */
export type DataOption = keyof DataOptions;

/** As formats get them: the names of the classes are read. */
export type ReaderOptions = Omit<DataOptions, 'classes'> & { readonly classes?: readonly string[] };

const ANY = ['image', 'tokens', 'tensor'] as const;
const IMAGES = ['image'] as const;
const TEXTS = ['tokens'] as const;

/** An option that is given for items of another kind is refused. */
export const OPTION_KINDS = {
  split: ANY,
  classes: ANY,
  labels: ANY,
  size: IMAGES,
  channels: IMAGES,
  resize: IMAGES,
  crop: IMAGES,
  centre: IMAGES,
  filter: IMAGES,
  rescale: IMAGES,
  normalization: IMAGES,
  background: IMAGES,
  vocabulary: TEXTS,
  tokenizerConfig: TEXTS,
  lowerCase: TEXTS,
  stripAccents: TEXTS,
  tokenizeChineseChars: TEXTS,
  neverSplit: TEXTS,
  addedTokens: TEXTS,
  maxWordChars: TEXTS,
  maxTokens: TEXTS,
  textColumn: TEXTS,
  pairColumn: TEXTS,
  labelColumn: TEXTS,
} as const satisfies Record<DataOption, readonly DataKind[]>;
