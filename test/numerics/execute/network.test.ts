/** A run executes the ops of its graph, gives back what is asked for, and refuses what does not fit. */
import test from 'ava';
import type { Matrix } from '../../../src/numerics/execute/matrix.ts';
import { prepare } from '../../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../../src/numerics/execute/random-weights.ts';
import { buildGraph, type Graph } from '../../../src/workload/graph.ts';
import type { Op } from '../../../src/workload/op.ts';
import { reusePlan } from '../../../src/workload/reuse.ts';
import { anyImage, tinyBert, tinyVit } from './tiny.ts';

const model = tinyVit({ encoders: 4 });
const image = anyImage(model, 1);
const graphOf = (reuse: number[]): Graph => buildGraph(model, { reuse: reusePlan(reuse, 4) });
const networkOf = (reuse: number[]) => prepare(graphOf(reuse), randomWeights(graphOf(reuse), 1));

test('the ops run in the order of the graph, each with the outputs of its producers', async t => {
  const graph = graphOf([2]);
  const ran: string[] = [];
  const outputs = new Map<string, Matrix>();
  await networkOf([2]).run(
    { image },
    {
      onOp(op: Op, operands, output) {
        ran.push(op.id);
        for (const [i, dep] of op.deps.entries()) t.true(operands[i] === outputs.get(dep.op));
        outputs.set(op.id, output);
      },
    },
  );
  t.deepEqual(
    ran,
    graph.ops.map(op => op.id),
  );
  t.false(ran.includes('e2.q'));
});

test('removing attention changes nothing before it, and then its own encoder', async t => {
  const taps = ['e0.sv', 'e1.sv', 'e1.residual2', 'e2.projection'];
  const [base, reuse] = [
    await networkOf([]).run({ image }, { taps }),
    await networkOf([2]).run({ image }, { taps }),
  ];
  for (const id of taps.slice(0, 3)) t.deepEqual(base.taps.get(id), reuse.taps.get(id));
  t.notDeepEqual(base.taps.get('e2.projection'), reuse.taps.get('e2.projection'));
  t.notDeepEqual(base.logits, reuse.logits);
});

test('two reuse encoders in a row read the same attention output', async t => {
  const read = new Map<string, unknown>();
  await networkOf([2, 3]).run(
    { image },
    {
      onOp(op, operands, output) {
        if (op.id === 'e1.sv') read.set(op.id, output);
        if (op.id.endsWith('.transformNorm')) read.set(op.id, operands[0]);
      },
    },
  );
  t.is(read.get('e2.transformNorm'), read.get('e1.sv'));
  t.is(read.get('e3.transformNorm'), read.get('e1.sv'));
});

test('the same input gives the same bytes, and a run leaves no trace in the next', async t => {
  const network = networkOf([]);
  const first = await network.run({ image });
  await network.run({ image: anyImage(model, 2) });
  t.deepEqual(await network.run({ image }), first);
});

test('only the taps that are asked for are kept', async t => {
  const { taps } = await networkOf([]).run({ image }, { taps: ['e1.softmax'] });
  t.deepEqual([...taps.keys()], ['e1.softmax']);
  // Nine patches and the class token; three heads, each row of a head adds up to 1.
  const map = taps.get('e1.softmax');
  t.like(map, { rows: 10, columns: 30 });
  const sum = map?.data.slice(0, 10).reduce((a, v) => a + v, 0) ?? 0;
  t.true(Math.abs(sum - 1) < 1e-6);
});

test('inputs that do not fit say what would', async t => {
  const network = networkOf([]);
  await t.throwsAsync(network.run({ image: new Float32Array(3) }), {
    message: 'tiny runs on an image of 3 x 12 x 12 = 432 values, got 3',
  });
  await t.throwsAsync(network.run({ words: new Int32Array(3) }), {
    message: 'tiny runs on an image, got words',
  });
  const text = buildGraph(tinyBert());
  const bert = prepare(text, randomWeights(text, 1));
  await t.throwsAsync(bert.run({ words: new Int32Array(3) }), {
    message: 'this graph of tiny runs on 7 tokens, got 3',
  });
  await t.throwsAsync(bert.run({ words: new Int32Array(7), types: new Int32Array(6) }), {
    message: '7 words, but 6 segment types',
  });
  await t.throwsAsync(bert.run({ image }), { message: 'tiny runs on words, got an image' });
});

test('unknown names are refused, with the nearest one', async t => {
  const network = networkOf([]);
  await t.throwsAsync(network.run({ image }, { taps: ['e1.softmx'] }), {
    message: /did you mean e1\.softmax\?/,
  });
  const graph = graphOf([]);
  t.throws(() => prepare(graph, randomWeights(graph, 1), { layers: { haed: 'float32' } }), {
    message: /unknown layer 'haed': did you mean head\?/,
  });
});
