/** Random patterns and sets of reuse encoders. */
import test from 'ava';
import { randomSets } from '../../../src/search/random-sets.ts';
import { uniformPatterns } from '../../../src/workload/patterns.ts';
import { randomPlans } from '../../../studies/reproduce/patterns.ts';
import { COMPARED_COUNT } from '../../../studies/reproduce/tasks.ts';

test('random patterns have the number of the uniform ones, and are none of them', t => {
  const uniform = uniformPatterns(9, COMPARED_COUNT);
  const plans = randomPlans(9, uniform, 12);
  t.is(new Set(plans.map(p => p.encoders.join())).size, 12);
  for (const { encoders } of plans) {
    t.is(encoders.length, COMPARED_COUNT);
    t.false(uniform.some(p => p.encoders.join() === encoders.join()));
    t.true(encoders.every(e => e >= 1 && e < 9));
  }
  t.deepEqual(randomPlans(9, uniform, 12), plans);
});

test('random sets take every size in turn and avoid those that are known', t => {
  const first = randomSets(9, 8, new Set());
  t.deepEqual(
    first.map(p => p.encoders.length),
    [1, 2, 3, 4, 5, 6, 7, 8],
  );
  const known = new Set(first.map(p => p.encoders.join()));
  t.false(randomSets(9, 8, known).some(p => known.has(p.encoders.join())));
});

test('a network of three encoders has three sets', t => {
  const sets = randomSets(3, 10, new Set()).map(p => p.encoders.join());
  t.deepEqual(sets.toSorted(), ['1', '1,2', '2']);
});
