/** An image network at another size of its image: its stored positions stay those of the grid that they are for. */
import { usageError } from '../base/errors.ts';
import { type ModelConfig, modelSchema } from './model.ts';
import { imageFieldsOf } from './model-fields.ts';
import { type Size, sizeText } from './size.ts';

/** @throws TrexError (usage) for a network that reads no image, has a convolutional stem, or patches that do not divide it. */
export function withImageSize(model: ModelConfig, image: Size): ModelConfig {
  if (model.family !== 'vit') {
    const what = 'image' in model ? 'a convolutional stem' : 'texts, no image';
    throw usageError(`image size ${sizeText(image)}: ${model.name} has ${what}`);
  }
  const { height, width } = model.grid;
  const { positionGrid = [height, width] } = model;
  // What the schema derives is derived anew.
  const { hidden, tokens, learned, grid, patch, image: _, imageWidth, patchWidth, ...fields } = model;
  const result = modelSchema.safeParse({ ...fields, ...imageFieldsOf(image, patch), positionGrid });
  if (result.success) return result.data;
  throw usageError(`image size ${sizeText(image)}: ${model.name}: ${result.error.issues[0].message}`);
}
