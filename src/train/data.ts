/** Training data in memory: inputs side by side, and the way from a data set to them. */

import { EXIT, TrexError, usageError } from '../base/errors.ts';
import { type RandomStream, uniformStream } from '../base/random.ts';
import type { DataSet } from '../data/data-set.ts';
import type { ModelConfig } from '../workload/model.ts';

/** Images, or texts padded at their ends. */
export interface TrainData {
  /** [samples][channels][height][width], normalised; or token ids [samples][tokens]. */
  readonly inputs: Float32Array | Int32Array;
  /** Classes, from 0. */
  readonly labels: Int32Array;
  /** Texts: tokens without padding (absent: all), and segment types (absent: 0). */
  readonly lengths?: Int32Array;
  readonly types?: Int32Array;
}

/**
 * Reads a whole set; texts are padded to the model's tokens.
 * @throws TrexError (invalid file) that names the first item that does not fit the network.
 */
export async function readTrainData(set: DataSet, model: ModelConfig): Promise<TrainData> {
  const { size } = set;
  const labels = new Int32Array(size);
  const image = 'imageSize' in model;
  const shape = image ? [model.inChannels, model.image.height, model.image.width] : [model.tokens];
  const each = shape.reduce((a, b) => a * b, 1);
  const inputs = image ? new Float32Array(size * each) : new Int32Array(size * each);
  const lengths = new Int32Array(size);
  const types = new Int32Array(image ? 0 : size * each);
  for (let i = 0; i < size; i++) {
    const item = await set.item(i);
    const length = item.mask === undefined ? item.input.length : item.mask.reduce((n, m) => n + m, 0);
    if (item.mask?.subarray(0, length).some(value => value === 0))
      throw new TrexError(
        `${item.name}: its mask has gaps; training takes padding at the end only`,
        EXIT.invalidFile,
      );
    if (image ? item.shape.join() !== shape.join() : length > each)
      throw new TrexError(
        `${item.name}: shape [${item.shape}]; ${model.name} runs on ${image ? `images of [${shape}]` : `at most ${each} tokens`}`,
        EXIT.invalidFile,
      );
    inputs.set(image ? item.input : item.input.subarray(0, length), i * each);
    lengths[i] = length;
    if (!image && item.types !== undefined) types.set(item.types.subarray(0, length), i * each);
    labels[i] = item.label;
  }
  return image ? { inputs, labels } : { inputs, labels, lengths, types };
}

/** The first `count` samples, or all. */
export function firstSamples({ inputs, labels, lengths, types }: TrainData, count: number): TrainData {
  const each = inputs.length / labels.length;
  return {
    inputs: inputs.subarray(0, count * each),
    labels: labels.subarray(0, count),
    ...(lengths && { lengths: lengths.subarray(0, count) }),
    ...(types && { types: types.subarray(0, count * each) }),
  };
}

/** @throws TrexError (usage) for data that the network cannot be trained or tested on. */
export function checkData(
  what: string,
  data: TrainData,
  model: ModelConfig,
  each: number,
  classes: number,
): void {
  const { inputs, labels, lengths, types } = data;
  const samples = labels.length;
  if (samples === 0) throw usageError(`${what}: no samples`);
  if (inputs.length !== samples * each)
    throw usageError(
      `${what}: ${samples} labels need ${samples} x ${each} input values for ${model.name}, got ${inputs.length}`,
    );
  const words = !('imageSize' in model);
  if (words !== inputs instanceof Int32Array)
    throw usageError(
      `${what}: ${model.name} runs on ${words ? 'words (Int32Array)' : 'images (Float32Array)'}`,
    );
  for (const [i, label] of labels.entries())
    if (!(label >= 0 && label < classes))
      throw usageError(`${what}: label ${label} of sample ${i}, but ${model.name} has ${classes} classes`);
  if (!words) return;
  for (const [i, id] of inputs.entries())
    if (!(id >= 0 && id < model.vocabulary))
      throw usageError(
        `${what}: word ${id} of sample ${Math.floor(i / each)}, but ${model.name} has a vocabulary of ${model.vocabulary}`,
      );
  const short = model.family === 'decoder' ? (lengths?.findIndex(length => length !== each) ?? -1) : -1;
  if (short >= 0)
    throw usageError(
      `${what}: sample ${short} has ${lengths?.[short]} tokens; a decoder is trained on whole windows of ${each}`,
    );
  for (const [i, length] of (lengths ?? []).entries())
    if (!(length >= 1 && length <= each))
      throw usageError(`${what}: length ${length} of sample ${i}: expected 1 to ${each}`);
  if (types?.some(type => !(type >= 0 && type < model.types)))
    throw usageError(`${what}: a segment type that ${model.name} does not have`);
}

/** The numbers 0 to count - 1 in an order of the seed's (Fisher & Yates). */
export function shuffled(count: number, random: RandomStream): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** The samples that a run uses: all, or a share of them, ascending. */
export function usedSamples(samples: number, fraction: number, seed: string | number): Int32Array {
  const count = Math.max(1, Math.round(samples * fraction));
  return shuffled(samples, uniformStream(seed, 'train/subset')).slice(0, count).sort();
}
