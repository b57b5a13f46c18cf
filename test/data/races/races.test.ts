import test from 'ava';
import { textSet } from '../../../src/data/formats/tsv.ts';
import {
  generateRaces,
  type Race,
  RUNNERS,
  racesText,
  raceVocabulary,
} from '../../../src/data/races/races.ts';
import { loadModel } from '../../../src/run/node/load.ts';
import { readTrainData, type TrainData } from '../../../src/train/data.ts';
import { linearAccuracy } from '../../../studies/reproduce/linear.ts';
import { nearestAccuracy } from '../../../studies/tasks/nearest.ts';
import { oneHot } from '../../../studies/tasks/one-hot.ts';
import { failure } from '../../arch/fixtures.ts';
import { memoryFiles } from '../memory-files.ts';

const train = generateRaces({ count: 2000, seed: 1, split: 'train' });
const dev = generateRaces({ count: 300, seed: 1, split: 'dev' });
const { model } = loadModel('race-bert');

/** Who came in where, from the sentences alone. */
function answer({ text }: Race): string {
  const words = text.toLowerCase().replaceAll(/[.?]/g, '').split(' ');
  const pairs = [0, 3, 6].map(i =>
    BEFORE.includes(words[i + 1]) ? [words[i], words[i + 2]] : [words[i + 2], words[i]],
  );
  const behind = new Map(pairs.map(([one, other]) => [one, other]));
  const losers = new Set(behind.values());
  const order = [[...behind.keys()].find(name => !losers.has(name))!];
  for (let next = behind.get(order[0]); next !== undefined; next = behind.get(next)) order.push(next);
  return order.at(PLACES[words.at(-1)!])!;
}

const BEFORE = ['beat', 'passed', 'outran', 'led'];
const PLACES: Record<string, number> = { first: 0, second: 1, last: -1 };

test('the label is the runner that the sentences put in the place that is asked for', t => {
  for (const race of train) t.is(answer(race), RUNNERS[race.label], race.text);
});

test('a smaller set is the beginning of a larger one; another seed tells other stories', t => {
  t.deepEqual(generateRaces({ count: 50, seed: 1, split: 'train' }), train.slice(0, 50));
  t.notDeepEqual(generateRaces({ count: 50, seed: 2, split: 'train' }), train.slice(0, 50));
});

test('no story comes twice, and none is in two splits, of one seed or of several', t => {
  const seen = new Set(train.map(({ text }) => text));
  t.is(seen.size, train.length);
  const others = [...dev, ...generateRaces({ count: 300, seed: 2, split: 'test' })];
  t.deepEqual(
    others.filter(({ text }) => seen.has(text)),
    [],
  );
});

async function asData(races: readonly Race[]): Promise<TrainData> {
  const files = memoryFiles({ 'd/x.tsv': racesText(races), 'd/vocab.txt': raceVocabulary() });
  return readTrainData(await textSet(files, 'd/x.tsv', { maxTokens: model.tokens }), model);
}

test('the file is read as GLUE, its vocabulary knows every word, and the network fits it', async t => {
  const { inputs, lengths, labels } = await asData(dev);
  t.false(inputs.includes(1));
  t.true((lengths as Int32Array).every(length => length === model.tokens));
  t.deepEqual(
    [...labels],
    dev.map(({ label }) => label),
  );
  t.is(raceVocabulary().split('\n').length - 1, 'vocabulary' in model ? model.vocabulary : 0);
});

test('neither the most similar story nor a weight for every word at every place finds the answer', async t => {
  const words = raceVocabulary().split('\n').length - 1;
  const [known, held] = [oneHot(await asData(train), words), oneHot(await asData(dev), words)];
  const [nearest, linear] = [nearestAccuracy(known, held), linearAccuracy(known, held, RUNNERS.length, 1)];
  t.true(nearest < 0.5, `nearest neighbour: ${nearest}`);
  t.true(linear < 0.5, `linear: ${linear}`);
});

test('a count out of range is refused', t => {
  t.is(
    failure(() => generateRaces({ count: 0, seed: 1, split: 'dev' })).message,
    'races: 0 stories of dev: expected a whole number from 1 to 1048576',
  );
});
