/** What a verb needs or forbids beside it: objects, clauses, infinitives; what an auxiliary or an adverb needs of its verb (BLiMP; CoLA's sources). */
import {
  ANYBODY,
  ASKING,
  FORCING,
  INTRANSITIVE,
  PEOPLE,
  STATING,
  THINGS,
  TRANSITIVE,
  TRANSITIVE_PERSON,
  TRYING,
  type Verb,
} from '../lexicon.ts';
import type { Draw, Paradigm } from '../paradigm.ts';

/** Third person in both tenses. */
const FINITE = ['s', 'past'] as const;

/** What follows an auxiliary: a verb, and what stands behind it. */
const PREDICATES: readonly ((d: Draw) => { verb: Verb; end: string })[] = [
  d => ({ verb: d.of(INTRANSITIVE), end: d.of(['', ' today']) }),
  d => ({ verb: d.of(TRANSITIVE), end: ` the ${d.of(THINGS).sg}` }),
  d => ({ verb: d.of(TRANSITIVE_PERSON), end: ` the ${d.of(ANYBODY).sg}` }),
];

/** "the boy slept", "the boy found the key" */
export const objects: Paradigm = {
  name: 'object',
  draw: d => {
    const start = d.the() + d.of(ANYBODY).sg + d.place();
    const [alone, needing, thing] = [d.free(INTRANSITIVE), d.free(TRANSITIVE), d.free(THINGS)];
    return {
      good: [`${start} ${alone.past} .`, `${start} ${needing.past} the ${thing.sg} .`],
      bad: [`${start} ${alone.past} the ${thing.sg} .`, `${start} ${needing.past} .`],
    };
  },
};

/** "the boy thought that the girl slept", "the boy wondered whether the girl slept" */
export const clauses: Paradigm = {
  name: 'clause',
  draw: d => {
    const [who, other, verb] = [d.of(ANYBODY), d.of(ANYBODY), d.of(INTRANSITIVE)];
    const [state, ask, form] = [d.free(STATING), d.free(ASKING), d.of(FINITE)];
    const [start, end] = [`the ${who.sg}`, `the ${other.sg} ${verb.past} .`];
    return {
      good: [`${start} ${state[form]} that ${end}`, `${start} ${ask[form]} whether ${end}`],
      bad: [`${start} ${state[form]} whether ${end}`, `${start} ${ask[form]} that ${end}`],
    };
  },
};

/** "the boy tried to sleep", "the boy forced the girl to sleep" */
export const infinitives: Paradigm = {
  name: 'infinitive',
  draw: d => {
    const [start, form, end] = [d.the() + d.of(ANYBODY).sg, d.of(FINITE), `to ${d.of(INTRANSITIVE).base} .`];
    const [trying, forcing, object] = [d.free(TRYING), d.free(FORCING), `the ${d.free(PEOPLE).sg}`];
    return {
      good: [`${start} ${trying[form]} ${end}`, `${start} ${forcing[form]} ${object} ${end}`],
      bad: [`${start} ${trying[form]} ${object} ${end}`, `${start} ${forcing[form]} ${end}`],
    };
  },
};

/** "the boy has slept", "the boy will sleep", "the boy is sleeping" */
export const auxiliaries: Paradigm = {
  name: 'auxiliary',
  draw: d => {
    const [the, who] = [d.the(), d.of(ANYBODY)];
    const { verb, end } = d.of(PREDICATES)(d);
    const [a, b] = d.freePair([
      { auxiliary: 'has', form: verb.participle },
      { auxiliary: 'will', form: verb.base },
      { auxiliary: 'is', form: verb.ing },
    ]);
    const say = (auxiliary: string, form: string): string => `${the}${who.sg} ${auxiliary} ${form}${end} .`;
    return {
      good: [say(a.auxiliary, a.form), say(b.auxiliary, b.form)],
      bad: [say(a.auxiliary, b.form), say(b.auxiliary, a.form)],
    };
  },
};

/** "the boy slept yesterday", "the boy will sleep tomorrow" */
export const times: Paradigm = {
  name: 'tense',
  draw: d => {
    const [the, who, verb, thing] = [d.the(), d.of(ANYBODY), d.of(TRANSITIVE), d.of(THINGS)];
    const [past, future] = [`${verb.past} the ${thing.sg}`, `will ${verb.base} the ${thing.sg}`];
    const start = `${the}${who.sg}`;
    return {
      good: [`${start} ${past} yesterday .`, `${start} ${future} tomorrow .`],
      bad: [`${start} ${past} tomorrow .`, `${start} ${future} yesterday .`],
    };
  },
};
