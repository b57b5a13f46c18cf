/** Negative polarity: `ever` and `any` need a negation that stands over them, not one inside a relative clause (BLiMP). */
import { ANYBODY, INTRANSITIVE, THINGS, TRANSITIVE, TRANSITIVE_PERSON } from '../lexicon.ts';
import type { Contrast, Paradigm } from '../paradigm.ts';

/** The negation in front of the subject, or in front of the noun inside its relative clause. */
const swapped = (subject: string, inner: string, rest: string): Contrast => ({
  good: [`no ${subject} that the ${inner} ${rest} .`],
  bad: [`the ${subject} that no ${inner} ${rest} .`],
});

/** "no boy that the girl likes has ever slept" */
export const ever: Paradigm = {
  name: 'polarity-ever',
  draw: d => {
    const [who, other, inner, verb] = [
      d.of(ANYBODY),
      d.of(ANYBODY),
      d.of(TRANSITIVE_PERSON),
      d.of(INTRANSITIVE),
    ];
    return swapped(who.sg, `${other.sg} ${inner.s}`, `has ever ${verb.participle}`);
  },
};

/** "no boy that the girl likes found any books" */
export const any: Paradigm = {
  name: 'polarity-any',
  draw: d => {
    const [who, other, inner, verb] = [
      d.of(ANYBODY),
      d.of(ANYBODY),
      d.of(TRANSITIVE_PERSON),
      d.of(TRANSITIVE),
    ];
    return swapped(who.sg, `${other.sg} ${inner.s}`, `${verb.past} any ${d.of(THINGS).pl}`);
  },
};
