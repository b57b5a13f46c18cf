/** How a checkpoint's images are prepared: Hugging Face's preprocessor_config.json (or processor_config.json) beside the weights, or timm's config.json. */

import { usageError } from '../base/errors.ts';
import { badFile } from '../data/bad-file.ts';
import { type DataFiles, join, MAX_FILE_BYTES } from '../data/data-files.ts';
import { bothSides, type HeightWidth, outputSize, sizeText } from '../data/geometry.ts';
import { JsonFields } from '../data/json-fields.ts';
import type { TransformOptions } from '../data/transform.ts';
import { ofImageProcessor } from './image-processor.ts';
import { ofPretrainedCfg } from './pretrained-cfg.ts';
import { isFile } from './read-files.ts';

/** What the files beside the weights say of images. */
export interface Preprocessing {
  /** The file that says it. */
  readonly file: string;
  readonly options: TransformOptions;
}

/** What a network takes. */
export interface ImageNetwork {
  readonly name: string;
  readonly size: HeightWidth;
  readonly channels: number;
}

/** Undefined where no file says anything. @throws TrexError (invalid file) for a field that is not supported. */
export async function preprocessingBeside(
  disk: DataFiles,
  folder: string,
  network: ImageNetwork,
): Promise<Preprocessing | undefined> {
  const read = async (name: string): Promise<readonly [string, JsonFields] | undefined> => {
    const path = join(folder, name);
    return (await isFile(disk, path))
      ? [path, JsonFields.parse(path, await disk.read(path, MAX_FILE_BYTES))]
      : undefined;
  };
  const own = await read('preprocessor_config.json');
  if (own !== undefined) return { file: own[0], options: ofImageProcessor(own[1]) };
  const processor = await read('processor_config.json');
  const nested = processor?.[1].inner('image_processor');
  if (nested !== undefined) return { file: processor![0], options: ofImageProcessor(nested) };
  const config = await read('config.json');
  if (config === undefined) return undefined;
  const [file, fields] = config;
  if (fields.names.includes('model_type') || fields.text('architecture') === undefined) return undefined;
  // Before pretrained_cfg timm wrote its fields beside the architecture.
  const cfg = fields.inner('pretrained_cfg') ?? (fields.names.includes('input_size') ? fields : undefined);
  return cfg && { file, options: ofPretrainedCfg(cfg, network.size, network.channels) };
}

/**
 * Images that become another size than the network takes are told before the first is read.
 * @throws TrexError: said by a file (3), or by options (2).
 */
export function checkImageSize(
  { resize, crop, size }: TransformOptions,
  beside: Preprocessing | undefined,
  network: ImageNetwork,
): void {
  const cut = crop ?? (size === undefined ? 'none' : bothSides(size));
  const becomes = outputSize(resize ?? 'none', cut);
  if (becomes === undefined || becomes.join() === network.size.join()) return;
  const said = beside?.options;
  const ofFile = said !== undefined && (crop === undefined || crop === said.crop) && resize === said.resize;
  const takes = sizeText(network.size);
  const message = `images become ${sizeText(becomes)}, but ${network.name} runs on ${takes}: add --resize ${network.size.join('x')} --crop none`;
  throw ofFile ? badFile(beside!.file, message) : usageError(message);
}
