/** An image network at another size of its image: its stored positions stay those of the grid that they are for. */
import { usageError } from '../base/errors.ts';
import { type ModelConfig, modelSchema } from './model.ts';
import { imageFieldsOf } from './model-fields.ts';
import { type Size, sizeText } from './size.ts';
import { modelSummary } from './summary.ts';

/** @throws TrexError (usage) for a network that reads no image, has a convolutional stem, or cannot have one of this size. */
export function withImageSize(model: ModelConfig, image: Size): ModelConfig {
  if (model.family === 'layers') return layersAt(model, image);
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

/** Layers know no positions of another image: what they learn must stay as large as it is. */
function layersAt(model: ModelConfig & { family: 'layers' }, image: Size): ModelConfig {
  const { image: _, imageWidth, encoders, dim, heads, hidden, tokens, ...fields } = model;
  const { height: imageSize, width } = image;
  const result = modelSchema.safeParse({
    ...fields,
    imageSize,
    ...(width !== imageSize && { imageWidth: width }),
  });
  const refuse = (why: string) => usageError(`image size ${sizeText(image)}: ${model.name}: ${why}`);
  if (!result.success) throw refuse(result.error.issues[0].message);
  const [before, after] = [model, result.data].map(m => modelSummary(m).params);
  if (before === after) return result.data;
  throw refuse(
    `it learns ${before} values at ${sizeText(model.image)}, positions among them, and would need ${after}`,
  );
}
