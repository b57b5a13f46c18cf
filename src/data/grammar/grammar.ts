/** Grammar: a task of linguistic acceptability like CoLA (arXiv 1805.12471), generated in minimal pairs from a seed. */
import { bucketOf } from '../../base/bucket.ts';
import { TrexError, usageError } from '../../base/errors.ts';
import { uniformStream } from '../../base/random.ts';
import { finished } from '../../base/turn.ts';
import { lexiconWords } from './lexicon.ts';
import { Draw } from './paradigm.ts';
import { PARADIGMS } from './paradigms/index.ts';

export type GrammarSplit = 'train' | 'dev' | 'test';

export interface Sentence {
  /** Name of its paradigm. */
  readonly paradigm: string;
  readonly acceptable: boolean;
  readonly text: string;
}

export interface GrammarOptions {
  /** Sentences; a multiple of 4. */
  readonly count: number;
  readonly seed: number | string;
  readonly split: GrammarSplit;
}

/** Each contrast belongs to one split by the hash of what was drawn: out of 8. */
const SHARES: Record<GrammarSplit, readonly number[]> = { train: [0, 1, 2, 3, 4, 5], dev: [6], test: [7] };
const BUCKETS = 8;
const GROUP = 4;
const MOST_SENTENCES = 2 ** 20;
/** Draws in a row that give nothing new, before a paradigm counts as used up. */
const PATIENCE = 2000;
const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'];

/**
 * Sentences of a split, half of them acceptable, in random order. Paradigms take turns with four sentences each, so
 * that each has its share; no sentence comes twice, and none is in two splits, whatever their seeds.
 * @throws TrexError (usage) for a count out of range; TrexError if the grammar has no more sentences.
 */
export const generateGrammar = (options: GrammarOptions): Sentence[] => finished(generatingGrammar(options));

/** The same, contrast by contrast. @throws TrexError as `generateGrammar` */
export function* generatingGrammar({ count, seed, split }: GrammarOptions): Generator<void, Sentence[]> {
  if (!Number.isSafeInteger(count) || count < GROUP || count > MOST_SENTENCES || count % GROUP !== 0) {
    throw usageError(
      `grammar: ${count} sentences of ${split}: expected a multiple of ${GROUP} from ${GROUP} to ${MOST_SENTENCES}, as sentences come in contrasts`,
    );
  }
  const sources = PARADIGMS.map(({ name, draw }) => {
    const random = uniformStream(seed, 'data/grammar', split, name);
    return { name, draw, random, seen: new Set<string>() };
  });
  const sentences: Sentence[] = [];
  for (let turn = 0; sentences.length < count; turn++) {
    const { name, draw, random, seen } = sources[turn % sources.length];
    for (let made = 0, vain = 0; made < GROUP; ) {
      const chosen = new Draw(random);
      const { good, bad } = draw(chosen);
      if (seen.has(chosen.key) || !SHARES[split].includes(bucketOf(`${name} ${chosen.key}`, BUCKETS))) {
        if (++vain > PATIENCE) throw usedUp(name, split, sentences.length);
        continue;
      }
      vain = 0;
      seen.add(chosen.key);
      for (const text of good) sentences.push({ paradigm: name, acceptable: true, text: written(text) });
      for (const text of bad) sentences.push({ paradigm: name, acceptable: false, text: written(text) });
      made += good.length + bad.length;
    }
    yield;
  }
  return shuffled(sentences, uniformStream(seed, 'data/grammar/order', split));
}

/** CoLA's four columns, without a line of names: source, label, the author's mark, sentence. */
export const colaText = (sentences: readonly Sentence[]): string =>
  sentences
    .map(({ paradigm, acceptable, text }) => `${paradigm}\t${acceptable ? '1\t' : '0\t*'}\t${text}\n`)
    .join('');

/** Whole words, one per line, for BERT's tokenizer. */
export const vocabularyText = (): string => [...SPECIAL, ...lexiconWords()].map(word => `${word}\n`).join('');

/** As people write: a capital letter, and no space before the mark. */
function written(words: string): string {
  const text = words.replace(/ ([.?])$/, '$1');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function shuffled<T>(list: T[], random: () => number): T[] {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

const usedUp = (name: string, split: string, count: number): TrexError =>
  new TrexError(`grammar: no more than ${count} sentences of ${split}: the paradigm ${name} has no others`);
