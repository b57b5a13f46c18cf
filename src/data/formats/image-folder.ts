/** Folders of images: a sub-folder per class, as torchvision's ImageFolder reads it, or one folder with a labels file. */
import { badFile, missingFile } from '../bad-file.ts';
import { baseName, type DataFiles, join, readLines } from '../data-files.ts';
import { dataFormat, IMAGE_OPTIONS } from '../data-format.ts';
import type { ReaderOptions } from '../data-options.ts';
import { checkIndex, type DataSet } from '../data-set.ts';
import { decodeImage } from '../decode-image.ts';
import { byCodePoint, type Labels, noClass, readLabels } from '../labels.ts';
import { evaluation } from '../transform.ts';

/** What torchvision takes for an image; those that can not be read fail by name instead of disappearing. */
const IMAGE = /\.(jpe?g|png|ppm|bmp|pgm|tiff?|webp|gif)$/i;
const MAX_IMAGE_BYTES = 2 ** 27;
const LABEL_FILES = ['labels.csv', 'labels.txt'];
/** First line of a labels file that is no entry. */
const HEADER = /^(file|filename|name|image|path)[\s,]+(label|class|target)$/i;

const OPTIONS = [...(['classes', 'labels'] as const), ...IMAGE_OPTIONS, 'background'] as const;

/**
 * `classes`: without them, the sub-folders (or names in the labels file), sorted, are the classes. `labels`: path of the
 * labels file; default labels.csv or labels.txt in the folder.
 */
export type ImageFolderOptions = Pick<ReaderOptions, (typeof OPTIONS)[number]>;

export const format = dataFormat({
  name: 'image-folder',
  title: 'a folder of images (a sub-folder per class, or labels.csv)',
  about:
    'JPEG and PNG, resized and cropped as timm evaluates; labels are the sub-folders, or stand in labels.csv',
  of: 'folder',
  asked: 'otherwise',
  options: OPTIONS,
  recognises: () => true,
  open: ({ files, path }, options) => imageFolder(files, path, options),
});

/**
 * Images of a folder through the evaluation transform; items are in the order of their classes and names, or of
 * the labels file, and are read and decoded when they are asked for.
 * @throws TrexError for a folder without images, a sub-folder that is no class, or a bad labels file.
 */
export async function imageFolder(
  files: DataFiles,
  folder: string,
  options: ImageFolderOptions = {},
): Promise<DataSet> {
  const transform = evaluation(options);
  const names: string[] = [];
  const { labels, classes } =
    (await fromLabelsFile(files, folder, options, names)) ??
    (await fromFolders(files, folder, options, names));
  return {
    name: baseName(folder),
    size: names.length,
    kind: 'image',
    classes,
    reading: transform.text,
    item: async index => {
      checkIndex(index, names.length);
      const path = join(folder, names[index]);
      const pixels = await decodeImage(path, await files.read(path, MAX_IMAGE_BYTES));
      return { ...transform(pixels), label: labels[index], name: names[index] };
    },
  };
}

async function fromFolders(
  files: DataFiles,
  folder: string,
  { classes }: ImageFolderOptions,
  names: string[],
): Promise<Labels> {
  const found = (await visible(files, folder))
    .filter(({ kind }) => kind === 'folder')
    .map(({ name }) => name);
  if (found.length === 0) {
    throw badFile(
      folder,
      `no data: expected a sub-folder of images per class, or ${LABEL_FILES.join(' or ')}`,
    );
  }
  const labels: number[] = [];
  const all = classes ?? found;
  for (const name of found) {
    const label = all.indexOf(name);
    const path = join(folder, name);
    if (label < 0) throw badFile(path, noClass(name, all));
    for (const entry of await visible(files, path)) {
      if (entry.kind === 'folder') {
        throw badFile(
          join(path, entry.name),
          'a folder inside a class; images stand directly in their class',
        );
      }
      if (!IMAGE.test(entry.name)) continue;
      names.push(`${name}/${entry.name}`);
      labels.push(label);
    }
    if (labels.at(-1) !== label) throw badFile(path, 'a class without images');
  }
  return { labels: Int32Array.from(labels), classes: all };
}

/** Undefined without a labels file. */
async function fromLabelsFile(
  files: DataFiles,
  folder: string,
  options: ImageFolderOptions,
  names: string[],
): Promise<Labels | undefined> {
  const path = options.labels ?? (await labelsFile(files, folder));
  if (path === undefined) return undefined;
  const lines = (await readLines(files, path)).map((line, i) => ({
    line: line.trim(),
    where: `${path}:${i + 1}`,
  }));
  const entries = lines.filter(({ line }, i) => line !== '' && !(i === 0 && HEADER.test(line)));
  if (entries.length === 0) throw badFile(path, "no entries: expected lines of 'name,label'");
  const seen = new Set<string>();
  const texts = entries.map(({ line, where }) => {
    const [name, label] = nameAndLabel(line, where);
    if (seen.has(name)) throw badFile(where, `'${name}' stands there twice`);
    seen.add(name);
    names.push(name);
    return label;
  });
  return readLabels(texts, i => entries[i].where, options.classes);
}

/** `name,label`, split at the last comma, or else `name label`; either may be in quotes. */
function nameAndLabel(line: string, where: string): [name: string, label: string] {
  const at = line.includes(',') ? line.lastIndexOf(',') : line.search(/\s+\S+$/);
  const [name, label] = [line.slice(0, Math.max(at, 0)), line.slice(at + 1)].map(unquoted);
  if (name === '' || label === '') throw badFile(where, `expected 'name,label', got '${line.slice(0, 60)}'`);
  if (/^[\\/]|^[a-z]:|(^|[\\/])\.\.([\\/]|$)/i.test(name)) {
    throw badFile(where, `'${name}' leads out of the folder`);
  }
  return [name, label];
}

const unquoted = (text: string): string => text.trim().replace(/^"(.*)"$/, '$1');

async function labelsFile(files: DataFiles, folder: string): Promise<string | undefined> {
  const found = (await visible(files, folder)).find(({ name }) => LABEL_FILES.includes(name));
  return found && join(folder, found.name);
}

/** Entries of a folder, sorted; hidden ones are left out. */
async function visible(files: DataFiles, folder: string) {
  if ((await files.stat(folder))?.kind !== 'folder') throw missingFile(folder, 'no such folder');
  const entries = (await files.list(folder)).filter(({ name }) => !name.startsWith('.'));
  return entries.sort((a, b) => byCodePoint(a.name, b.name));
}
