/** The flags of labelled data, of commands that measure an accuracy. */
import type { Options } from 'yargs';
import { flag, text } from './flags.ts';

/** Where they are and which; `what` and `which` name them as far as the command knows. */
export const dataFlags = (what: string, which: string, group = 'Data:') =>
  ({
    data: text(what, group),
    split: { choices: ['test', 'train'] as const, default: 'test' as const, describe: which, group },
    classes: text('Names of the classes, one per line', group),
    preprocessing: text('Folder of preprocessor or tokenizer files [default: that of the weights]', group),
    'skip-bad': flag('Leave out images that do not decode', group),
  }) as const satisfies Record<string, Options>;

/** What yargs hands over for `dataFlags`, `imageFlags` and `textFlags`. */
export interface DataArguments {
  readonly data: string | undefined;
  readonly split: 'test' | 'train';
  readonly classes: string | undefined;
  readonly vocabulary: string | undefined;
  readonly preprocessing: string | undefined;
  readonly resize: string | undefined;
  readonly crop: string | undefined;
  readonly filter: string | undefined;
  readonly rescale: string | undefined;
  readonly normalization: string | undefined;
  readonly lowerCase: boolean | undefined;
  readonly stripAccents: boolean | undefined;
  readonly tokenizeChineseChars: boolean | undefined;
  readonly neverSplit: string | undefined;
  readonly skipBad: boolean;
}

/** As a measurement takes them; what is left out has its default there. */
export function dataOf(args: DataArguments) {
  const { split, classes = null, vocabulary = null, preprocessing = null, skipBad } = args;
  const { resize = null, crop = null, filter = null, rescale = null, normalization = null } = args;
  const { lowerCase = null, stripAccents = null, tokenizeChineseChars = null, neverSplit = null } = args;
  const pixels = { preprocessing, resize, crop, filter, rescale, normalization };
  const letters = { lowerCase, stripAccents, tokenizeChineseChars, neverSplit };
  return { split, classes, vocabulary, ...pixels, ...letters, skipBad };
}
