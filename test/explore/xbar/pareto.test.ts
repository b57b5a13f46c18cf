import test from 'ava';
import fc from 'fast-check';
import { ParetoFront } from '../../../src/explore/xbar/pareto.ts';

const low = { better: 'low' } as const;
const high = { better: 'high' } as const;

test('a point stays that no other beats in both figures', t => {
  const front = new ParetoFront<string>(low, high);
  t.true(front.add(2, 5, 'a'));
  t.true(front.add(1, 3, 'b'));
  t.false(front.add(2, 4, 'worse than a in one, equal in the other'));
  t.false(front.add(2, 5, 'equal to a'));
  t.true(front.add(1.5, 6, 'beats a'));
  t.deepEqual(front.items, ['b', 'beats a']);
});

test('the front of any stream is what a comparison of all pairs leaves', t => {
  const coordinate = fc.integer({ min: 0, max: 12 });
  fc.assert(
    fc.property(fc.array(fc.tuple(coordinate, coordinate), { maxLength: 40 }), points => {
      const front = new ParetoFront<readonly [number, number]>(low, high);
      for (const p of points) front.add(p[0], p[1], p);
      const beats = (a: readonly number[], b: readonly number[]): boolean =>
        a[0] <= b[0] && a[1] >= b[1] && (a[0] < b[0] || a[1] > b[1]);
      const best = points.filter(p => !points.some(q => beats(q, p))).map(p => p.join());
      t.deepEqual(front.items.map(p => p.join()).sort(), [...new Set(best)].sort());
    }),
  );
});
