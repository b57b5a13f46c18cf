/** The inputs of a network in NumPy arrays: images as floats, texts as token ids with a mask. */

import { maskOf } from '../data/mask.ts';
import type { ModelInput } from '../numerics/execute/input.ts';
import type { NpyArray } from '../workload/import/npy.ts';
import { invalidFile, shapeText } from '../workload/import/tensor.ts';
import type { ModelConfig } from '../workload/model.ts';
import { textInput } from './masked-text.ts';

export interface FileArray {
  readonly path: string;
  readonly array: NpyArray;
}

export interface TextArrays {
  /** [N, T]: 1 for a token, 0 for padding. */
  readonly mask?: FileArray | undefined;
  /** [N, T]: segments. */
  readonly types?: FileArray | undefined;
}

/** One input per item; an axis of items may be missing. @throws TrexError (invalid file) for another shape or type. */
export function inputsOf(model: ModelConfig, file: FileArray, texts: TextArrays = {}): ModelInput[] {
  const { path, array } = file;
  const rank = 'imageSize' in model ? itemShape(model).length : 1;
  const { shape, data, dtype } = array;
  const [count, ...item] = shape.length === rank ? [1, ...shape] : shape;
  if ('imageSize' in model) {
    const expected = itemShape(model);
    if (item.join() !== expected.join())
      throw invalidFile(
        `${path}: shape ${shapeText(shape)}; ${model.name} runs on [N, ${expected.join(', ')}] or ${shapeText(expected)}`,
      );
    if (!dtype.startsWith('f'))
      throw invalidFile(`${path}: ${dtype}; images come as floats, normalised as in training`);
  } else if (item.length !== 1 || !/^[iu]/.test(dtype)) {
    throw invalidFile(`${path}: ${dtype} ${shapeText(shape)}; ${model.name} runs on token ids [N, T]`);
  }
  if (count < 1 || data.length === 0) throw invalidFile(`${path}: shape ${shapeText(shape)} holds no input`);
  const size = data.length / count;
  const bad = data.findIndex((value: number) => !Number.isFinite(value));
  if (bad >= 0) throw invalidFile(`${path}: element ${bad} is ${data[bad]}`);
  if ('imageSize' in model) {
    if (texts.mask !== undefined || texts.types !== undefined)
      throw invalidFile(`${path}: ${model.name} runs on images, which have no mask and no segments`);
    return Array.from({ length: count }, (_, i) => ({
      image: Float32Array.from(data.subarray(i * size, (i + 1) * size)),
    }));
  }
  const wide = data.findIndex((value: number) => Math.abs(value) > 0x7fffffff);
  if (wide >= 0) throw invalidFile(`${path}: element ${wide} is ${data[wide]}, no token id`);
  const masks = sameShape(texts.mask, file);
  const types = sameShape(texts.types, file);
  if (texts.types !== undefined) checkTypes(texts.types, model);
  return Array.from({ length: count }, (_, i) => {
    const name = `${path}#${i}`;
    const row = (of: NpyArray): number[] => Array.from(of.data.subarray(i * size, (i + 1) * size));
    const mask = masks && maskOf(row(masks), texts.mask!.path);
    const segments = types && Int32Array.from(row(types));
    return textInput({ name, words: Int32Array.from(row(array)), mask, types: segments }, model);
  });
}

/** An image, or what stands in its place in a graph of ONNX nodes. */
const itemShape = (model: Extract<ModelConfig, { imageSize: number }>): readonly number[] =>
  'inputShape' in model ? model.inputShape : [model.inChannels, model.image.height, model.image.width];

/** Segment types are whole numbers below those that the network has. */
function checkTypes({ path, array }: FileArray, { name, types }: { name: string; types: number }): void {
  const bad = array.data.findIndex(
    (value: number) => !Number.isInteger(value) || value < 0 || value >= types,
  );
  if (bad < 0) return;
  const known = types === 0 ? 'has no segment types' : `has segment types 0 to ${types - 1}`;
  throw invalidFile(`${path}: element ${bad} is ${array.data[bad]}; ${name} ${known}`);
}

function sameShape(more: FileArray | undefined, { path, array }: FileArray): NpyArray | undefined {
  if (more === undefined) return undefined;
  if (more.array.shape.join() !== array.shape.join())
    throw invalidFile(
      `${more.path}: shape ${shapeText(more.array.shape)}, but ${path} is ${shapeText(array.shape)}`,
    );
  return more.array;
}
