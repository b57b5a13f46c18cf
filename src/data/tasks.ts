/** The two tasks that the project makes itself, as files that every loader reads: images of glyphs, and sentences to accept. */

import { usageError } from '../base/errors.ts';
import { jsonText } from '../base/json-text.ts';
import { finished } from '../base/turn.ts';
import { VERSION } from '../base/version.ts';
import { wholeNumber } from '../base/whole-number.ts';
import { difficulty, drawingGlyphs } from './glyphs/glyphs.ts';
import { colaText, generatingGrammar, vocabularyText } from './grammar/grammar.ts';
import { PARADIGMS } from './grammar/paradigms/index.ts';
import { writeIdx } from './idx-writer.ts';

/** Sets large enough for a small network, and small enough for two cores. */
export const COUNTS = { images: 20_000, testImages: 4000, sentences: 16_000, dev: 2000, testSentences: 2000 };

/** The sizes of a task; what is left out has the default of the command line. */
export interface TaskOptions {
  readonly seed: number;
  /** Inputs of the test set. */
  readonly test?: number | undefined;
  /** Of glyphs: training images, and the side of an image in pixels. */
  readonly images?: number | undefined;
  readonly size?: number | undefined;
  /** Of the grammar: training sentences, and sentences to choose by. */
  readonly sentences?: number | undefined;
  readonly dev?: number | undefined;
}

/** Contents by file name. */
export type TaskFiles = Record<string, string | Uint8Array>;

/** A task that is drawn from a seed. */
export interface Task {
  /** Options that only this task has. */
  readonly own: readonly (keyof TaskOptions)[];
  /** Its files; the same options give the same bytes. */
  readonly files: (options: TaskOptions) => Generator<void, TaskFiles>;
}

/** A task by its name on the command line. */
export type TaskName = 'glyphs' | 'grammar';

/** Images of glyphs in the files of MNIST, and sentences to accept or not in those of CoLA. */
export const TASKS: Readonly<Record<TaskName, Task>> = {
  glyphs: { own: ['images', 'size'], files: glyphFiles },
  grammar: { own: ['sentences', 'dev'], files: grammarFiles },
};

/** The files of a task. @throws TrexError (usage) for an option of the other one. */
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
  for (const [other, { own }] of Object.entries<Task>(TASKS)) {
    const foreign = own.find(option => other !== name && options[option] !== undefined);
    if (foreign !== undefined) throw usageError(`--${foreign} belongs to trex data ${other}`);
  }
}

/** MNIST's four files, the names of the classes, and what the images were made from. */
function* glyphFiles({
  images = COUNTS.images,
  test = COUNTS.testImages,
  size,
  seed,
}: TaskOptions): Generator<void, TaskFiles> {
  const sized = size === undefined ? {} : { size };
  const train = yield* drawingGlyphs({ count: images, seed, split: 'train', ...sized });
  const held = yield* drawingGlyphs({ count: test, seed, split: 'test', ...sized });
  const side = train.size;
  return {
    'train-images-idx3-ubyte': writeIdx(train.images, [images, side, side]),
    'train-labels-idx1-ubyte': writeIdx(train.labels, [images]),
    't10k-images-idx3-ubyte': writeIdx(held.images, [test, side, side]),
    't10k-labels-idx1-ubyte': writeIdx(held.labels, [test]),
    'classes.txt': train.classes.map(name => `${name}\n`).join(''),
    'data.json': jsonText({
      version: VERSION,
      kind: 'glyphs',
      seed,
      train: images,
      test,
      size: side,
      difficulty,
    }),
  };
}

/** The three files of a GLUE task in CoLA's columns, and the vocabulary. */
function* grammarFiles(args: TaskOptions): Generator<void, TaskFiles> {
  const { sentences = COUNTS.sentences, dev = COUNTS.dev, test = COUNTS.testSentences, seed } = args;
  const counts = { train: sentences, dev, test };
  const texts: Record<string, string> = {};
  for (const split of ['train', 'dev', 'test'] as const)
    texts[`${split}.tsv`] = colaText(yield* generatingGrammar({ count: counts[split], seed, split }));
  return {
    ...texts,
    'vocab.txt': vocabularyText(),
    'data.json': jsonText({
      version: VERSION,
      kind: 'grammar',
      seed,
      ...counts,
      paradigms: PARADIGMS.map(p => p.name),
    }),
  };
}
