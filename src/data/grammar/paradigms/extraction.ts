/** Questions: a gap for every question word, none without, and none inside an island (Ross 1967; BLiMP). */
import { ANYBODY, ASKING, INTRANSITIVE, JOINING, STATING, THINGS, TRANSITIVE } from '../lexicon.ts';
import type { Contrast, Paradigm } from '../paradigm.ts';

/** A question for the object, or for something else x object or gap. */
const gaps = (clause: string, object: string): Contrast => ({
  good: [`what ${clause} ?`, `why ${clause} ${object} ?`],
  bad: [`why ${clause} ?`, `what ${clause} ${object} ?`],
});

/** "what did the boy find ?", "why did the boy find the key ?" */
export const gap: Paradigm = {
  name: 'gap',
  draw: d => {
    const [the, who, place, verb] = [d.the(), d.of(ANYBODY), d.place(), d.of(TRANSITIVE)];
    return gaps(`did ${the}${who.sg}${place} ${verb.base}`, `the ${d.free(THINGS).sg}`);
  },
};

/** "what did the girl claim that the boy found ?" */
export const longGap: Paradigm = {
  name: 'gap-long',
  draw: d => {
    const [who, state, other, verb] = [d.of(ANYBODY), d.of(STATING), d.of(ANYBODY), d.of(TRANSITIVE)];
    return gaps(
      `did the ${who.sg} ${state.base} that the ${other.sg} ${verb.past}`,
      `the ${d.free(THINGS).sg}`,
    );
  },
};

/** "what did the boy find before the girl took the key ?", not "... find the key before the girl took ?" */
export const adjunctIsland: Paradigm = {
  name: 'island-adjunct',
  draw: d => {
    const [who, other, thing, joining] = [d.of(ANYBODY), d.of(ANYBODY), d.of(THINGS), d.of(JOINING)];
    const [verb, inner] = [d.of(TRANSITIVE), d.of(TRANSITIVE)];
    const [main, clause] = [
      `what did the ${who.sg} ${verb.base}`,
      `${joining} the ${other.sg} ${inner.past}`,
    ];
    return {
      good: [`${main} ${clause} the ${thing.sg} ?`],
      bad: [`${main} the ${thing.sg} ${clause} ?`],
    };
  },
};

/** "what did the boy that took the key find ?", not "... that took find the key ?" */
export const subjectIsland: Paradigm = {
  name: 'island-subject',
  draw: d => {
    const [who, thing, verb, inner] = [d.of(ANYBODY), d.of(THINGS), d.of(TRANSITIVE), d.of(TRANSITIVE)];
    const [the, that] = [d.the(), d.of(['that', 'who'])];
    const start = `what did ${the}${who.sg} ${that} ${inner.past}`;
    return {
      good: [`${start} the ${thing.sg} ${verb.base} ?`],
      bad: [`${start} ${verb.base} the ${thing.sg} ?`],
    };
  },
};

/** "the girl wondered what the boy found", "... whether the boy found the key" */
export const indirect: Paradigm = {
  name: 'question-indirect',
  draw: d => {
    const [who, ask, other, verb] = [d.of(ANYBODY), d.of(ASKING), d.of(ANYBODY), d.of(TRANSITIVE)];
    const [start, clause] = [`the ${who.sg} ${ask.past}`, `the ${other.sg} ${verb.past}`];
    const object = `the ${d.free(THINGS).sg}`;
    return {
      good: [`${start} what ${clause} .`, `${start} whether ${clause} ${object} .`],
      bad: [`${start} what ${clause} ${object} .`, `${start} whether ${clause} .`],
    };
  },
};

/** "where will the boy sleep ?" */
export const inversion: Paradigm = {
  name: 'inversion',
  draw: d => {
    const [who, place, verb] = [d.the() + d.of(ANYBODY).sg, d.place(), d.of(INTRANSITIVE)];
    return {
      good: [`where will ${who}${place} ${verb.base} ?`],
      bad: [`where ${who}${place} will ${verb.base} ?`],
    };
  },
};

/** "the girl asked where the boy will sleep" */
export const noInversion: Paradigm = {
  name: 'inversion-indirect',
  draw: d => {
    const [who, ask, other, verb] = [d.of(ANYBODY), d.of(ASKING), d.of(ANYBODY), d.of(INTRANSITIVE)];
    const start = `the ${who.sg} ${ask.past} where`;
    return {
      good: [`${start} the ${other.sg} will ${verb.base} .`],
      bad: [`${start} will the ${other.sg} ${verb.base} .`],
    };
  },
};
