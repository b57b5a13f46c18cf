/** What a data format declares, so that a path is recognised and opened; one file each in formats/. */
import type { DataFiles } from './data-files.ts';
import type { DataOption, ReaderOptions } from './data-options.ts';
import type { DataSet } from './data-set.ts';

/** What stands at a path. */
export interface Place {
  readonly files: DataFiles;
  readonly path: string;
  /** The last part of the path, in lower case. */
  readonly name: string;
}

/** Data of one form: how a path is recognised as such, and opened. */
export interface DataFormat {
  /** That of its file. */
  readonly name: string;
  /** What is opened, in a few words for messages: "IDX (*-ubyte, *.idx, .gz)". */
  readonly title: string;
  /** A line for docs/data.md: what an item is, and where its label stands. */
  readonly about: string;
  readonly of: 'file' | 'folder';
  /** All that it reads: another option is refused. */
  readonly options: readonly DataOption[];
  /** `otherwise`: asked only about what no other format recognises. */
  readonly asked: 'first' | 'otherwise';
  /** Whether what stands there is of this format. */
  recognises(place: Place): boolean | Promise<boolean>;
  /** @throws TrexError for damaged files (3) or options that make no sense (2). */
  open(place: Place, options: ReaderOptions): Promise<DataSet>;
}

/** A format: `open` sees no option but those that it declares. */
export const dataFormat = <const Option extends DataOption>(
  format: Omit<DataFormat, 'open' | 'options'> & {
    readonly options: readonly Option[];
    open(place: Place, options: Pick<ReaderOptions, Option>): Promise<DataSet>;
  },
): DataFormat => format;

/** How images become inputs: small ones are stretched, photographs cropped, unless these say something else. */
export const IMAGE_OPTIONS = [
  ...(['size', 'channels', 'resize', 'crop', 'centre'] as const),
  ...(['filter', 'rescale', 'normalization'] as const),
] as const;
