/** Number: subject and verb, past attractors of the other number; determiner and noun (Linzen et al., arXiv 1611.01368; BLiMP). */
import {
  ANYBODY,
  INTRANSITIVE,
  PLACES,
  PLURAL_DETERMINERS,
  SINGULAR_DETERMINERS,
  THINGS,
  TRANSITIVE,
  TRANSITIVE_PERSON,
} from '../lexicon.ts';
import type { Contrast, Paradigm } from '../paradigm.ts';

/** Subject in both numbers x verb in both numbers. */
function crossed(subjects: readonly [string, string], verbs: readonly [string, string]): Contrast {
  const [sg, pl] = subjects;
  const [s, base] = verbs;
  return {
    good: [`${sg} ${s} .`, `${pl} ${base} .`],
    bad: [`${sg} ${base} .`, `${pl} ${s} .`],
  };
}

/** "the boys sleep" */
export const simple: Paradigm = {
  name: 'agreement',
  draw: d => {
    const [the, noun, verb] = [d.the(), d.of(ANYBODY), d.of(INTRANSITIVE)];
    const end = d.of(['', ' often', ' today']);
    return crossed([the + noun.sg, the + noun.pl], [verb.s + end, verb.base + end]);
  },
};

/** "the boys near the girl sleep": an attractor in a prepositional phrase. */
export const acrossPhrase: Paradigm = {
  name: 'agreement-phrase',
  draw: d => {
    const [the, noun, place, verb] = [d.the(), d.of(ANYBODY), d.of(PLACES), d.of(INTRANSITIVE)];
    const between = ` ${place} the ${d.of(ANYBODY)[d.flag() ? 'sg' : 'pl']}`;
    return crossed([the + noun.sg + between, the + noun.pl + between], [verb.s, verb.base]);
  },
};

/** "the boys that the girl likes sleep": an attractor that has a verb of its own. */
export const acrossClause: Paradigm = {
  name: 'agreement-clause',
  draw: d => {
    const [noun, other, inner, verb] = [
      d.of(ANYBODY),
      d.of(ANYBODY),
      d.of(TRANSITIVE_PERSON),
      d.of(INTRANSITIVE),
    ];
    const between = ` that the ${d.flag() ? `${other.sg} ${inner.s}` : `${other.pl} ${inner.base}`}`;
    return crossed([`the ${noun.sg}${between}`, `the ${noun.pl}${between}`], [verb.s, verb.base]);
  },
};

/** "the boys that like the girl slept": the verb of the relative clause agrees with what stands before it. */
export const insideClause: Paradigm = {
  name: 'agreement-relative',
  draw: d => {
    const [noun, inner, verb] = [d.of(ANYBODY), d.of(TRANSITIVE_PERSON), d.of(INTRANSITIVE)];
    const end = ` the ${d.of(ANYBODY)[d.flag() ? 'sg' : 'pl']} ${verb.past}`;
    return crossed([`the ${noun.sg} that`, `the ${noun.pl} that`], [inner.s + end, inner.base + end]);
  },
};

/** "the boy found these books" */
export const determiners: Paradigm = {
  name: 'determiner',
  draw: d => {
    const [the, who, verb, thing] = [d.the(), d.of(ANYBODY), d.of(TRANSITIVE), d.of(THINGS)];
    const [one, many] = [d.free(SINGULAR_DETERMINERS), d.free(PLURAL_DETERMINERS)];
    const start = `${the}${who.sg} ${verb.past}`;
    return {
      good: [`${start} ${one} ${thing.sg} .`, `${start} ${many} ${thing.pl} .`],
      bad: [`${start} ${one} ${thing.pl} .`, `${start} ${many} ${thing.sg} .`],
    };
  },
};
