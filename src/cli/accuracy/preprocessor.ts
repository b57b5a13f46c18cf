/** How a checkpoint's images were normalised: Hugging Face's preprocessor_config.json beside the weights. */
import { join } from 'node:path';
import type { Normalization } from '../../data/transform.ts';
import { invalidFile } from '../../workload/import/tensor.ts';
import { readBytes, readJson, statOf } from './network-file.ts';

const NAME = 'preprocessor_config.json';

/** Undefined where there is no such file, or it says nothing. @throws TrexError (invalid file) */
export function normalizationBeside(folder: string): Normalization | undefined {
  const path = join(folder, NAME);
  if (statOf(path) === undefined) return undefined;
  const { image_mean, image_std, do_normalize } = readJson(path, readBytes(path)) as Record<string, unknown>;
  if (do_normalize === false || image_mean === undefined || image_std === undefined) return undefined;
  const numbers = (value: unknown, field: string): number[] => {
    if (Array.isArray(value) && value.every(v => typeof v === 'number')) return value;
    throw invalidFile(`${path}: ${field}: expected a list of numbers`);
  };
  return { mean: numbers(image_mean, 'image_mean'), std: numbers(image_std, 'image_std') };
}
