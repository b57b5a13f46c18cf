/** The three parts of the data of an optimisation: what networks learn from, what they are chosen by, and what accuracy is measured on. */
import { createHash } from 'node:crypto';
import { preparedAs } from '../../accuracy/accuracy-data.ts';
import { type DecoderModel, readTokenRows } from '../../accuracy/token-rows.ts';
import { type TrexError, usageError } from '../../base/errors.ts';
import { uniformStream } from '../../base/random.ts';
import { significant } from '../../base/units.ts';
import { folderOf } from '../../data/data-files.ts';
import type { DataOptions } from '../../data/data-options.ts';
import type { DataSet } from '../../data/data-set.ts';
import { diskFiles, openDiskData } from '../../data/node/disk-files.ts';
import { formatOf, takes } from '../../data/open-data.ts';
import { statOf } from '../../run/node/read-file.ts';
import { readTrainData, shuffled, type TrainData } from '../../train/data.ts';
import { windowData } from '../../train/windows.ts';
import type { ModelConfig } from '../../workload/model.ts';
import { areaOf } from '../../workload/size.ts';

/** Share of the training inputs that are kept back to choose by, where the data have no part for it, and the most (assumed). */
const KEPT_BACK = 0.1;
const MOST_KEPT = 2000;
/** Inputs are held in memory as floats. */
const MOST_BYTES = 2 ** 31;

export interface TrainingData {
  readonly train: TrainData;
  readonly validation: TrainData;
  /** Path and split for the accuracy at the end. */
  readonly test: string;
  readonly vocabulary: string | undefined;
  /** Of all inputs and labels that training sees. */
  readonly sha256: string;
}

/**
 * A folder with train.tsv and dev.tsv (test.tsv, if it is there, measures), or data with a training and a test part
 * (MNIST's files, CIFAR, archives), of which some training inputs are kept back.
 * Inputs are prepared as the files beside `weights` say, if there are any.
 * @throws TrexError: data that do not fit the network, or have one part only.
 */
export async function openTrainingData(
  path: string,
  model: ModelConfig,
  vocabulary: string | undefined,
  seed: number,
  weights?: string,
): Promise<TrainingData> {
  if (model.family === 'decoder') return await openProse(path, model, vocabulary);
  const offered = await inputOf(model, weights);
  if (statOf(`${path}/train.tsv`)?.isFile()) return openTexts(path, model, vocabulary, offered);
  const needsParts = (): TrexError =>
    usageError(`--data ${path}: training needs data with a training and a test part`);
  if (!takes(await formatOf(diskFiles, path), 'split')) throw needsParts();
  const said = vocabulary === undefined ? {} : { vocabulary };
  const all = await openDiskData(path, { ...said, split: 'train' }, offered);
  const held = await openDiskData(path, { ...said, split: 'test' }, offered);
  if (all.size === held.size && (await sameStart(all, held))) throw needsParts();
  const data = await readPart(path, all, model);
  const count = Math.min(MOST_KEPT, Math.max(1, Math.round(all.size * KEPT_BACK)));
  const order = shuffled(all.size, uniformStream(seed, 'optimize/validation'));
  const [validation, train] = [order.slice(0, count).sort(), order.slice(count).sort()].map(i =>
    part(data, i),
  );
  return { train, validation, test: path, vocabulary, sha256: hashOf([train, validation]) };
}

/** A folder with train.txt and dev.txt, or token ids as train.npy or .json; test.* measures, if it is there. */
async function openProse(
  path: string,
  model: DecoderModel,
  vocabulary: string | undefined,
): Promise<TrainingData> {
  if (vocabulary !== undefined)
    throw usageError(`--vocabulary ${vocabulary}: ${model.name} takes tokens as they are`);
  const find = (name: string): string | undefined =>
    ['txt', 'npy', 'json'].map(end => `${path}/${name}.${end}`).find(file => statOf(file)?.isFile());
  const read = async (name: string): Promise<TrainData> => {
    const file = find(name);
    if (file === undefined)
      throw usageError(
        `--data ${path}: a decoder learns from ${name}.txt, .npy or .json there; trex data prose makes such a folder`,
      );
    const rows = await readTokenRows({ disk: diskFiles, path: file, folder: path }, model);
    const text = new Int32Array(rows.reduce((sum, row) => sum + row.length, 0));
    let at = 0;
    for (const row of rows) {
      text.set(row, at);
      at += row.length;
    }
    return windowData(file, text, model.tokens);
  };
  const [train, validation] = [await read('train'), await read('dev')];
  const test = find('test') ?? find('dev') ?? path;
  return { train, validation, test, vocabulary, sha256: hashOf([train, validation]) };
}

