/** The data of the tasks in memory: the files of `trex data`, read by the readers that every user's data go through. */
import { badFile, missingFile } from '../../src/data/bad-file.ts';
import type { DataFiles } from '../../src/data/data-files.ts';
import type { DataSet } from '../../src/data/data-set.ts';
import { drawGlyphs } from '../../src/data/glyphs/glyphs.ts';
import type { ImageSet, ImageSetOptions } from '../../src/data/glyphs/image-set.ts';
import { drawScenes } from '../../src/data/glyphs/scenes.ts';
import { colaText, generateGrammar, vocabularyText } from '../../src/data/grammar/grammar.ts';
import { writeIdx } from '../../src/data/idx-writer.ts';
import { openData } from '../../src/data/open-data.ts';
import { generateRaces, racesText, raceVocabulary } from '../../src/data/races/races.ts';
import { subset } from '../../src/data/subset.ts';
import { readTrainData, type TrainData } from '../../src/train/data.ts';
import type { ModelConfig } from '../../src/workload/model.ts';
import type { Task } from './tasks.ts';

/** What a network learns from, what its epochs are chosen by, and what nothing has seen. */
export interface TaskData {
  readonly train: TrainData;
  readonly validation: TrainData;
  readonly test: DataSet;
}

type TextSplit = 'train' | 'dev' | 'test';

/** How a task of texts is written. */
interface TextSource {
  readonly text: (options: { count: number; seed: number; split: TextSplit }) => string;
  readonly vocabulary: () => string;
}

const IMAGES: Readonly<Record<'glyphs' | 'scenes', (options: ImageSetOptions) => ImageSet>> = {
  glyphs: drawGlyphs,
  scenes: drawScenes,
};
const TEXTS: Readonly<Record<'grammar' | 'races', TextSource>> = {
  grammar: { text: options => colaText(generateGrammar(options)), vocabulary: vocabularyText },
  races: { text: options => racesText(generateRaces(options)), vocabulary: raceVocabulary },
};

/** The three parts of a task; the same task gives the same values. */
export async function taskData(task: Task, model: ModelConfig, seed: number): Promise<TaskData> {
  const { train, validation, test } = task.sizes;
  const { data } = task;
  if (data === 'grammar' || data === 'races') {
    const open = (split: TextSplit, count: number): Promise<DataSet> =>
      openTexts(TEXTS[data], split, count, seed, model);
    return {
      train: await readTrainData(await open('train', train), model),
      validation: await readTrainData(await open('dev', validation), model),
      test: await open('test', test),
    };
  }
  const open = (split: 'train' | 'test', count: number): Promise<DataSet> =>
    openImages(IMAGES[data], split, count, seed, model);
  // Validation images continue the training split, so that the test split is seen at the end alone.
  const all = await open('train', train + validation);
  return {
    train: await readTrainData(range(all, 0, train), model),
    validation: await readTrainData(range(all, train, train + validation), model),
    test: await open('test', test),
  };
}

/** `count` items of a set, drawn by the seed. */
export const drawn = (set: DataSet, count: number, seed: string): DataSet =>
  subset(set, Math.min(count, set.size), seed);

async function openImages(
  draw: (options: ImageSetOptions) => ImageSet,
  split: 'train' | 'test',
  count: number,
  seed: number,
  model: ModelConfig,
): Promise<DataSet> {
  if (!('imageSize' in model)) throw new RangeError(`${model.name} takes no images`);
  const { imageSize: side, inChannels: channels } = model;
  const { images, labels } = draw({ count, size: side, seed, split });
  const prefix = split === 'train' ? 'train' : 't10k';
  const files = memoryFiles({
    [`images/${prefix}-images-idx3-ubyte`]: writeIdx(images, [count, side, side]),
    [`images/${prefix}-labels-idx1-ubyte`]: writeIdx(labels, [count]),
  });
  return openData(files, 'images', { split, size: side, channels });
}

async function openTexts(
  { text, vocabulary }: TextSource,
  split: TextSplit,
  count: number,
  seed: number,
  model: ModelConfig,
): Promise<DataSet> {
  const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
  const files = memoryFiles({
    [`texts/${split}.tsv`]: bytes(text({ count, seed, split })),
    'texts/vocab.txt': bytes(vocabulary()),
  });
  return openData(files, `texts/${split}.tsv`, { maxTokens: model.tokens });
}

const range = (set: DataSet, from: number, to: number): DataSet => ({
  ...set,
  size: to - from,
  item: index => set.item(from + index),
});

/** Files by path, without a disk. */
function memoryFiles(contents: Readonly<Record<string, Uint8Array>>): DataFiles {
  const paths = Object.keys(contents);
  const inside = (folder: string): string[] =>
    paths.filter(path => path.startsWith(`${folder}/`)).map(path => path.slice(folder.length + 1));
  return {
    stat: async path => {
      if (Object.hasOwn(contents, path)) return { kind: 'file', bytes: contents[path].length };
      return inside(path).length > 0 ? { kind: 'folder', bytes: 0 } : undefined;
    },
    list: async folder => inside(folder).map(name => ({ name, kind: 'file' })),
    read: async (path, maxBytes) => {
      if (!Object.hasOwn(contents, path)) throw missingFile(path);
      if (contents[path].length > maxBytes) throw badFile(path, `longer than ${maxBytes} bytes`);
      return contents[path];
    },
  };
}
