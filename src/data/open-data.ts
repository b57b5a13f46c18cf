/** Opens data by its path: the kind of a set is told from names and, in folders, from what is there. */
import { arraySet } from './arrays.ts';
import { badFile, missingFile } from './bad-file.ts';
import { cifarSet, findCifar } from './cifar.ts';
import { baseName, type DataFiles, folderOf } from './data-files.ts';
import type { DataSet } from './data-set.ts';
import { findIdx, idxSet } from './idx.ts';
import { imageFolder } from './image-folder.ts';
import { readClasses } from './labels.ts';
import { type TextOptions, textSet } from './text-set.ts';
import type { TransformOptions } from './transform.ts';

/** What can be opened, for messages. */
const KNOWN =
  'a folder of images (a sub-folder per class, or labels.csv), IDX (*-ubyte, *.idx, .gz), CIFAR (*.bin), .npy, .npz, .tsv';

/** How items are read: which part, classes, size and normalisation of images, length and vocabulary of texts. */
export interface DataOptions extends TransformOptions, Omit<TextOptions, 'classes'> {
  /** Of MNIST and CIFAR folders and of archives; default test. */
  readonly split?: 'test' | 'train';
  /** Path of a text file with the names of the classes by label, one per line. */
  readonly classes?: string;
  /** Path of the labels, where they do not stand where they are looked for. */
  readonly labels?: string;
}

/**
 * Opens a data set; nothing but its lists, and small images as a whole, is read before an item is asked for.
 * @throws TrexError: nothing there (4), of no known kind or damaged (3), or an option that makes no sense (2).
 */
export async function openData(files: DataFiles, path: string, options: DataOptions = {}): Promise<DataSet> {
  const { classes: classesPath, ...rest } = options;
  const classes = classesPath === undefined ? {} : { classes: await readClasses(files, classesPath) };
  const all = { ...rest, ...classes };
  const found = await files.stat(path);
  if (found === undefined) throw missingFile(path);
  if (found.kind === 'folder') return openFolder(files, path, all);
  const name = baseName(path).toLowerCase();
  if (/-ubyte(\.gz)?$|\.idx\d?(\.gz)?$/.test(name)) return idxSet(files, path, all);
  if (name.endsWith('.bin')) return cifarSet(files, [path], all);
  if (/\.np[yz]$/.test(name)) return arraySet(files, path, all);
  if (name.endsWith('.tsv')) return textSet(files, path, all);
  throw badFile(path, `${hint(path, name)}known: ${KNOWN}`);
}

type ReaderOptions = Omit<DataOptions, 'classes'> & { readonly classes?: readonly string[] };

async function openFolder(files: DataFiles, path: string, options: ReaderOptions): Promise<DataSet> {
  const { split = 'test' } = options;
  const idx = await findIdx(files, path, split);
  if (idx !== undefined) return idxSet(files, idx, options);
  const cifar = await findCifar(files, path, split);
  if (cifar !== undefined) return cifarSet(files, cifar, options);
  return imageFolder(files, path, options);
}

/** What a file of another kind probably wants. */
function hint(path: string, name: string): string {
  if (/\.(jpe?g|png)$/.test(name)) return 'one image has no label; give its folder; ';
  if (/^labels\.(csv|txt)$/.test(name)) return `give its folder, ${folderOf(path)}; `;
  if (/\.(zip|tar|tgz|tar\.gz|tar\.bz2)$/.test(name)) return 'unpack the archive first; ';
  return 'data of no known kind; ';
}
