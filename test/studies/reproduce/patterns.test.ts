/** Random patterns and sets of reuse encoders. */
import test from 'ava';
import { uniformStream } from '../../../src/base/random.ts';
import { randomSets } from '../../../src/search/random-sets.ts';
import { uniformPatterns } from '../../../src/workload/patterns.ts';
import { randomPlans } from '../../../studies/reproduce/random-plans.ts';
import { patternsOfSize } from '../../../studies/reproduce/trends.ts';

test('random patterns have the number of the uniform ones, and are none of them', t => {
  const draw = () =>
    randomPlans({
      encoders: 9,
      size: 4,
      count: 12,
      known: uniformPatterns(9, 4).map(p => p.encoders),
      random: uniformStream(1, 'test'),
    });
  const plans = draw();
  t.is(new Set(plans.map(p => p.encoders.join())).size, 12);
  for (const { encoders } of plans) {
    t.is(encoders.length, 4);
    t.false(uniformPatterns(9, 4).some(p => p.encoders.join() === encoders.join()));
    t.true(encoders.every(e => e >= 1 && e < 9));
  }
  t.deepEqual(draw(), plans);
});

test('random patterns of the trends have the mean place of a uniform one', t => {
  const place = (encoders: readonly number[]): number => encoders.reduce((a, b) => a + b, 0);
  for (const size of [3, 4]) {
    const all = patternsOfSize(9, size, 5);
    const [random, uniform] = [true, false].map(is => all.filter(p => (p.kind === 'random') === is));
    t.is(random.length, 5);
    const places = uniform.map(p => place(p.plan.encoders));
    for (const { plan } of random) t.true(places.includes(place(plan.encoders)), plan.pattern);
  }
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
