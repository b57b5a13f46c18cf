/** Uniform reuse patterns are those of TReX Fig. 5 and 6a; the values of --reuse name them. */
import test from 'ava';
import fc from 'fast-check';
import { TrexError } from '../../src/base/errors.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { patternKinds, patternName, patternsOfKind, uniformPatterns } from '../../src/workload/patterns.ts';
import { bestPlan, noReuse, parseReuse, planOf, reusePlan } from '../../src/workload/reuse.ts';
import { listPatterns } from '../../src/workload/summary.ts';
import { loadModel } from './load.ts';

const sizes = fc
  .integer({ min: 2, max: 24 })
  .chain(encoders => fc.integer({ min: 1, max: encoders - 1 }).map(count => ({ encoders, count })));

test('four reuses in nine encoders: the eleven patterns of TReX Fig. 6a', t => {
  const found = uniformPatterns(9, 4).map(p => `${patternName(p)} = ${p.encoders.join()}`);
  t.deepEqual(found, [
    'strided:4,sl=2,start=2 = 2,4,6,8',
    'strided:4,sl=2,start=1 = 1,3,5,7',
    'pyramid:4,sl=3,ncont=2,start=1 = 1,4,5,8',
    'pyramid:4,sl=2,ncont=2,start=3 = 3,5,6,8',
    'pyramid:4,sl=2,ncont=2,start=2 = 2,4,5,7',
    'pyramid:4,sl=2,ncont=2,start=1 = 1,3,4,6',
    'continuous:4,start=5 = 5,6,7,8',
    'continuous:4,start=4 = 4,5,6,7',
    'continuous:4,start=3 = 3,4,5,6',
    'continuous:4,start=2 = 2,3,4,5',
    'continuous:4,start=1 = 1,2,3,4',
  ]);
});

test('no strided pattern has 7 or 9 reuses in DeiT-S, nor 9 or 11 in LV-ViT-S', t => {
  for (const [encoders, count] of [
    [12, 7],
    [12, 9],
    [16, 9],
    [16, 11],
  ]) {
    t.deepEqual(patternsOfKind('strided', encoders, count), []);
    t.true(patternsOfKind('pyramid', encoders, count).length > 0);
    t.true(patternsOfKind('continuous', encoders, count).length > 0);
  }
  t.true(patternsOfKind('strided', 12, 5).length > 0);
});

test('every pattern has its count of distinct encoders, never encoder 0, in ascending order', t => {
  fc.assert(
    fc.property(sizes, ({ encoders, count }) => {
      const patterns = uniformPatterns(encoders, count);
      const sets = new Set(patterns.map(p => p.encoders.join()));
      return (
        sets.size === patterns.length &&
        patterns.length > 0 &&
        patterns.every(
          ({ encoders: set, start }) =>
            set.length === count &&
            set[0] === start &&
            start >= 1 &&
            set[count - 1] < encoders &&
            set.every((e, i) => i === 0 || e > set[i - 1]),
        )
      );
    }),
  );
  t.deepEqual(uniformPatterns(12, 12), []);
});

test('steps tell the kinds apart: SL apart, next to each other, or SL - 1 - SL', t => {
  fc.assert(
    fc.property(sizes, fc.constantFrom(...patternKinds), ({ encoders, count }, kind) =>
      patternsOfKind(kind, encoders, count).every(({ encoders: set, sl, ncont }) => {
        const steps = set.slice(1).map((e, i) => e - set[i]);
        if (kind === 'continuous') return steps.every(s => s === 1);
        if (kind === 'strided') return steps.every(s => s === sl);
        const ones = steps.filter(s => s === 1).length;
        const symmetric = steps.every((s, i) => s === steps[steps.length - 1 - i]);
        return symmetric && ones === ncont! - 1 && steps[0] === sl && steps.every(s => s === 1 || s === sl);
      }),
    ),
  );
  t.deepEqual(parseReuse('pyramid:6,sl=2,ncont=2,start=1', 12).encoders, [1, 3, 5, 6, 8, 10]);
});

test('the pattern of a plan makes the same plan again', t => {
  fc.assert(
    fc.property(sizes, fc.nat(), ({ encoders, count }, pick) => {
      const all = patternKinds.flatMap(kind => patternsOfKind(kind, encoders, count));
      const plan = planOf(all[pick % all.length]);
      const list = reusePlan(plan.encoders, encoders);
      return [plan, list, bestPlan(count, encoders)].every(p => {
        const again = parseReuse(p.pattern, encoders);
        return again.pattern === p.pattern && again.encoders.join() === p.encoders.join();
      });
    }),
  );
  t.deepEqual(parseReuse(noReuse.pattern, 12), noReuse);
});

