/** The op graph is sound for every network and every reuse plan, and reuse removes what it says. */
import test from 'ava';
import fc from 'fast-check';
import { graphProblems, inputShape, outputShape } from '../../src/workload/check.ts';
import { macs, macTotals, params, paramTotal } from '../../src/workload/count.ts';
import { buildGraph, type Graph } from '../../src/workload/graph.ts';
import type { Op } from '../../src/workload/op.ts';
import { bestPlan, noReuse, reusePlan } from '../../src/workload/reuse.ts';
import { loadModel, modelNames } from './load.ts';

const deit = loadModel('deit-s');

const plans = (encoders: number) =>
  fc.subarray(Array.from({ length: encoders - 1 }, (_, i) => i + 1)).map(list => reusePlan(list, encoders));

/** Networks whose encoders all have weights of their own and equal token counts. */
const isotropic = modelNames.filter(name => {
  const { pruning, attentionExceptions, shareWeights, family } = loadModel(name) as Record<string, unknown>;
  // Heads of a width of their own are not as wide as what a transformation block gives.
  const wide = name === 'qwen3-0.6b';
  return (
    pruning === undefined &&
    attentionExceptions === undefined &&
    shareWeights === 1 &&
    family !== 'layers' &&
    !wide
  );
});

const anyGraph = fc
  .constantFrom(...modelNames)
  .map(loadModel)
  .chain(model => {
    // Attention from before a place where tokens go cannot be reused behind it, nor where there is none.
    const any = isotropic.includes(model.name) ? plans(model.encoders) : fc.constant(noReuse);
    return any.map(reuse => buildGraph(model, { reuse }));
  });

const find = (graph: Graph, id: string): Op => {
  const op = graph.ops.find(o => o.id === id);
  if (op === undefined) throw new Error(`no op ${id}`);
  return op;
};

const inEncoder = (graph: Graph, encoder: number): Op[] => graph.ops.filter(op => op.encoder === encoder);

const sum = (ops: readonly Op[], f: (op: Op) => number): number => ops.reduce((s, op) => s + f(op), 0);

test('a producer stands before its consumers, and shapes chain', t => {
  fc.assert(
    fc.property(anyGraph, graph => {
      const seen = new Map<string, Op>();
      for (const op of graph.ops) {
        for (const [place, dep] of op.deps.entries()) {
          const producer = seen.get(dep.op);
          if (producer === undefined) return false;
          const [gives, takes] = [outputShape(producer), inputShape(op, place)];
          if (gives.rows !== takes.rows || gives.columns !== takes.columns) return false;
        }
        if (seen.has(op.id)) return false;
        seen.set(op.id, op);
      }
      return graphProblems(graph.ops).length === 0;
    }),
    { numRuns: 60 },
  );
  t.deepEqual(graphProblems(buildGraph(deit).ops), []);
});

test('the first op reads the network input, and only the last one is read by nobody', t => {
  fc.assert(
    fc.property(anyGraph, graph => {
      const read = new Set(graph.ops.flatMap(op => op.deps.map(d => d.op)));
      const unread = graph.ops.filter(op => !read.has(op.id));
      const sources = graph.ops.filter(op => op.deps.length === 0);
      return unread.length === 1 && unread[0] === graph.ops.at(-1) && sources[0] === graph.ops[0];
    }),
    { numRuns: 60 },
  );
  t.is(buildGraph(deit).ops.at(-1)?.id, 'head');
});

test('the MAC classes add up to the sum over all ops', t => {
  fc.assert(
    fc.property(anyGraph, graph => {
      const m = macTotals(graph.ops);
      const parts = m.stem + m.static + m.dynamic + m.depthwise + m.grouped + m.head;
      return m.total === parts && m.total === sum(graph.ops, macs);
    }),
    { numRuns: 60 },
  );
  t.is(macTotals([]).total, 0);
});

test('one more reuse encoder always costs fewer MACs, parameters and dynamic work', t => {
  const plan = fc.constantFrom(...isotropic).chain(name => {
    const model = loadModel(name);
    return plans(model.encoders)
      .filter(p => p.encoders.length > 0)
      .chain(p => fc.constantFrom(...p.encoders).map(dropped => ({ model, p, dropped })));
  });
  fc.assert(
    fc.property(plan, ({ model, p, dropped }) => {
      const more = buildGraph(model, { reuse: p });
      const kept = p.encoders.filter(e => e !== dropped);
      const less = buildGraph(model, { reuse: reusePlan(kept, model.encoders) });
      const [a, b] = [macTotals(more.ops), macTotals(less.ops)];
      return a.total < b.total && a.dynamic < b.dynamic && paramTotal(more.ops) < paramTotal(less.ops);
    }),
    { numRuns: 60 },
  );
  t.true(
    macTotals(buildGraph(deit, { reuse: bestPlan(1, 12) }).ops).total < macTotals(buildGraph(deit).ops).total,
  );
});

test('a DeiT-S encoder: MACs of attention, projection and MLP', t => {
  const ops = inEncoder(buildGraph(deit), 3);
  const stage = (...stages: string[]) =>
    sum(
      ops.filter(op => stages.includes(op.stage)),
      macs,
    );
  t.is(stage('qkv'), 87_146_496);
  t.is(stage('qk', 'sv'), 29_805_312);
  t.is(stage('qkv', 'qk', 'softmax', 'sv'), 116_951_808);
  t.is(stage('projection'), 29_048_832);
  t.is(stage('mlp'), 232_390_656);
});

