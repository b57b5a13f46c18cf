/** The words of the acceptability task: nouns with number and gender, verbs with their forms, sorted by what they need. */

export interface Noun {
  readonly sg: string;
  readonly pl: string;
}

export interface Verb {
  readonly base: string;
  /** Third person singular, present. */
  readonly s: string;
  readonly past: string;
  readonly participle: string;
  readonly ing: string;
}

export interface Adjective {
  readonly base: string;
  readonly comparative: string;
}

const nouns = (text: string): Noun[] =>
  text.split(' ').map(word => {
    const [sg, pl = `${sg}s`] = word.split('/');
    return { sg, pl };
  });

/** `base/past/participle/ing`; what is left out is regular, the participle like the past. */
const verbs = (text: string): Verb[] =>
  text.split(' ').map(word => {
    const [base, past = `${base}ed`, participle = past, ing = `${base}ing`] = word.split('/');
    const s = /(?:s|sh|ch|x)$/.test(base) ? `${base}es` : base.replace(/([^aeou])y$/, '$1ie') + 's';
    return { base, s, past, participle, ing };
  });

/** A man and a woman in the same place of the two lists: they change together. */
export const MEN = nouns('boy king uncle man/men waiter brother actor father monk/monks prince');
export const WOMEN = nouns(
  'girl queen aunt woman/women waitress/waitresses sister actress/actresses mother nun princess/princesses',
);
/** Either gender: never the antecedent of a reflexive. */
export const PEOPLE = nouns(
  'teacher student doctor lawyer pilot singer nurse judge farmer painter guard writer',
);
export const COUPLES = MEN.map((man, i) => ({ man, woman: WOMEN[i] }));
export const ANYBODY: readonly Noun[] = [...MEN, ...WOMEN, ...PEOPLE];
export const THINGS = nouns(
  'book letter car picture key box/boxes cup chair cake coat map lamp stone knife/knives ring bottle',
);
export const ADJECTIVES = 'old tall famous quiet angry rich'.split(' ');

/** Never without an object. */
export const TRANSITIVE = verbs(
  'take/took/taken/taking make/made/made/making find/found build/built fix hold/held bring/brought carry/carried/carried/carrying mention get/got/got/getting use/used/used/using destroy',
);
/** Never without an object, which is a person. */
export const TRANSITIVE_PERSON = verbs(
  'admire/admired/admired/admiring praise/praised/praised/praising greet meet/met avoid thank accuse/accused/accused/accusing annoy blame/blamed/blamed/blaming like/liked/liked/liking',
);
/** Never with an object. */
export const INTRANSITIVE = verbs(
  'sleep/slept sneeze/sneezed/sneezed/sneezing arrive/arrived/arrived/arriving laugh smile/smiled/smiled/smiling yawn vanish faint cough blink fall/fell/fallen weep/wept',
);
/** With a clause that begins with `that`; not with a question. */
export const STATING = verbs(
  'think/thought claim believe/believed/believed/believing hope/hoped/hoped/hoping assume/assumed/assumed/assuming',
);
/** With an indirect question; not with `that`. */
export const ASKING = verbs('wonder ask inquire/inquired/inquired/inquiring');
/** With `to` and a verb, without an object. */
export const TRYING = verbs(
  'try/tried/tried/trying hope/hoped/hoped/hoping decide/decided/decided/deciding refuse/refused/refused/refusing',
);
/** With an object, `to` and a verb. */
export const FORCING = verbs(
  'force/forced/forced/forcing order persuade/persuaded/persuaded/persuading allow',
);

export const COMPARED: readonly Adjective[] = 'tall old rich quick loud kind'
  .split(' ')
  .map(base => ({ base, comparative: `${base}er` }));

/** Determiners that choose the number of their noun. */
export const SINGULAR_DETERMINERS = ['this', 'each', 'every', 'a'];
export const PLURAL_DETERMINERS = ['these', 'all', 'several', 'many'];
export const PRONOUNS = [
  { subject: 'he', object: 'him' },
  { subject: 'she', object: 'her' },
  { subject: 'they', object: 'them' },
];
export const PAIRED = [
  { first: 'both', second: 'and' },
  { first: 'either', second: 'or' },
  { first: 'neither', second: 'nor' },
];
export const REFLEXIVES = { m: 'himself', f: 'herself', pl: 'themselves' } as const;
export const PLACES = ['near', 'behind', 'beside'];
export const JOINING = ['before', 'after', 'while', 'because'];

/** Words that stand in the sentences themselves. */
const FRAMES =
  'the that what who whether where why no ever any did has is will to as than tomorrow yesterday today often . ?'.split(
    ' ',
  );

/** Every word and mark that a sentence can hold, each once, in the order of their code points. */
export function lexiconWords(): string[] {
  const words = new Set(FRAMES);
  const add = (more: readonly string[]): void => {
    for (const word of more) words.add(word);
  };
  for (const list of [ANYBODY, THINGS]) for (const noun of list) add([noun.sg, noun.pl]);
  for (const { base, past, participle, ing } of TRANSITIVE) add([base, past, participle, ing]);
  for (const verb of [...TRANSITIVE_PERSON, ...INTRANSITIVE]) add(Object.values(verb));
  for (const verb of [...STATING, ...ASKING, ...TRYING, ...FORCING]) add([verb.s, verb.past]);
  for (const verb of STATING) add([verb.base]);
  for (const { base, comparative } of COMPARED) add([base, comparative]);
  for (const { subject, object } of PRONOUNS) add([subject, object]);
  for (const { first, second } of PAIRED) add([first, second]);
  add([...ADJECTIVES, ...SINGULAR_DETERMINERS, ...PLURAL_DETERMINERS, ...PLACES, ...JOINING]);
  add(Object.values(REFLEXIVES));
  return [...words].sort((a, b) => (a < b ? -1 : 1));
}
