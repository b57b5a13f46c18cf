/** Attention variants: the one that a model file chooses, and two that are declared here and stand in no folder of the source. */
import test from 'ava';
import * as z from 'zod';
import { TrexError } from '../../src/base/errors.ts';
import { countedOps } from '../../src/map/counted-ops.ts';
import { place } from '../../src/map/place.ts';
import { buildSteps } from '../../src/map/steps.ts';
import { calibrate } from '../../src/numerics/execute/calibrate.ts';
import { type NetworkOptions, prepare } from '../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../src/numerics/execute/random-weights.ts';
import { referenceBackend } from '../../src/numerics/mvm/reference.ts';
import { minMax } from '../../src/numerics/quantize/min-max.ts';
import { closedFormApplies } from '../../src/optimize/closed-form.ts';
import { bind } from '../../src/workload/attention.ts';
import type { AttentionVariant } from '../../src/workload/attention-variant.ts';
import { GraphBuilder } from '../../src/workload/builder.ts';
import { graphProblems } from '../../src/workload/check.ts';
import { addEncoders } from '../../src/workload/encoder.ts';
import { matrixAt } from '../../src/workload/encoder-shape.ts';
import { buildGraph, type Graph } from '../../src/workload/graph.ts';
import type { ModelConfig } from '../../src/workload/model.ts';
import { encoderShape } from '../../src/workload/model-fields.ts';
import { multiHead, QKV } from '../../src/workload/multi-head.ts';
import { noReuse } from '../../src/workload/reuse.ts';
import { addEmbedding, addStem } from '../../src/workload/stem.ts';
import { chip, network, run } from '../helpers/chips.ts';
import { anyImage, tinyBert, tinyVit } from '../numerics/execute/tiny.ts';
import { anyBatch, engineOn, gradientOf } from '../train/runs.ts';
import { modelText, parseModel } from './load.ts';

const sigmoid = { attention: { kind: 'sigmoid' } };

/** relu(Q) (relu(K)^T V): linear attention without a norm. */
const linear: AttentionVariant = {
  kind: 'linear',
  schema: z.strictObject({ kind: z.literal('linear') }),
  weights: QKV,
  closedForm: false,
  add(b, shape, encoder, input) {
    const { tokens, dim, heads } = shape;
    const width = dim / heads;
    const at = (name: string, stage: 'qkv' | 'qk' | 'sv') => matrixAt(shape, encoder, name, stage);
    const [q, k, v] = QKV.map(name =>
      b.linear(at(name, 'qkv'), input.tokens(), { rows: tokens, in: dim, out: dim }),
    );
    const [qMap, kMap] = [q, k].map((x, i) =>
      b.vector(at(`${QKV[i]}Relu`, 'qkv'), 'relu', [x], { rows: tokens, rowLength: dim }),
    );
    const sizes = { batch: heads, n: width, transposed: false };
    const kv = { ...sizes, m: width, k: tokens, streamedTransposed: true } as const;
    const written = b.dynamic(at('kv', 'qk'), kMap, v, kv);
    return { output: b.dynamic(at('qkv', 'sv'), qMap, written, { ...sizes, m: tokens, k: width }) };
  },
};

/** relu(Q K^T / sqrt(d)) V. */
const reluAttention: AttentionVariant = {
  ...linear,
  kind: 'relu',
  add: (b, shape, i, input) => multiHead(b, shape, i, input, { fn: 'relu' }),
};

/** A tiny ViT whose attention is `variant`. */
function graphWith(variant: AttentionVariant): Graph {
  const model = tinyVit();
  const { dim, classes = 0, tokens } = model;
  const b = new GraphBuilder();
  const x = addEmbedding(b, addStem(b, model), { patches: tokens - 1, learned: 1, positions: 'all', dim });
  const shape = { ...encoderShape(model, tokens, 'pre'), attention: () => bind(variant, {}) };
  const y = addEncoders(b, shape, { count: model.encoders, input: x, reuse: noReuse });
  const first = { from: tokens, to: 1, width: dim, change: 'slice', start: 0 } as const;
  const token = b.tokens({ id: 'token', stage: 'pool', encoder: null }, y.id, first);
  b.linear({ id: 'head', stage: 'head', encoder: null }, token, { rows: 1, in: dim, out: classes });
  return { model, ops: b.ops, reuse: noReuse, idleParameters: 0 };
}

