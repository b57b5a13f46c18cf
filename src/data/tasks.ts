/** The tasks that the project makes itself, as files that every loader reads: images of glyphs and of scenes, sentences to accept, stories of races, and prose to go on with. */

import { usageError } from '../base/errors.ts';
import { jsonText } from '../base/json-text.ts';
import { finished } from '../base/turn.ts';
import { VERSION } from '../base/version.ts';
import { wholeNumber } from '../base/whole-number.ts';
import { difficulty, drawingGlyphs } from './glyphs/glyphs.ts';
import type { ImageSet, ImageSetOptions } from './glyphs/image-set.ts';
import { drawingScenes, sceneDifficulty } from './glyphs/scenes.ts';
import { colaText, generatingGrammar, vocabularyText } from './grammar/grammar.ts';
import { PARADIGMS } from './grammar/paradigms/index.ts';
import { writeIdx } from './idx-writer.ts';
import { generatingRaces, RUNNERS, racesText, raceVocabulary } from './races/races.ts';

/** Sets large enough for a small network, and small enough for two cores. */
export const COUNTS = { images: 20_000, testImages: 4000, sentences: 16_000, dev: 2000, testSentences: 2000 };

/** The sizes of a task; what is left out has the default of the command line. */
export interface TaskOptions {
  readonly seed: number;
  /** Inputs of the test set. */
  readonly test?: number | undefined;
  /** Of image tasks: training images, and the side of an image in pixels. */
  readonly images?: number | undefined;
  readonly size?: number | undefined;
  /** Of text tasks: training sentences or stories, and those to choose by. */
  readonly sentences?: number | undefined;
  readonly dev?: number | undefined;
}

/** Contents by file name. */
export type TaskFiles = Record<string, string | Uint8Array>;

/** A task that is drawn from a seed. */
export interface Task {
  /** Options beyond those that all tasks have. */
  readonly own: readonly (keyof TaskOptions)[];
  /** The file or folder that `trex accuracy` reads, below the folder of the task. */
  readonly read: string;
  /** Its files; the same options give the same bytes. */
  readonly files: (options: TaskOptions) => Generator<void, TaskFiles>;
}

/** A task by its name on the command line. */
export type TaskName = 'glyphs' | 'scenes' | 'grammar' | 'races' | 'prose';

const IMAGES = ['images', 'size'] as const;
const TEXTS = ['sentences', 'dev'] as const;

/** Images in the files of MNIST, sentences in those of CoLA, and stories in those of GLUE. */
export const TASKS: Readonly<Record<TaskName, Task>> = {
  glyphs: {
    own: IMAGES,
    read: '',
    files: options => imageFiles({ kind: 'glyphs', difficulty, drawing: drawingGlyphs }, options),
  },
  scenes: {
    own: IMAGES,
    read: '',
    files: options =>
      imageFiles({ kind: 'scenes', difficulty: sceneDifficulty, drawing: drawingScenes }, options),
  },
  grammar: { own: TEXTS, read: 'dev.tsv', files: grammarFiles },
  races: { own: TEXTS, read: 'dev.tsv', files: raceFiles },
  prose: { own: TEXTS, read: 'test.txt', files: proseFiles },
};

/** The files of a task. @throws TrexError (usage) for an option that it does not have. */
export const makeData = (name: TaskName, options: TaskOptions): TaskFiles =>
  finished(makingData(name, options));

/** The same in many small steps, for a caller who lets others in between. @throws TrexError as `makeData` */
export function makingData(name: TaskName, options: TaskOptions): Generator<void, TaskFiles> {
  checkTask(name, options);
  return TASKS[name].files(options);
}

/** @throws TrexError (usage) */
export function checkTask(name: TaskName, options: TaskOptions): void {
  wholeNumber('seed', options.seed);
  const { own } = TASKS[name];
  for (const option of [...IMAGES, ...TEXTS])
    if (options[option] !== undefined && !own.includes(option)) {
      const those = Object.entries<Task>(TASKS).filter(([, task]) => task.own.includes(option));
      throw usageError(`--${option} belongs to trex data ${those.map(([task]) => task).join(' and ')}`);
    }
}

/** A task of images. */
interface ImageKind {
  readonly kind: TaskName;
  readonly difficulty: object;
  readonly drawing: (options: ImageSetOptions) => Generator<void, ImageSet>;
}

/** MNIST's four files, the names of the classes, and what the images were made from. */
function* imageFiles(
  { kind, difficulty, drawing }: ImageKind,
  { images = COUNTS.images, test = COUNTS.testImages, size, seed }: TaskOptions,
): Generator<void, TaskFiles> {
  const sized = size === undefined ? {} : { size };
  const train = yield* drawing({ count: images, seed, split: 'train', ...sized });
  const held = yield* drawing({ count: test, seed, split: 'test', ...sized });
  const side = train.size;
  return {
    'train-images-idx3-ubyte': writeIdx(train.images, [images, side, side]),
    'train-labels-idx1-ubyte': writeIdx(train.labels, [images]),
    't10k-images-idx3-ubyte': writeIdx(held.images, [test, side, side]),
    't10k-labels-idx1-ubyte': writeIdx(held.labels, [test]),
    'classes.txt': lines(train.classes),
    'data.json': jsonText({ version: VERSION, kind, seed, train: images, test, size: side, difficulty }),
  };
}

/** The three files of a GLUE task in CoLA's columns, and the vocabulary. */
function* grammarFiles(options: TaskOptions): Generator<void, TaskFiles> {
  const counts = textCounts(options);
  const texts: Record<string, string> = {};
  for (const split of TEXT_SPLITS)
    texts[`${split}.tsv`] = colaText(
      yield* generatingGrammar({ count: counts[split], seed: options.seed, split }),
    );
  return {
    ...texts,
    'vocab.txt': vocabularyText(),
    'data.json': textJson('grammar', options, { paradigms: PARADIGMS.map(p => p.name) }),
  };
}

/** The three files of a GLUE task, the vocabulary, and the names of the classes. */
function* raceFiles(options: TaskOptions): Generator<void, TaskFiles> {
  const counts = textCounts(options);
  const texts: Record<string, string> = {};
  for (const split of TEXT_SPLITS)
    texts[`${split}.tsv`] = racesText(
      yield* generatingRaces({ count: counts[split], seed: options.seed, split }),
    );
  return {
    ...texts,
    'vocab.txt': raceVocabulary(),
    'classes.txt': lines(RUNNERS),
    'data.json': textJson('races', options, {}),
  };
}

/** The acceptable half of the grammar's sentences, one a line: a text to go on with. */
function* proseFiles(options: TaskOptions): Generator<void, TaskFiles> {
  const counts = textCounts(options);
  const texts: Record<string, string> = {};
  for (const split of TEXT_SPLITS) {
    const sentences = yield* generatingGrammar({ count: counts[split], seed: options.seed, split });
    texts[`${split}.txt`] = lines(sentences.flatMap(({ acceptable, text }) => (acceptable ? text : [])));
  }
  return { ...texts, 'data.json': textJson('prose', options, { paradigms: PARADIGMS.map(p => p.name) }) };
}

const TEXT_SPLITS = ['train', 'dev', 'test'] as const;

const textCounts = ({
  sentences = COUNTS.sentences,
  dev = COUNTS.dev,
  test = COUNTS.testSentences,
}: TaskOptions) => ({ train: sentences, dev, test });

const textJson = (kind: TaskName, options: TaskOptions, more: object): string =>
  jsonText({ version: VERSION, kind, seed: options.seed, ...textCounts(options), ...more });

const lines = (words: readonly string[]): string => words.map(word => `${word}\n`).join('');
