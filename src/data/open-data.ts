/** Opens data by its path: the formats of formats/ are asked which of them it is. */
import { usageError } from '../base/errors.ts';
import { optionName } from '../base/option-name.ts';
import { badFile, missingFile } from './bad-file.ts';
import { baseName, type DataFiles, folderOf } from './data-files.ts';
import type { DataFormat } from './data-format.ts';
import { type DataOption, type DataOptions, OPTION_KINDS } from './data-options.ts';
import type { DataKind, DataSet } from './data-set.ts';
import { DATA_FORMATS } from './formats/all.ts';
import { readClasses } from './labels.ts';

/** What the items of each kind are called in messages. */
const ITEMS = {
  image: 'images',
  tokens: 'token ids',
  tensor: 'tensors',
} as const satisfies Record<DataKind, string>;

/**
 * Opens a data set; nothing but its lists, and small images as a whole, is read before an item is asked for. An option
 * that these data have no use for is refused; of what is `offered`, as a network does, they take what they can use.
 * @throws TrexError: nothing there (4), of no known format or damaged (3), or an option that makes no sense (2).
 */
export const openData = async (
  files: DataFiles,
  path: string,
  options: DataOptions = {},
  offered: DataOptions = {},
): Promise<DataSet> => openAs(await formatOf(files, path), { files, path }, options, offered);

/** The one format that recognises what stands at `path`. @throws TrexError: nothing there (4), none, or several (3). */
export async function formatOf(
  files: DataFiles,
  path: string,
  formats: readonly DataFormat[] = DATA_FORMATS,
): Promise<DataFormat> {
  const found = await files.stat(path);
  if (found === undefined) throw missingFile(path);
  const place = { files, path, name: baseName(path).toLowerCase() };
  for (const asked of ['first', 'otherwise']) {
    const fits: DataFormat[] = [];
    for (const format of formats) {
      if (format.of === found.kind && format.asked === asked && (await format.recognises(place)))
        fits.push(format);
    }
    if (fits.length > 1)
      throw badFile(path, `may be ${fits.map(f => f.title).join(' and ')}: give the path of one of them`);
    if (fits.length === 1) return fits[0];
  }
  throw badFile(path, `${hint(path, place.name)}known: ${formats.map(f => f.title).join(', ')}`);
}

/** `openData` where the format is known. @throws TrexError */
export async function openAs(
  format: DataFormat,
  { files, path }: { readonly files: DataFiles; readonly path: string },
  options: DataOptions,
  offered: DataOptions = {},
): Promise<DataSet> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [option] of given) {
    if (!takes(format, option))
      throw usageError(
        `${path}: --${optionName(option)} is no option of ${format.title}; its options are ${format.options.map(optionName).join(', ')}`,
      );
  }
  const useful = Object.entries(offered).filter(([o, value]) => value !== undefined && takes(format, o));
  const { classes, ...rest } = Object.fromEntries([...useful, ...given]) as DataOptions;
  const names = classes === undefined ? {} : { classes: await readClasses(files, classes) };
  const place = { files, path, name: baseName(path).toLowerCase() };
  const set = await format.open(place, { ...rest, ...names });
  for (const [option] of given) {
    const kinds: readonly DataKind[] = OPTION_KINDS[option as DataOption];
    if (!kinds.includes(set.kind))
      throw usageError(
        `${path}: --${optionName(option)} is for ${kinds.map(kind => ITEMS[kind]).join(' and ')}, and these are ${ITEMS[set.kind]}`,
      );
  }
  return set;
}

/** Whether a format reads this option. */
export const takes = ({ options }: DataFormat, option: string): boolean =>
  (options as readonly string[]).includes(option);

/** What a file of another kind probably wants. */
function hint(path: string, name: string): string {
  if (/\.(jpe?g|png)$/.test(name)) return 'one image has no label; give its folder; ';
  if (/^labels\.(csv|txt)$/.test(name)) return `give its folder, ${folderOf(path)}; `;
  if (/\.(zip|tar|tgz|tar\.gz|tar\.bz2)$/.test(name)) return 'unpack the archive first; ';
  return 'data of no known kind; ';
}
