/** Which encoders can reuse attention, found in the graph. */
import test from 'ava';
import fc from 'fast-check';
import { TrexError } from '../../src/base/errors.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import type { ModelConfig } from '../../src/workload/model.ts';
import { bestPlan, parseReuse, reusePlan, uniformPlans } from '../../src/workload/reuse.ts';
import { attentionOutputs, reuseSpace } from '../../src/workload/reuse-space.ts';
import { listPatterns } from '../../src/workload/summary.ts';
import { loadModel, modelNames } from './load.ts';

const dynamic = loadModel('dynamic-deit-s');
const space = reuseSpace(dynamic);
const ABLE = [1, 2, 4, 5, 7, 8, 10, 11];
const ALL = Array.from({ length: 11 }, (_, i) => i + 1);

/** Places where patches go before encoders of DeiT-S, by either rule. */
const pruned = fc
  .tuple(fc.constantFrom('attention', 'predictor'), fc.subarray(ALL, { minLength: 1, maxLength: 4 }))
  .map(([by, before]) => {
    const pruning = { by, before, keep: before.map((_, i) => 0.8 - 0.1 * i) };
    return { ...loadModel('deit-s'), pruning } as ModelConfig;
  });

test('where tokens stay all but the first can; where they go, those before which none goes', t => {
  t.deepEqual(
    reuseSpace(loadModel('lv-vit-s')).able,
    Array.from({ length: 15 }, (_, i) => i + 1),
  );
  t.deepEqual(reuseSpace(loadModel('bert-base')), { tokens: new Array(12).fill(128), able: ALL });
  t.deepEqual(space.able, ABLE);
  t.deepEqual(space.tokens, [197, 197, 197, 138, 138, 138, 97, 97, 97, 68, 68, 68]);
});

for (const name of modelNames)
  test(`${name}: the encoders that can are those that its graph can be built with, one by one and all at once`, t => {
    const model = loadModel(name);
    const found = reuseSpace(model);
    const builds = (reused: readonly number[]): boolean => {
      try {
        return buildGraph(model, { reuse: reusePlan(reused, model.encoders) }).ops.length > 0;
      } catch (error) {
        if (error instanceof TrexError) return false;
        throw error;
      }
    };
    const encoders = Array.from({ length: Math.max(0, model.encoders - 1) }, (_, i) => i + 1);
    t.deepEqual(
      encoders.filter(e => builds([e])),
      found.able,
    );
    t.true(builds(found.able));
    t.is(found.tokens.length, model.encoders);
  });

test('any set of those that can is a network; one encoder more is none', t => {
  const cases = pruned.chain(model => fc.tuple(fc.constant(model), fc.subarray([...reuseSpace(model).able])));
  fc.assert(
    fc.property(cases, ([model, reused]) => {
      const found = reuseSpace(model);
      const graph = buildGraph(model, { reuse: reusePlan(reused, found) });
      const blocks = graph.ops.filter(op => op.stage === 'transform' && op.kind === 'static');
      t.deepEqual(
        blocks.map(op => op.encoder),
        reused,
      );
      for (const e of ALL.filter(i => !found.able.includes(i))) {
        const more = [...reused, e];
        t.throws(() => reusePlan(more, found), {
          instanceOf: TrexError,
          message: /encoders that can|at most/,
        });
        t.throws(() => buildGraph(model, { reuse: reusePlan(more, 12) }), { instanceOf: TrexError });
      }
    }),
    { numRuns: 15 },
  );
});

test('every plan of a pattern or a number keeps to the encoders that can, and its text makes it again', t => {
  fc.assert(
    fc.property(pruned, model => {
      const room = reuseSpace(model);
      for (let count = 1; count <= room.able.length; count++) {
        const plans = uniformPlans(room, count);
        t.true(plans.length > 0);
        for (const { encoders, pattern } of [...plans, bestPlan(count, room)]) {
          t.is(encoders.length, count);
          t.true(encoders.every(e => room.able.includes(e)));
          t.deepEqual(parseReuse(pattern, room), { encoders, pattern });
        }
      }
    }),
    { numRuns: 15 },
  );
});

test('a number takes the best pattern that keeps to them, or else counts distances among them alone', t => {
  const best = (count: number) => parseReuse(`count:${count}`, space).pattern;
  t.is(best(3), 'strided:3,sl=3,start=5');
  t.is(best(4), 'strided:4,sl=3,start=2');
  t.is(best(5), 'encoders:2,5,7,8,11');
  t.is(best(8), 'encoders:1,2,4,5,7,8,10,11');
  const rows = listPatterns(dynamic, 5);
  t.true(rows.every(row => row.sl === null && row.encoders.every(e => ABLE.includes(e))));
});

for (const [text, message] of [
  ['count:9', /at most 8 of 12 can; encoders that can: 1, 2, 4, 5, 7, 8, 10, 11/],
  [
    'encoders:3',
    /encoder 3: it has 138 tokens, and the attention output of encoder 2 has 197; encoders that can: 1, /,
  ],
  ['continuous:3', /does not fit this network \(.*\); what fits 3: strided sl=3 start=1,2,4,5/],
  ['strided:5', /what fits 5: count:5, which is encoders:2,5,7,8,11/],
] as const)
  test(`${text} is refused where tokens go, with the encoders that can`, t => {
    t.throws(() => parseReuse(text, space), { instanceOf: TrexError, message });
  });

test('an attention output is what Projection reads', t => {
  const outputs = attentionOutputs(buildGraph(dynamic, { reuse: reusePlan([4], space) }));
  t.deepEqual(outputs[3], { id: 'e3.sv', rows: 138, width: 384 });
  t.is(outputs[4]?.id, 'e4.transformGelu');
});
