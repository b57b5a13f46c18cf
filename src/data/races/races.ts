/** Races: who came in where, told in three sentences about four runners; a question asks for one place. Generated from a seed. */
import { bucketOf } from '../../base/bucket.ts';
import { usageError } from '../../base/errors.ts';
import { type RandomStream, uniformStream } from '../../base/random.ts';
import { finished } from '../../base/turn.ts';

export type RaceSplit = 'train' | 'dev' | 'test';

/** A story with its question, and the place of the answer in RUNNERS. */
export interface Race {
  readonly text: string;
  readonly label: number;
}

export interface RaceOptions {
  /** Stories of the set. */
  readonly count: number;
  readonly seed: number | string;
  readonly split: RaceSplit;
}

/** In the order of their code points, as readers of data number names. */
export const RUNNERS = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay', 'gus', 'hal'] as const;
/** The first name came in before the second one, or behind it. */
const BEFORE = ['beat', 'passed', 'outran', 'led'];
const BEHIND = ['trailed', 'followed', 'chased', 'missed'];
/** What is asked for; the third place would double what has to be found in two steps. */
const PLACES = ['first', 'second', 'last'];
const RUNNING = 4;
/** Sentences that name the one in front first: without most of them a small network is slow to find what the verbs say. */
const FORWARD = 0.85;

/** A story belongs to one split by the hash of its words, whatever the seed: out of 8. */
const SHARES: Record<RaceSplit, readonly number[]> = { train: [0, 1, 2, 3, 4, 5], dev: [6], test: [7] };
const BUCKETS = 8;
const MOST_STORIES = 2 ** 20;

/**
 * Every story links neighbours of the order alone, in any order of sentences and with verbs of either direction, so that
 * the answer is in no sentence of its own. No story comes twice, and none is in two splits, whatever their seeds; a
 * smaller set is the beginning of a larger one. @throws TrexError (usage) for a count out of range.
 */
export const generateRaces = (options: RaceOptions): Race[] => finished(generatingRaces(options));

/** The same, story by story. @throws TrexError as `generateRaces` */
export function* generatingRaces({ count, seed, split }: RaceOptions): Generator<void, Race[]> {
  if (!Number.isSafeInteger(count) || count < 1 || count > MOST_STORIES)
    throw usageError(
      `races: ${count} stories of ${split}: expected a whole number from 1 to ${MOST_STORIES}`,
    );
  const random = uniformStream(seed, 'data/races', split);
  const seen = new Set<string>();
  const races: Race[] = [];
  while (races.length < count) {
    const race = drawRace(random);
    if (seen.has(race.text) || !SHARES[split].includes(bucketOf(race.text, BUCKETS))) continue;
    seen.add(race.text);
    races.push(race);
    yield;
  }
  return races;
}

/** Sentences and labels under GLUE's names of columns. */
export const racesText = (races: readonly Race[]): string =>
  `sentence\tlabel\n${races.map(({ text, label }) => `${text}\t${label}\n`).join('')}`;

/** Whole words, one per line, for BERT's tokenizer. */
export const raceVocabulary = (): string =>
  [...SPECIAL, '.', '?', 'who', 'was', ...PLACES, ...RUNNERS, ...BEFORE, ...BEHIND]
    .map(word => `${word}\n`)
    .join('');

const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'];

function drawRace(random: RandomStream): Race {
  const index = (length: number): number => Math.floor(random() * length);
  const order = shuffled(
    RUNNERS.map((_, runner) => runner),
    index,
  ).slice(0, RUNNING);
  const name = (place: number): string => RUNNERS[order[place]];
  const asked = index(PLACES.length);
  const links = order.slice(1).map((_, place) => {
    const verbs = random() < FORWARD ? BEFORE : BEHIND;
    const verb = verbs[index(verbs.length)];
    const [one, other] = verbs === BEFORE ? [place, place + 1] : [place + 1, place];
    return `${name(one)} ${verb} ${name(other)}.`;
  });
  const text = [...shuffled(links, index), `who was ${PLACES[asked]}?`].map(capital).join(' ');
  return { text, label: order.at(PLACES[asked] === 'last' ? -1 : asked) as number };
}

const capital = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);

function shuffled<T>(list: T[], index: (length: number) => number): T[] {
  for (let i = list.length - 1; i > 0; i--) {
    const j = index(i + 1);
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}
