/** How a checkpoint's images were normalised: Hugging Face's preprocessor_config.json beside the weights, or timm's config.json. */

import { type DataFiles, join, MAX_FILE_BYTES } from '../data/data-files.ts';
import type { Normalization } from '../data/transform.ts';
import { invalidFile } from '../workload/import/tensor.ts';
import { isTimmConfig } from '../workload/import/timm-config.ts';
import { isFile, readJson } from './read-files.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Undefined where no file says anything. @throws TrexError (invalid file) */
export async function normalizationBeside(
  disk: DataFiles,
  folder: string,
): Promise<Normalization | undefined> {
  const preprocessor = join(folder, 'preprocessor_config.json');
  const own = await fieldsOf(disk, preprocessor);
  if (own !== undefined)
    return own.do_normalize === false
      ? undefined
      : normalization(own, ['image_mean', 'image_std'], preprocessor);
  const config = join(folder, 'config.json');
  const timm = await fieldsOf(disk, config);
  if (timm === undefined || !isTimmConfig(timm)) return undefined;
  const { pretrained_cfg = {} } = timm as { pretrained_cfg?: Fields };
  return normalization(pretrained_cfg, ['mean', 'std'], config);
}

const fieldsOf = async (disk: DataFiles, path: string): Promise<Fields | undefined> =>
  (await isFile(disk, path)) ? (readJson(path, await disk.read(path, MAX_FILE_BYTES)) as Fields) : undefined;

function normalization(
  fields: Fields,
  [mean, std]: readonly [string, string],
  path: string,
): Normalization | undefined {
  if (fields[mean] === undefined || fields[std] === undefined) return undefined;
  const numbers = (field: string): number[] => {
    const value = fields[field];
    if (Array.isArray(value) && value.every(v => typeof v === 'number')) return value;
    throw invalidFile(`${path}: ${field}: expected a list of numbers`);
  };
  return { mean: numbers(mean), std: numbers(std) };
}
