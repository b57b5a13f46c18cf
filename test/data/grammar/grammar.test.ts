import test from 'ava';
import { uniformStream } from '../../../src/base/random.ts';
import { textSet } from '../../../src/data/formats/tsv.ts';
import {
  colaText,
  generateGrammar,
  type Sentence,
  vocabularyText,
} from '../../../src/data/grammar/grammar.ts';
import { lexiconWords } from '../../../src/data/grammar/lexicon.ts';
import { Draw } from '../../../src/data/grammar/paradigm.ts';
import { PARADIGMS } from '../../../src/data/grammar/paradigms/index.ts';
import { failure } from '../../arch/fixtures.ts';
import { type Labelled, logistic, predict } from '../linear.ts';
import { memoryFiles } from '../memory-files.ts';

const train = generateGrammar({ count: 4000, seed: 1, split: 'train' });
const dev = generateGrammar({ count: 1000, seed: 1, split: 'dev' });
const held = generateGrammar({ count: 1000, seed: 1, split: 'test' });

const sortedWords = (sentences: readonly string[]): string[] => sentences.join(' ').split(' ').sort();
const lengths = (sentences: readonly string[]): number[] => sentences.map(s => s.split(' ').length).sort();

/** Matthews' correlation of predicted and true labels, 0 or 1. */
function correlation(predicted: readonly number[], labels: ArrayLike<number>): number {
  const n = [0, 0, 0, 0];
  for (const [i, p] of predicted.entries()) n[2 * labels[i] + p]++;
  const [tn, fp, fn, tp] = n;
  return (tp * tn - fp * fn) / Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn));
}

for (const { name, draw } of PARADIGMS) {
  test(`${name}: acceptable and unacceptable sentences hold the same words, as many, and differ`, t => {
    const random = uniformStream(3, 'test', name);
    for (let i = 0; i < 300; i++) {
      const chosen = new Draw(random);
      const { good, bad } = draw(chosen);
      t.deepEqual(sortedWords(good), sortedWords(bad));
      t.deepEqual(lengths(good), lengths(bad));
      t.is(new Set([...good, ...bad]).size, good.length + bad.length);
      t.true([2, 4].includes(good.length + bad.length));
    }
  });
}

test('a sentence belongs to one contrast of one paradigm: who splits contrasts splits sentences', t => {
  const owner = new Map<string, string>();
  for (const { name, draw } of PARADIGMS) {
    const random = uniformStream(4, 'test', name);
    for (let i = 0; i < 4000; i++) {
      const chosen = new Draw(random);
      const { good, bad } = draw(chosen);
      for (const text of [...good, ...bad]) {
        const found = owner.get(text) ?? `${name} ${chosen.key}`;
        if (found !== `${name} ${chosen.key}`) t.fail(`${text}: ${found} and ${name} ${chosen.key}`);
        owner.set(text, found);
      }
    }
  }
  t.true(owner.size > 100_000);
});

test('half of the sentences are acceptable, in every paradigm', t => {
  t.is(train.filter(s => s.acceptable).length, 2000);
  for (const { name } of PARADIGMS) {
    const own = train.filter(s => s.paradigm === name);
    t.true(Math.abs(own.length - 4000 / PARADIGMS.length) < 4);
    t.is(own.filter(s => s.acceptable).length, own.length / 2);
  }
});

test('no sentence comes twice, and none is in two splits, of one seed or of several', t => {
  const texts = (sentences: readonly Sentence[]): string[] => sentences.map(s => s.text);
  const seen = new Set(texts(train));
  t.is(seen.size, train.length);
  t.is(new Set(texts(dev)).size, dev.length);
  const others = [...dev, ...held, ...generateGrammar({ count: 1000, seed: 2, split: 'dev' })];
  t.deepEqual(
    texts(others).filter(text => seen.has(text)),
    [],
  );
  t.deepEqual(
    texts(held).filter(text => new Set(texts(dev)).has(text)),
    [],
  );
});

test('a classifier that counts words is at chance', t => {
  const words = new Map(lexiconWords().map((word, i) => [word, i]));
  const counted = (sentences: readonly Sentence[]): Labelled => {
    const x = new Float64Array(sentences.length * words.size);
    for (const [i, { text }] of sentences.entries()) {
      for (const word of text.toLowerCase().split(/ |(?=[.?])/)) x[i * words.size + words.get(word)!]++;
    }
    return { x, labels: sentences.map(s => Number(s.acceptable)), features: words.size };
  };
  const weights = logistic(counted(train), 2, 60);
  const test = counted(dev);
  t.true(Math.abs(correlation(predict(weights, test, 2), test.labels)) < 0.05);
});

test('the same seed gives the same bytes, another seed other sentences', t => {
  const text = (seed: number): string => colaText(generateGrammar({ count: 200, seed, split: 'train' }));
  t.is(text(4), text(4));
  t.not(text(4), text(5));
});

test('the order of the file says nothing of the label', t => {
  const labels = train.map(s => Number(s.acceptable));
  const same = labels.filter((label, i) => i > 0 && label === labels[i - 1]).length;
  t.true(Math.abs(same / labels.length - 0.5) < 0.04);
});

test('the file is read as CoLA, and its vocabulary knows every word', async t => {
  const files = memoryFiles({ 'd/dev.tsv': colaText(dev), 'd/vocab.txt': vocabularyText() });
  const set = await textSet(files, 'd/dev.tsv', { maxTokens: 24 });
  t.is(set.size, 1000);
  t.is(set.vocabulary, lexiconWords().length + 4);
  for (let i = 0; i < set.size; i++) {
    const { input, mask, label } = await set.item(i);
    t.false(input.includes(1), dev[i].text);
    t.is(label, Number(dev[i].acceptable));
    // [SEP] stands at the end: nothing was cut off.
    t.is(input[mask!.lastIndexOf(1)], 3);
  }
});

test('every word of the vocabulary is used', t => {
  const used = new Set(
    [...train, ...generateGrammar({ count: 40_000, seed: 9, split: 'train' })].flatMap(s =>
      s.text.toLowerCase().split(/ |(?=[.?])/),
    ),
  );
  t.deepEqual(
    lexiconWords().filter(word => !used.has(word)),
    [],
  );
});

test('a row has the four columns of CoLA', t => {
  const rows = colaText([
    { paradigm: 'agreement', acceptable: true, text: 'The boy sleeps.' },
    { paradigm: 'agreement', acceptable: false, text: 'The boy sleep.' },
  ]);
  t.is(rows, 'agreement\t1\t\tThe boy sleeps.\nagreement\t0\t*\tThe boy sleep.\n');
});

test('a count that splits a contrast, or is more than there is, is refused', t => {
  const ask = (count: number) => failure(() => generateGrammar({ count, seed: 1, split: 'dev' }));
  t.regex(ask(6).message, /^grammar: 6 sentences of dev: expected a multiple of 4 from 4 to/);
  t.is(ask(6).exitCode, 2);
  t.regex(
    ask(400_000).message,
    /^grammar: no more than \d+ sentences of dev: the paradigm [a-z-]+ has no others$/,
  );
});