async function openTexts(
  path: string,
  model: ModelConfig,
  given: string | undefined,
  offered: DataOptions,
): Promise<TrainingData> {
  const vocabulary = given ?? offered.vocabulary ?? `${path}/vocab.txt`;
  const open = (name: string): Promise<DataSet> => openDiskData(`${path}/${name}`, { vocabulary }, offered);
  const read = async (name: string): Promise<TrainData> =>
    readPart(`${path}/${name}`, await open(name), model);
  const [train, validation] = [await read('train.tsv'), await read('dev.tsv')];
  const test = ['test.tsv', 'dev.tsv'].find(name => statOf(`${path}/${name}`)?.isFile())!;
  return { train, validation, test: `${path}/${test}`, vocabulary, sha256: hashOf([train, validation]) };
}

/** @throws TrexError for data that are too much for memory, or have nothing to learn. */
async function readPart(path: string, set: DataSet, model: ModelConfig): Promise<TrainData> {
  const each = 'imageSize' in model ? model.inChannels * areaOf(model.image) : model.tokens;
  const bytes = 4 * each * set.size;
  if (bytes > MOST_BYTES)
    throw usageError(
      `--data ${path}: ${set.size} inputs of ${model.name} take ${significant(bytes / 2 ** 30, 3)} GiB of memory, more than training here can have; train with --evaluator, or on a smaller network`,
    );
  const data = await readTrainData(set, model);
  const [first] = data.labels;
  if (data.labels.every(label => label === first))
    throw usageError(`--data ${path}: all ${set.size} labels are class ${first}: nothing to learn`);
  return data;
}

/** What the network offers, and the files beside the weights to start from, as in `trex accuracy`. */
async function inputOf(model: ModelConfig, weights: string | undefined): Promise<DataOptions> {
  const sizes: DataOptions =
    'imageSize' in model
      ? { size: [model.image.height, model.image.width], channels: model.inChannels }
      : { maxTokens: model.tokens };
  if (weights === undefined) return sizes;
  const { offered } = await preparedAs(model, folderOf(weights.replaceAll('\\', '/')), diskFiles);
  return { ...offered, ...sizes };
}

/** One part under two names: nothing would be left to measure on. */
async function sameStart(a: DataSet, b: DataSet): Promise<boolean> {
  const [x, y] = await Promise.all([a.item(0), b.item(0)]);
  return x.name === y.name && x.input.every((value, i) => value === y.input[i]);
}

/** The samples of some indices. */
function part({ inputs, labels, lengths, types }: TrainData, indices: Int32Array): TrainData {
  const each = inputs.length / labels.length;
  const rows = <T extends Float32Array | Int32Array>(from: T, to: T): T => {
    for (const [i, index] of indices.entries())
      to.set(from.subarray(index * each, (index + 1) * each), i * each);
    return to;
  };
  const length = indices.length * each;
  return {
    inputs:
      inputs instanceof Int32Array
        ? rows(inputs, new Int32Array(length))
        : rows(inputs, new Float32Array(length)),
    labels: indices.map(i => labels[i]),
    ...(lengths && { lengths: indices.map(i => lengths[i]) }),
    ...(types && types.length > 0 && { types: rows(types, new Int32Array(length)) }),
  };
}

function hashOf(parts: readonly TrainData[]): string {
  const hash = createHash('sha256');
  for (const { inputs, labels } of parts) {
    for (const { buffer, byteOffset, byteLength } of [inputs, labels])
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}