test('an LV-ViT-S encoder has the same attention and a smaller MLP', t => {
  const ops = inEncoder(buildGraph(loadModel('lv-vit-s')), 3);
  t.is(
    sum(
      ops.filter(op => op.stage === 'mlp'),
      macs,
    ),
    174_292_992,
  );
  t.is(
    sum(
      ops.filter(op => ['qkv', 'qk', 'sv'].includes(op.stage)),
      macs,
    ),
    116_951_808,
  );
});

test('an encoder runs in the order of TReX Fig. 8b', t => {
  const stages = inEncoder(buildGraph(deit), 0).map(op => op.stage);
  t.deepEqual(stages, [
    ...['norm1', 'qkv', 'qkv', 'qkv', 'qk', 'softmax', 'sv', 'projection', 'residual'],
    ...['norm2', 'mlp', 'gelu', 'mlp', 'residual'],
  ]);
});

test('a reuse encoder drops norm1 and the attention block and gains a transformation block', t => {
  const graph = buildGraph(deit, { reuse: reusePlan([2], 12) });
  const ops = inEncoder(graph, 2);
  t.deepEqual(
    ops.map(op => op.id),
    [
      ...['e2.transformNorm', 'e2.transform', 'e2.transformGelu', 'e2.projection', 'e2.residual1'],
      ...['e2.norm2', 'e2.fc1', 'e2.gelu', 'e2.fc2', 'e2.residual2'],
    ],
  );
  const block = ops.filter(op => op.stage === 'transform');
  t.is(sum(block, macs), 29_048_832);
  t.is(sum(block, params), 148_608);
  const removed = inEncoder(buildGraph(deit), 2).filter(op => op.stage === 'qkv');
  t.is(sum(removed, params), 443_520);
  t.deepEqual(find(graph, 'e2.projection').deps, [{ op: 'e2.transformGelu', mode: 'row' }]);
});

test('one reuse in DeiT-S: MACs fall by attention minus transformation block', t => {
  const [base, reuse] = [[], [4]].map(list => buildGraph(deit, { reuse: reusePlan(list, 12) }));
  t.is(macTotals(base.ops).total - macTotals(reuse.ops).total, 116_951_808 - 29_048_832);
  // QKV 443,520 and norm1 768 go, the transformation block's 148,608 come.
  t.is(paramTotal(base.ops) - paramTotal(reuse.ops), 443_520 + 768 - 148_608);
});

test('a run of reuse encoders reads the last encoder that still has attention', t => {
  const graph = buildGraph(deit, { reuse: reusePlan([2, 3, 4, 7], 12) });
  const source = (e: number) => find(graph, `e${e}.transformNorm`).deps;
  for (const e of [2, 3, 4]) t.deepEqual(source(e), [{ op: 'e1.sv', mode: 'row' }]);
  t.deepEqual(source(7), [{ op: 'e6.sv', mode: 'row' }]);
});

test('a reuse encoder of BERT keeps the norm that follows its residual', t => {
  const graph = buildGraph(loadModel('bert-base'), { reuse: reusePlan([5], 12) });
  t.deepEqual(find(graph, 'e5.norm1').deps, [{ op: 'e5.residual1', mode: 'row' }]);
  t.false(graph.ops.some(op => op.id === 'e5.q'));
});

test('QK^T waits for all of K, SV for all of V; the streamed rows and softmax go token by token', t => {
  const graph = buildGraph(deit);
  const [qk, sv] = [find(graph, 'e0.qk'), find(graph, 'e0.sv')];
  t.deepEqual(qk.deps, [
    { op: 'e0.q', mode: 'row' },
    { op: 'e0.k', mode: 'all' },
  ]);
  t.deepEqual(sv.deps, [
    { op: 'e0.softmax', mode: 'row' },
    { op: 'e0.v', mode: 'all' },
  ]);
  t.like(qk, { batch: 6, m: 197, k: 64, n: 197, stationary: 'e0.k', streamed: 'e0.q', transposed: true });
  t.like(sv, {
    batch: 6,
    m: 197,
    k: 197,
    n: 64,
    stationary: 'e0.v',
    streamed: 'e0.softmax',
    transposed: false,
  });
  t.like(find(graph, 'e0.softmax'), { batch: 6, rows: 197, rowLength: 197, reduce: 'row', scale: 1 / 8 });
});

test('LV-ViT divides its residual branches by skip_lam and unrolls its stem', t => {
  const graph = buildGraph(loadModel('lv-vit-s'));
  t.like(find(graph, 'e0.residual1'), { fn: 'add', scale: 0.5 });
  t.false('scale' in find(buildGraph(loadModel('lv-vit-t')), 'e0.residual1'));
  t.like(find(graph, 'stem.conv0'), { rows: 112 ** 2, in: 147, out: 64, bias: false });
  t.like(find(graph, 'stem.patch'), { rows: 196, in: 4096, out: 384, bias: true });
});

test('a broken graph names each broken law', t => {
  const { ops } = buildGraph(deit);
  const narrow = ops.map(op => (op.id === 'e0.projection' ? { ...op, out: 100 } : op) as Op);
  t.regex(graphProblems(narrow).join(), /e0\.residual1: takes 197 x 384, but e0\.projection gives 197 x 100/);
  t.regex(graphProblems([...ops].reverse()).join(), /does not stand before it/);
  t.regex(graphProblems([...ops, ops[0]]).join(), /stem\.patch: two ops have this name/);
  const eager = ops.map(op =>
    op.id === 'e0.qk' ? { ...op, deps: op.deps.map(d => ({ ...d, mode: 'row' as const })) } : op,
  );
  t.regex(graphProblems(eager).join(), /must wait for the whole of its stationary operand e0\.k/);
});