const stepsOf = (graph: Graph, arch = chip('trex')) =>
  buildSteps(graph, place(countedOps(graph, arch), arch), arch);

/** A network in float32, as int8, and on crossbars without any flaw. */
async function three(graph: Graph) {
  const weights = randomWeights(graph, 3);
  const input = { image: anyImage(tinyVit(), 1) };
  const quantisation = { calibration: await calibrate(prepare(graph, weights), [input], minMax) };
  const adc = { bits: 6, levelsPerLsb: 'lossless' } as const;
  const device = { arrayRows: 16, cellBits: 2, encoding: 'offset', adc, noise: {} } as const;
  const { product: _, ...backend } = referenceBackend();
  const analog = { backend, seed: 'chip', static: device };
  const logits = async (options: NetworkOptions) =>
    (await prepare(graph, weights, { quantisation, analog, ...options }).run(input)).logits.data;
  return {
    weights,
    input,
    float32: await logits({}),
    int8: await logits({ compute: 'int8' }),
    analog: await logits({ compute: 'analog' }),
  };
}

test('a model file that names no attention has softmax attention, and its configuration holds nothing more', t => {
  t.false('attention' in network('deit-s'));
  const named = parseModel(`${modelText('deit-s')}\nattention: { kind: softmax }`, 'x.yaml');
  t.deepEqual(buildGraph(named).ops, buildGraph(network('deit-s')).ops);
});

test('an attention that no file declares is refused with the known ones, and so are options of another', t => {
  const refused = (field: string) =>
    t.throws(() => parseModel(`${modelText('deit-s')}\nattention: ${field}`, 'x.yaml'), {
      instanceOf: TrexError,
    })!.message;
  t.regex(refused('{ kind: sigmiod }'), /expected one of .*sigmoid.*, softmax.*, got "sigmiod"/);
  t.regex(refused('{ kind: softmax, bias: 1 }'), /bias/);
});

test('sigmoid attention takes -log n as its bias, or that of the model file', t => {
  const offsetOf = (fields: object) => {
    const op = buildGraph(tinyVit({ attention: { kind: 'sigmoid', ...fields } })).ops.find(
      o => o.id === 'e0.sigmoid',
    );
    return op?.kind === 'vector' ? op.offset : undefined;
  };
  t.is(offsetOf({}), -Math.log(10));
  t.is(offsetOf({ bias: -2 }), -2);
});

test('on a chip that omits the vector unit, sigmoid attention runs there none the less, and has its cost', async t => {
  const deit = parseModel(`${modelText('deit-t')}\nattention: { kind: sigmoid }`, 'x.yaml');
  const { result, machine } = await run(chip('trex'), deit);
  const steps = machine.steps.filter(step => step.id.endsWith('.sigmoid'));
  t.is(steps.length, 12);
  t.deepEqual(steps[0].vector, { fn: 'gelu', rowLength: 197, rows: 3 });
  t.false(machine.steps.some(step => /norm1|gelu|residual/.test(step.id)));
  const rows = result.breakdown.component.filter(row => row.name.startsWith('vector'));
  t.deepEqual(
    rows.map(row => [row.name, row.energy_J > 0, (row.area_m2 ?? 0) > 0]),
    [
      ['vector.gelu', true, false],
      ['vector', false, true],
    ],
  );
});

test("TReX's closed form is not taken for sigmoid attention", t => {
  t.is(closedFormApplies(network('deit-s'), chip('trex')), undefined);
  t.is(
    closedFormApplies({ ...network('deit-s'), ...sigmoid } as ModelConfig, chip('trex')),
    'its attention is sigmoid',
  );
});

test('sigmoid attention on crossbars without flaws is that in integers, near that in float32', async t => {
  const { float32, int8, analog } = await three(buildGraph(tinyVit(sigmoid)));
  t.deepEqual([...analog], [...int8]);
  const largest = Math.max(...float32.map(Math.abs));
  t.true(float32.every((v, i) => Math.abs(v - int8[i]) < 0.1 * largest));
});

