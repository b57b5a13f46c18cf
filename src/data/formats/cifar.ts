/** The binary versions of CIFAR-10 and CIFAR-100 (Krizhevsky: https://www.cs.toronto.edu/~kriz/cifar.html). */
import { badFile } from '../bad-file.ts';
import { concat } from '../concat.ts';
import { baseName, type DataFiles, firstFile, folderOf, MAX_FILE_BYTES } from '../data-files.ts';
import { dataFormat, IMAGE_OPTIONS } from '../data-format.ts';
import type { ReaderOptions } from '../data-options.ts';
import type { DataSet } from '../data-set.ts';
import { numbered, readClasses } from '../labels.ts';
import { pixelSet } from '../pixel-set.ts';

const SIDE = 32;
const IMAGE_BYTES = 3 * SIDE * SIDE;
/** Label bytes before an image; the last one is used, in CIFAR-100 the fine label. */
const LABEL_BYTES = { 10: 1, 100: 2 } as const;
const CLASS_FILES = { 10: ['batches.meta.txt'], 100: ['fine_label_names.txt'] } as const;

const OPTIONS = ['classes', ...IMAGE_OPTIONS] as const;

export type CifarOptions = Pick<ReaderOptions, (typeof OPTIONS)[number]>;

export const format = dataFormat({
  name: 'cifar',
  title: 'CIFAR (*.bin)',
  about: 'Colour images of 32 x 32 pixels in records with their labels; of CIFAR-100, the fine ones',
  of: 'file',
  asked: 'first',
  options: OPTIONS,
  recognises: ({ name }) => name.endsWith('.bin'),
  open: ({ files, path }, options) => cifarSet(files, [path], options),
});

/**
 * Colour images of 32 x 32 pixels from one or more files of records; names of the classes from the list beside them.
 * @throws TrexError for files that are no whole number of CIFAR records, or hold a label out of range.
 */
export async function cifarSet(
  files: DataFiles,
  paths: readonly string[],
  options: CifarOptions = {},
): Promise<DataSet> {
  const [first] = paths;
  const parts = await Promise.all(paths.map(path => files.read(path, MAX_FILE_BYTES)));
  const kinds = parts.map((part, i) => kindOf(paths[i], part.length));
  const kind = kinds[0];
  const other = kinds.findIndex(k => k !== kind);
  if (other >= 0) throw badFile(paths[other], `CIFAR-${kinds[other]} beside CIFAR-${kind}`);
  const stride = LABEL_BYTES[kind] + IMAGE_BYTES;
  const data = parts.length === 1 ? parts[0] : concat(parts);
  const count = data.length / stride;
  const name = paths.length === 1 ? baseName(first) : baseName(folderOf(first));
  const labels = Array.from({ length: count }, (_, i) => data[i * stride + LABEL_BYTES[kind] - 1]);
  const classes = options.classes ?? (await classNames(files, folderOf(first), kind));
  const { labels: checked } = numbered(labels, i => `${name}#${i}`, classes ?? numbers(kind));
  return pixelSet(
    {
      name,
      count,
      width: SIDE,
      height: SIDE,
      channels: 3,
      planar: true,
      data,
      stride,
      offset: LABEL_BYTES[kind],
    },
    { labels: checked, classes: classes ?? kind },
    options,
  );
}

/** By the length of the file; the two agree only in multiples of 9.4 MB, where the name decides. */
function kindOf(path: string, length: number): 10 | 100 {
  const fits = ([10, 100] as const).filter(kind => length % (LABEL_BYTES[kind] + IMAGE_BYTES) === 0);
  if (length === 0 || fits.length === 0) {
    throw badFile(path, `${length} bytes are no whole number of CIFAR-10 (3073) or CIFAR-100 (3074) records`);
  }
  if (fits.length === 1) return fits[0];
  return /batch/.test(baseName(path)) ? 10 : 100;
}

async function classNames(files: DataFiles, folder: string, kind: 10 | 100): Promise<string[] | undefined> {
  const path = await firstFile(files, folder, CLASS_FILES[kind]);
  if (path === undefined) return undefined;
  const names = await readClasses(files, path);
  if (names.length !== kind) throw badFile(path, `${names.length} classes, CIFAR-${kind} has ${kind}`);
  return names;
}

const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));
