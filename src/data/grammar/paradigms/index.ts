/** All paradigms of the acceptability task; one more is one more line. */
import type { Paradigm } from '../paradigm.ts';
import * as agreement from './agreement.ts';
import * as binding from './binding.ts';
import * as extraction from './extraction.ts';
import * as licensing from './licensing.ts';
import * as pairing from './pairing.ts';
import * as selection from './selection.ts';

export const PARADIGMS: readonly Paradigm[] = [
  ...[agreement.simple, agreement.acrossPhrase, agreement.acrossClause, agreement.insideClause],
  ...[agreement.determiners, binding.gender, binding.number, binding.sameClause, binding.commanding],
  ...[binding.pronounCase, extraction.gap, extraction.longGap, extraction.adjunctIsland],
  ...[
    extraction.subjectIsland,
    extraction.indirect,
    extraction.inversion,
    extraction.noInversion,
    licensing.ever,
    licensing.any,
  ],
  ...[selection.objects, selection.clauses, selection.infinitives, selection.auxiliaries, selection.times],
  ...[pairing.conjunctions, pairing.comparisons],
];
