/** The inputs of a network in NumPy arrays: images as floats, texts as token ids with a mask. */

import type { ModelInput } from '../numerics/execute/input.ts';
import type { NpyArray } from '../workload/import/npy.ts';
import { invalidFile, shapeText } from '../workload/import/tensor.ts';
import type { ModelConfig } from '../workload/model.ts';
import { unpadded } from './samples.ts';

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
  const rank = 'imageSize' in model ? 3 : 1;
  const { shape, data, dtype } = array;
  const [count, ...item] = shape.length === rank ? [1, ...shape] : shape;
  if ('imageSize' in model) {
    const expected = [model.inChannels, model.imageSize, model.imageSize];
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
  const masks = sameShape(texts.mask, file);
  const types = sameShape(texts.types, file);
  const { vocabulary, maxTokens } = model;
  return Array.from({ length: count }, (_, i) => {
    const name = `${path}#${i}`;
    const row = (of: NpyArray): number[] => Array.from(of.data.subarray(i * size, (i + 1) * size));
    const mask = masks && Uint8Array.from(row(masks), value => zeroOrOne(value, texts.mask!.path));
    const length = unpadded(mask, size, name);
    if (length > maxTokens)
      throw invalidFile(`${name}: ${length} tokens; ${model.name} has positions for ${maxTokens}`);
    const words = Int32Array.from(row(array).slice(0, length));
    const id = words.findIndex(word => word < 0 || word >= vocabulary);
    if (id >= 0)
      throw invalidFile(`${name}: token ${words[id]}; the vocabulary of ${model.name} is ${vocabulary}`);
    return types === undefined ? { words } : { words, types: Int32Array.from(row(types).slice(0, length)) };
  });
}

function sameShape(more: FileArray | undefined, { path, array }: FileArray): NpyArray | undefined {
  if (more === undefined) return undefined;
  if (more.array.shape.join() !== array.shape.join())
    throw invalidFile(
      `${more.path}: shape ${shapeText(more.array.shape)}, but ${path} is ${shapeText(array.shape)}`,
    );
  return more.array;
}

/** @throws TrexError (invalid file) for another value of a mask, such as a share. */
function zeroOrOne(value: number, path: string): number {
  if (value !== 0 && value !== 1) throw invalidFile(`${path}: a mask holds 1 and 0, not ${value}`);
  return value;
}
