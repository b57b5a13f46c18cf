/** Families of networks and patterns of reuse: what each file declares, and in which order they are tried. */
import { readdirSync } from 'node:fs';
import test from 'ava';
import { FAMILIES } from '../../src/workload/families/all.ts';
import type { Family } from '../../src/workload/family.ts';
import { familyNames, familyOf } from '../../src/workload/model.ts';
import { REUSE_PATTERNS } from '../../src/workload/patterns/all.ts';
import { patternKinds, patternsOfKind } from '../../src/workload/patterns.ts';
import { type ReusePattern, reusePattern } from '../../src/workload/reuse-pattern.ts';

const ROOT = new URL('../../../', import.meta.url);

const filesOf = (folder: string): string[] =>
  readdirSync(new URL(`src/workload/${folder}`, ROOT))
    .map(file => file.replace(/\.ts$/, ''))
    .filter(file => file !== 'all')
    .sort();

test('a family and a pattern have the names of their files', t => {
  t.deepEqual([...familyNames].sort(), filesOf('families'));
  t.deepEqual([...patternKinds].sort(), filesOf('patterns'));
  for (const { name } of FAMILIES) t.is(familyOf(name).name, name);
  t.throws(() => familyOf('bart'), { message: "unknown model family 'bart': did you mean bert?" });
});

test('patterns are tried by the rank that each declares, and no two have the same', t => {
  t.deepEqual(patternKinds, ['strided', 'pyramid', 'continuous']);
  t.is(new Set(REUSE_PATTERNS.map(({ rank }) => rank)).size, REUSE_PATTERNS.length);
});

test('sets of a pattern have as many encoders as asked for, ascend, begin at their start, and leave encoder 0', t => {
  for (const kind of patternKinds)
    for (let count = 1; count < 12; count++)
      for (const { encoders, start } of patternsOfKind(kind, 12, count)) {
        t.is(encoders.length, count);
        t.is(encoders[0], start);
        t.true(start >= 1 && encoders.every((e, i) => e < 12 && (i === 0 || e > encoders[i - 1])));
      }
});

test('a family or a pattern without one of its parts does not compile', t => {
  const { rank, ...unranked } = REUSE_PATTERNS[0];
  // @ts-expect-error: nothing says when it is tried
  const noRank: ReusePattern = unranked;
  // @ts-expect-error: no such option of --reuse
  reusePattern({ kind: 'last', rank: 4, options: ['depth'], list: () => [] });
  const { build, ...unbuilt } = FAMILIES[0];
  // @ts-expect-error: nothing says which ops it has
  const noBuild: Family<(typeof FAMILIES)[0]['schema']> = unbuilt;
  t.truthy([noRank, noBuild, rank, build]);
});