test('sigmoid attention on texts cannot be trained: it would look at their padding', async t => {
  const graph = buildGraph(tinyBert({ ...sigmoid, pooler: 'run', classes: 2 }));
  const error = await t.throwsAsync(engineOn(graph, randomWeights(graph, 1), { batch: 2 }), {
    instanceOf: TrexError,
  });
  t.regex(
    error!.message,
    /derivative of e0\.sv .*, train it elsewhere: e0\.sigmoid does not know where a text ends/,
  );
});

test('patches can go by the class token of sigmoid attention', t => {
  const pruning = { by: 'attention', before: [1], keep: [0.5] };
  const { ops } = buildGraph(tinyVit({ ...sigmoid, pruning }));
  t.deepEqual(ops.find(op => op.id === 'pruning0.attention')?.deps, [{ op: 'e0.sigmoid', mode: 'all' }]);
});

test('K^T V is written as it comes, and waits for every row of K', t => {
  const graph = graphWith(linear);
  t.deepEqual(graphProblems(graph.ops), []);
  const steps = stepsOf(graph, chip('trex', { set: ['schedule.encoder=token-pipelined'] }));
  const waits = (id: string) =>
    steps.find(s => s.id === id)?.after.map(dep => steps[dep.step].id + (dep.mode === 'all' ? '*' : ''));
  t.deepEqual(waits('e0.kv'), ['e0.kRelu*', 'e0.kv.write*']);
  t.deepEqual(waits('e0.qkv.write'), ['e0.kv*']);
  t.deepEqual(waits('e0.qkv'), ['e0.qRelu', 'e0.qkv.write*']);
  // Functions of attention are never left out, whatever they are.
  t.is(steps.find(s => s.id === 'e0.qRelu')?.kind, 'vector');
});

test('linear attention computes relu(Q) (relu(K)^T V) in float32, in integers and on crossbars', async t => {
  const graph = graphWith(linear);
  const { weights, input, float32, int8, analog } = await three(graph);
  const { taps } = await prepare(graph, weights).run(input, { taps: ['e0.q', 'e0.k', 'e0.v', 'e0.qkv'] });
  const [q, k, v, got] = ['e0.q', 'e0.k', 'e0.v', 'e0.qkv'].map(id => taps.get(id)!);
  const relu = (x: number): number => Math.max(0, x);
  const { rows, columns } = got;
  const width = columns / 3;
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const head = Math.floor(j / width) * width;
      let sum = 0;
      for (let row = 0; row < rows; row++)
        for (let c = head; c < head + width; c++)
          sum += relu(q.data[i * columns + c]) * relu(k.data[row * columns + c]) * v.data[row * columns + j];
      t.true(Math.abs(got.data[i * columns + j] - sum) < 1e-4 * (1 + Math.abs(sum)));
    }
  t.deepEqual([...analog], [...int8]);
  const largest = Math.max(...float32.map(Math.abs));
  t.true(float32.every((value, i) => Math.abs(value - int8[i]) < 0.2 * largest));
});

for (const [kind, variant] of [
  ['of functions that train', reluAttention],
  ['with a product of columns', linear],
] as const)
  test(`a variant ${kind} is trained as it is executed`, async t => {
    const graph = graphWith(variant);
    const weights = randomWeights(graph, 3);
    const batch = anyBatch(graph, 3, 1);
    const { logits, gradient } = await gradientOf(await engineOn(graph, weights, { batch: 3 }), batch);
    const { data } = (await prepare(graph, weights).run({ image: batch.images![0] })).logits;
    t.true(data.every((v, i) => Math.abs(v - logits[0][i]) < 1e-4));
    t.true(gradient.some(v => v !== 0) && gradient.every(Number.isFinite));
  });

test('scores of a map that reads no scale are scaled by a pass of their own', t => {
  const ops = graphWith(reluAttention).ops.filter(op => op.encoder === 0 && op.stage === 'softmax');
  const width = tinyVit().dim / tinyVit().heads;
  t.deepEqual(
    ops.map(op => op.kind === 'vector' && [op.id, op.fn, op.deps[0].op, op.scale]),
    [
      ['e0.scale', 'scale', 'e0.qk', 1 / Math.sqrt(width)],
      ['e0.relu', 'relu', 'e0.scale', undefined],
    ],
  );
});

test('a variant that learns what it does not declare is not built', t => {
  t.throws(() => graphWith({ ...linear, weights: ['q', 'k'] }), { message: /learns e0\.v.*not declare/ });
});