const named: [string, number, number[], string][] = [
  ['none', 12, [], 'none'],
  ['count:0', 12, [], 'none'],
  ['strided:5', 12, [3, 5, 7, 9, 11], 'strided:5,sl=2,start=3'],
  ['strided:4', 12, [2, 5, 8, 11], 'strided:4,sl=3,start=2'],
  ['strided:4,sl=2', 12, [5, 7, 9, 11], 'strided:4,sl=2,start=5'],
  ['strided:4,sl=2,start=1', 9, [1, 3, 5, 7], 'strided:4,sl=2,start=1'],
  ['strided:4,start=1,sl=2', 9, [1, 3, 5, 7], 'strided:4,sl=2,start=1'],
  ['strided:1', 12, [11], 'strided:1,start=11'],
  ['strided:1,sl=2,start=4', 12, [4], 'strided:1,start=4'],
  ['continuous:4,start=3', 12, [3, 4, 5, 6], 'continuous:4,start=3'],
  ['continuous:4', 12, [8, 9, 10, 11], 'continuous:4,start=8'],
  ['pyramid:4,sl=2,ncont=2,start=1', 9, [1, 3, 4, 6], 'pyramid:4,sl=2,ncont=2,start=1'],
  ['encoders:1,3,5', 12, [1, 3, 5], 'encoders:1,3,5'],
  [' encoders: 5, 1 ,3 ', 12, [1, 3, 5], 'encoders:1,3,5'],
  ['count:5', 12, [3, 5, 7, 9, 11], 'strided:5,sl=2,start=3'],
  ['count:11', 12, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 'continuous:11,start=1'],
];

for (const [text, encoders, set, pattern] of named)
  test(`'${text}' of ${encoders} encoders is ${set.join() || 'nothing'}`, t => {
    t.deepEqual(parseReuse(text, encoders), { encoders: set, pattern });
  });

test('count:N takes strided first, pyramid where no strided pattern fits, then continuous', t => {
  const kinds = [1, 3, 5, 6, 7, 9, 10, 11].map(n => parseReuse(`count:${n}`, 12).pattern.split(':')[0]);
  t.deepEqual(kinds, [
    ...['strided', 'strided', 'strided', 'strided', 'pyramid', 'pyramid', 'continuous', 'continuous'],
  ]);
});

const refused: [string, RegExp][] = [
  ['encoders:0,3', /reuse of encoder 0: the first encoder has no attention before it/],
  ['encoders:1,3,1', /encoder 1 is named twice/],
  ['encoders:1,12', /reuse of encoder 12: this network has encoders 0 to 11/],
  ['count:12', /reuse of 12 encoders: at most 11 of 12 can/],
  ['encoders:0,1,2,3,4,5,6,7,8,9,10,11', /at most 11 of 12/],
  [
    'strided:7',
    /strided:7 does not fit 12 encoders; what fits 7: pyramid .*sl=2 ncont=5 start=1\.\.3; continuous start=1\.\.5/,
  ],
  ['strided:4,sl=2,start=9', /strided:4,sl=2,start=9 does not fit/],
  ['strided:4,sl=1', /does not fit/],
  ['strided:4,start=0', /does not fit/],
  ['pyramid:3', /pyramid:3 does not fit 12 encoders; what fits 3: strided/],
  ['strided:0', /reuses nothing: say none/],
  ['stridde:4', /did you mean strided/],
  ['continuous:4,sl=2', /unknown option of reuse continuous 'sl'/],
  ['strided:4,strat=1', /did you mean start/],
  ['strided:4,sl=2,sl=3', /sl is given twice/],
  ['strided:4,sl', /not understood; expected none \| count:N/],
  ['strided:four', /not understood/],
  ['strided:-1', /not understood/],
  ['strided:1.5', /not understood/],
  ['strided:', /not understood/],
  ['encoders:', /not understood/],
  ['encoders:1,,3', /not understood/],
  ['count:3,start=1', /not understood/],
  ['none:3', /not understood/],
  ['', /not understood/],
  ['5', /not understood/],
];

for (const [text, message] of refused)
  test(`'${text}' is refused`, t => {
    const error = t.throws(() => parseReuse(text, 12), { instanceOf: TrexError });
    t.regex(error.message, message);
    t.is(error.exitCode, 2);
  });

test('a network with one encoder can reuse nothing', t => {
  t.throws(() => parseReuse('count:1', 1), { instanceOf: TrexError, message: /at most 0 of 1/ });
  t.deepEqual(parseReuse('count:0', 1), noReuse);
});

test('a graph refuses a plan of another network', t => {
  const deit = loadModel('deit-s');
  const plan = parseReuse('encoders:13', 16);
  t.throws(() => buildGraph(deit, { reuse: plan }), { instanceOf: TrexError, message: /encoders 0 to 11/ });
  const unsorted = { encoders: [5, 3], pattern: 'by hand' };
  t.throws(() => buildGraph(deit, { reuse: unsorted }), { instanceOf: TrexError, message: /must ascend/ });
});

test('the list of patterns of a model is best first and complete', t => {
  const deit = loadModel('deit-s');
  const rows = listPatterns(deit, 5);
  t.deepEqual(rows[0].encoders, parseReuse('count:5', 12).encoders);
  t.deepEqual(rows[0], {
    pattern: 'strided:5,sl=2,start=3',
    kind: 'strided',
    sl: 2,
    ncont: null,
    start: 3,
    encoders: [3, 5, 7, 9, 11],
  });
  t.is(rows.length, uniformPatterns(12, 5).length);
  t.throws(() => listPatterns(deit, 12), { instanceOf: TrexError });
});
