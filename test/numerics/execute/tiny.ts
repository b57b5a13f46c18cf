/** Tiny networks of every family, and inputs from a seed. */
import { gaussianStream, uniformStream } from '../../../src/base/random.ts';
import { type ModelConfig, modelSchema } from '../../../src/workload/model.ts';
import { areaOf, type Size } from '../../../src/workload/size.ts';

type Model<F extends ModelConfig['family']> = Extract<ModelConfig, { family: F }>;

const common = { name: 'tiny', source: 'none', encoders: 2, dim: 12, heads: 3, mlpRatio: 2 };
const image = { imageSize: 12, patchSize: 4, inChannels: 3, classes: 5 };

export const tinyVit = (fields: object = {}): Model<'vit'> =>
  modelSchema.parse({ family: 'vit', ...common, ...image, ...fields }) as Model<'vit'>;

export const tinyLvVit = (fields: object = {}): Model<'lv-vit'> =>
  modelSchema.parse({
    family: 'lv-vit',
    ...common,
    ...image,
    stem: [
      { kernel: 3, stride: 2, padding: 1, channels: 4 },
      { kernel: 3, stride: 1, padding: 1, channels: 6 },
    ],
    ...fields,
  }) as Model<'lv-vit'>;

export const tinyBert = (fields: object = {}): Model<'bert'> =>
  modelSchema.parse({
    family: 'bert',
    ...common,
    tokens: 7,
    maxTokens: 10,
    vocabulary: 20,
    ...fields,
  }) as Model<'bert'>;

/** A normal image of the model's size. */
export function anyImage(model: { inChannels: number; image: Size }, seed: number): Float32Array {
  const next = gaussianStream(seed, 'image');
  return Float32Array.from({ length: model.inChannels * areaOf(model.image) }, next);
}

/** Whole numbers below `limit`. */
export function anyIds(count: number, limit: number, seed: number): Int32Array {
  const next = uniformStream(seed, 'ids');
  return Int32Array.from({ length: count }, () => Math.floor(next() * limit));
}
