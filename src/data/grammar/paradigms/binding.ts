/** Reflexives and their antecedents (principle A), and the case of pronouns (Chomsky 1981; BLiMP). */
import {
  ANYBODY,
  COUPLES,
  MEN,
  PEOPLE,
  PRONOUNS,
  REFLEXIVES,
  STATING,
  TRANSITIVE_PERSON,
  WOMEN,
} from '../lexicon.ts';
import type { Contrast, Paradigm } from '../paradigm.ts';

/** A sentence for a man and one for a woman x both reflexives. */
const crossed = (man: string, woman: string): Contrast => ({
  good: [`${man} ${REFLEXIVES.m} .`, `${woman} ${REFLEXIVES.f} .`],
  bad: [`${man} ${REFLEXIVES.f} .`, `${woman} ${REFLEXIVES.m} .`],
});

/** "the boy praised himself" */
export const gender: Paradigm = {
  name: 'reflexive-gender',
  draw: d => {
    const [the, { man, woman }, place] = [d.the(), d.of(COUPLES), d.place()];
    const rest = `${place} ${d.of(TRANSITIVE_PERSON).past}`;
    return crossed(the + man.sg + rest, the + woman.sg + rest);
  },
};

/** "the boys often praised themselves" */
export const number: Paradigm = {
  name: 'reflexive-number',
  draw: d => {
    const [the, { man, woman }, isMan, place] = [d.the(), d.of(COUPLES), d.flag(), d.place()];
    const rest = `${place} often ${d.of(TRANSITIVE_PERSON).past}`;
    const noun = isMan ? man : woman;
    const one = isMan ? REFLEXIVES.m : REFLEXIVES.f;
    const [single, several] = [the + noun.sg + rest, the + noun.pl + rest];
    return {
      good: [`${single} ${one} .`, `${several} ${REFLEXIVES.pl} .`],
      bad: [`${single} ${REFLEXIVES.pl} .`, `${several} ${one} .`],
    };
  },
};

/** "the girl claimed that the boy praised himself": the antecedent is in the same clause. */
export const sameClause: Paradigm = {
  name: 'reflexive-clause',
  draw: d => {
    const [man, woman, verb, state] = [d.of(MEN), d.of(WOMEN), d.of(TRANSITIVE_PERSON), d.of(STATING)];
    const about = (who: string, whom: string): string =>
      `the ${who} ${state.past} that the ${whom} ${verb.past}`;
    return crossed(about(woman.sg, man.sg), about(man.sg, woman.sg));
  },
};

/** "the boy that the girl likes praised himself": the antecedent is not inside a relative clause. */
export const commanding: Paradigm = {
  name: 'reflexive-relative',
  draw: d => {
    const [man, woman, inner, verb] = [
      d.of(MEN),
      d.of(WOMEN),
      d.of(TRANSITIVE_PERSON),
      d.of(TRANSITIVE_PERSON),
    ];
    const about = (who: string, whom: string): string =>
      `the ${who} that the ${whom} ${inner.s} ${verb.past}`;
    return crossed(about(man.sg, woman.sg), about(woman.sg, man.sg));
  },
};

/** "he greeted the boy", "the boy greeted him" */
export const pronounCase: Paradigm = {
  name: 'case',
  draw: d => {
    const [verb, noun, pronoun] = [d.of(TRANSITIVE_PERSON), d.of(ANYBODY), d.of(PRONOUNS)];
    const start = d.flag() ? `the ${d.of(PEOPLE).sg} ${d.of(STATING).past} that ` : '';
    const [the, { subject, object }] = [d.the(), pronoun];
    return {
      good: [
        `${start}${subject} ${verb.past} ${the}${noun.sg} .`,
        `${start}${the}${noun.sg} ${verb.past} ${object} .`,
      ],
      bad: [
        `${start}${object} ${verb.past} ${the}${noun.sg} .`,
        `${start}${the}${noun.sg} ${verb.past} ${subject} .`,
      ],
    };
  },
};
