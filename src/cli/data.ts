/** `trex data`: the two tasks that the project makes itself, as files that every loader reads. */
import { isAbsolute, relative } from 'node:path';
import type { CommandModule } from 'yargs';
import { usageError } from '../base/errors.ts';
import { VERSION } from '../base/version.ts';
import { difficulty, drawGlyphs } from '../data/glyphs/glyphs.ts';
import { colaText, generateGrammar, vocabularyText } from '../data/grammar/grammar.ts';
import { PARADIGMS } from '../data/grammar/paradigms/index.ts';
import { writeIdx } from '../data/idx-writer.ts';
import { checkOutputDir, writeOutputDir } from './io/output-dir.ts';

const kinds = ['glyphs', 'grammar'] as const;
type Kind = (typeof kinds)[number];

/** Sets large enough for a small network, and small enough for two cores. */
const COUNTS = { images: 20_000, testImages: 4000, sentences: 16_000, dev: 2000, testSentences: 2000 };

interface DataArguments {
  readonly what: Kind;
  readonly out: string;
  readonly images: number | undefined;
  readonly size: number | undefined;
  readonly sentences: number | undefined;
  readonly dev: number | undefined;
  readonly test: number | undefined;
  readonly seed: number;
  readonly force: boolean;
  readonly quiet: boolean;
}

/** Options that only one of the kinds has. */
const OWN = { glyphs: ['images', 'size'], grammar: ['sentences', 'dev'] } as const;

type Files = Record<string, string | Uint8Array>;

/** MNIST's four files, the names of the classes, and what the images were made from. */
function glyphFiles({ images = COUNTS.images, test = COUNTS.testImages, size, seed }: DataArguments): Files {
  const sized = size === undefined ? {} : { size };
  const train = drawGlyphs({ count: images, seed, split: 'train', ...sized });
  const held = drawGlyphs({ count: test, seed, split: 'test', ...sized });
  const side = train.size;
  return {
    'train-images-idx3-ubyte': writeIdx(train.images, [images, side, side]),
    'train-labels-idx1-ubyte': writeIdx(train.labels, [images]),
    't10k-images-idx3-ubyte': writeIdx(held.images, [test, side, side]),
    't10k-labels-idx1-ubyte': writeIdx(held.labels, [test]),
    'classes.txt': train.classes.map(name => `${name}\n`).join(''),
    'data.json': jsonText({ kind: 'glyphs', seed, train: images, test, size: side, difficulty }),
  };
}

/** The three files of a GLUE task in CoLA's columns, and the vocabulary. */
function grammarFiles(args: DataArguments): Files {
  const { sentences = COUNTS.sentences, dev = COUNTS.dev, test = COUNTS.testSentences, seed } = args;
  const counts = { train: sentences, dev, test };
  const text = (split: keyof typeof counts): string =>
    colaText(generateGrammar({ count: counts[split], seed, split }));
  return {
    'train.tsv': text('train'),
    'dev.tsv': text('dev'),
    'test.tsv': text('test'),
    'vocab.txt': vocabularyText(),
    'data.json': jsonText({ kind: 'grammar', seed, ...counts, paradigms: PARADIGMS.map(p => p.name) }),
  };
}

const jsonText = (fields: object): string => `${JSON.stringify({ version: VERSION, ...fields }, null, 2)}\n`;

function handler(args: DataArguments): void {
  const { what, out, seed, force } = args;
  if (!Number.isSafeInteger(seed)) throw usageError(`--seed ${seed}: expected a whole number`);
  const other = what === 'glyphs' ? 'grammar' : 'glyphs';
  const foreign = OWN[other].find(name => args[name] !== undefined);
  if (foreign !== undefined) throw usageError(`--${foreign} belongs to trex data ${other}`);
  checkOutputDir(out, { force });
  writeOutputDir(out, what === 'glyphs' ? glyphFiles(args) : grammarFiles(args), { force });
  if (!args.quiet) process.stdout.write(summary(what, out));
}

function summary(what: Kind, out: string): string {
  const path = isAbsolute(out) ? out : relative('.', out);
  const data = what === 'glyphs' ? path : `${path}/dev.tsv`;
  return `files   ${path}\nnext    trex accuracy --model WEIGHTS --data ${data}\n`;
}

export const dataCommand: CommandModule<object, DataArguments> = {
  command: 'data <what>',
  describe: 'Make the data of a task: images of glyphs, or sentences for acceptability',
  builder: yargs =>
    yargs
      .positional('what', { choices: kinds, demandOption: true, describe: 'Which task' })
      .option('images', {
        type: 'number',
        describe: `glyphs: training images [default: ${COUNTS.images}]`,
        group: 'Data:',
      })
      .option('size', {
        type: 'number',
        describe: 'glyphs: side of an image, pixels [default: 20]',
        group: 'Data:',
      })
      .option('sentences', {
        type: 'number',
        describe: `grammar: training sentences [default: ${COUNTS.sentences}]`,
        group: 'Data:',
      })
      .option('dev', {
        type: 'number',
        describe: `grammar: sentences to choose by [default: ${COUNTS.dev}]`,
        group: 'Data:',
      })
      .option('test', {
        type: 'number',
        describe: `Inputs of the test set [default: ${COUNTS.testImages} images, ${COUNTS.testSentences} sentences]`,
        group: 'Data:',
      })
      .option('seed', { type: 'number', default: 1, describe: 'Seed of random streams', group: 'Data:' })
      .option('out', {
        type: 'string',
        demandOption: true,
        describe: 'Folder for the files',
        group: 'Output:',
      })
      .option('force', { type: 'boolean', default: false, describe: 'Replace the folder', group: 'Output:' })
      .option('quiet', { type: 'boolean', default: false, describe: 'Say nothing', group: 'Output:' })
      .example('$0 data glyphs --out glyphs', 'Twelve classes of pen-drawn forms, as MNIST stores them')
      .example('$0 data grammar --out grammar --seed 2', 'Minimal pairs in the format of CoLA') as never,
  handler,
};
