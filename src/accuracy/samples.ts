/** The inputs of an accuracy run: read once, checked against the network, and hashed, so that a later run knows them again. */

import { usageError } from '../base/errors.ts';
import { sha256Hex } from '../base/sha256.ts';
import { badFile, isBadFile } from '../data/bad-file.ts';
import { concat } from '../data/concat.ts';
import type { DataSet, Item } from '../data/data-set.ts';
import type { ModelInput } from '../numerics/execute/input.ts';
import type { ModelConfig } from '../workload/model.ts';
import { textInput } from './masked-text.ts';

/** Inputs are kept in memory up to so many bytes, and read again beyond. */
const KEPT_BYTES = 2 ** 28;

/** A labelled input of a network. */
export interface Sample {
  /** Place in the set: names the input's own streams of noise. */
  readonly index: number;
  readonly name: string;
  readonly label: number;
  readonly input: ModelInput;
}

/** An input that did not decode, and why. */
export interface SkippedSample {
  readonly name: string;
  readonly reason: string;
}

/** How `readSamples` reads. */
export interface SampleOptions {
  /** Leave out inputs that do not decode. */
  readonly skipBad?: boolean;
  /** After each input. */
  readonly pause?: (done: number, total: number) => Promise<void>;
}

/** Inputs by their place in the set; a place may be empty. */
export interface Samples {
  readonly size: number;
  readonly skipped: readonly SkippedSample[];
  /** Hash of names, labels and values, hexadecimal. */
  readonly sha256: string;
  /** Undefined for one that was skipped. */
  sample(index: number): Promise<Sample | undefined>;
}

/** Classes that the network tells apart. @throws TrexError (usage) for a network without classifier. */
export function classesOf(model: ModelConfig): number {
  if (model.classes === undefined)
    throw usageError(`${model.name} has no classifier: there is no accuracy to measure`);
  // Of a list of layers the head is layers.
  if (model.family !== 'layers' && 'head' in model && model.head !== 'pooled')
    throw usageError(`${model.name} has a head on every token: accuracy counts one label for each input`);
  return model.classes;
}

/** @throws TrexError (invalid file) that names the first input that does not decode or does not fit the network. */
export async function readSamples(
  set: DataSet,
  model: ModelConfig,
  options: SampleOptions = {},
): Promise<Samples> {
  const { skipBad = false, pause } = options;
  const kept = new Map<number, Sample>();
  const missing = new Set<number>();
  const skipped: SkippedSample[] = [];
  let room = KEPT_BYTES;
  let hash = '';
  for (let index = 0; index < set.size; index++) {
    await pause?.(index, set.size);
    let item: Item;
    try {
      item = await set.item(index);
    } catch (error) {
      if (!skipBad || !isBadFile(error)) throw error;
      skipped.push({ name: `${set.name}#${index}`, reason: error.message });
      missing.add(index);
      continue;
    }
    const sample = sampleOf(item, index, model);
    hash = await chained(hash, item);
    room -= item.input.byteLength;
    if (room >= 0) kept.set(index, sample);
  }
  if (skipped.length === set.size) throw badFile(set.name, `none of ${set.size} inputs decodes`);
  return {
    size: set.size,
    skipped,
    sha256: hash,
    sample: async index => {
      if (missing.has(index)) return undefined;
      return kept.get(index) ?? sampleOf(await set.item(index), index, model);
    },
  };
}

/** An item as the network takes it. @throws TrexError (invalid file) for another shape, label or vocabulary. */
function sampleOf(item: Item, index: number, model: ModelConfig): Sample {
  const { name, label } = item;
  const classes = classesOf(model);
  if (label >= classes) throw badFile(name, `label ${label}, but ${model.name} has ${classes} classes`);
  return { index, name, label, input: modelInput(item, model) };
}

function modelInput({ input, shape, name, types, mask }: Item, model: ModelConfig): ModelInput {
  if ('imageSize' in model) {
    const { inChannels, image } = model;
    const expected = [inChannels, image.height, image.width];
    if (input instanceof Int32Array || shape.join() !== expected.join())
      throw badFile(name, `shape [${shape}]; ${model.name} runs on images of [${expected}]`);
    return { image: input };
  }
  if (!(input instanceof Int32Array)) throw badFile(name, `no token ids; ${model.name} runs on token ids`);
  // A network without segment types takes none of its data's, as transformers' DistilBERT.
  const segments = model.types > 0 ? types : undefined;
  return textInput({ name, words: input, mask, types: segments }, model);
}

/** A hash over what came before, as hexadecimal text, and one item. */
async function chained(before: string, { name, label, input, types, mask }: Item): Promise<string> {
  const head = new TextEncoder().encode(JSON.stringify([name, label, input.length]));
  const last = Uint8Array.from(before.match(/../g) ?? [], byte => Number.parseInt(byte, 16));
  return sha256Hex(concat([last, head, bytesOf(input), bytesOf(types), bytesOf(mask)]));
}

const bytesOf = (values: Float32Array | Int32Array | Uint8Array | undefined): Uint8Array =>
  values === undefined
    ? new Uint8Array(0)
    : new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
