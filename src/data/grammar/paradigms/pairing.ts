/** Words that come in pairs: correlative conjunctions and comparisons. */
import { ANYBODY, COMPARED, INTRANSITIVE, PAIRED } from '../lexicon.ts';
import type { Paradigm } from '../paradigm.ts';

/** "either the boy or the girl slept" */
export const conjunctions: Paradigm = {
  name: 'conjunction',
  draw: d => {
    const [who, other] = [d.of(ANYBODY), d.of(ANYBODY)];
    const verb = d.of(INTRANSITIVE);
    const [a, b] = d.freePair(PAIRED);
    const say = (first: string, second: string): string =>
      `${first} the ${who.sg} ${second} the ${other.sg} ${verb.past} .`;
    return {
      good: [say(a.first, a.second), say(b.first, b.second)],
      bad: [say(a.first, b.second), say(b.first, a.second)],
    };
  },
};

/** "the boy is as tall as the girl", "the boy is taller than the girl" */
export const comparisons: Paradigm = {
  name: 'comparison',
  draw: d => {
    const [who, other] = [d.of(ANYBODY), d.of(ANYBODY)];
    const { base, comparative } = d.of(COMPARED);
    const [start, end] = [`the ${who.sg} is`, `the ${other.sg} .`];
    return {
      good: [`${start} as ${base} as ${end}`, `${start} ${comparative} than ${end}`],
      bad: [`${start} as ${base} than ${end}`, `${start} ${comparative} as ${end}`],
    };
  },
};
