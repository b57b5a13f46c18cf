/** Grouped layers, layouts, pools, products of columns and functions of whole matrices in training, against finite differences in float64. */
import test from 'ava';
import { gaussianStream } from '../../src/base/random.ts';
import { prepare } from '../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../src/numerics/execute/random-weights.ts';
import { weightsOf } from '../../src/train/network/parameter-vector.ts';
import { startThreads } from '../../src/train/node/threads.ts';
import { GraphBuilder } from '../../src/workload/builder.ts';
import { graphProblems } from '../../src/workload/check.ts';
import type { Graph } from '../../src/workload/graph.ts';
import type { ModelWeights } from '../../src/workload/import/model-weights.ts';
import { noReuse } from '../../src/workload/reuse.ts';
import { square } from '../../src/workload/size.ts';
import { tinyVit } from '../numerics/execute/tiny.ts';
import { IMAGE, plainRun, randomGraph } from '../workload/random-graph.ts';
import { anyBatch, type Batch, engineOn, gradientOf } from './runs.ts';

/** Of finite differences. */
const STEP = 2 ** -12;
const [ROWS, DIM, HEADS] = [4, 8, 2];
const MAP = { batch: HEADS, m: ROWS, k: DIM / HEADS, n: ROWS, transposed: true };

const at = (id: string) => ({ id, stage: 'qkv', encoder: null }) as const;

/** Four patches through `body`, then their mean and a classifier. */
function networkOf(body: (b: GraphBuilder, x: string) => string): Graph {
  const b = new GraphBuilder();
  const side = IMAGE / 2;
  const window = {
    kernel: square(side),
    stride: square(side),
    padding: square(0),
    inChannels: 3,
    input: square(IMAGE),
    output: square(2),
  };
  const x = body(b, b.conv(at('stem'), null, window, DIM, true));
  const mean = b.vector(at('mean'), 'mean', [x], { rows: ROWS, rowLength: DIM });
  b.linear({ id: 'top.linear1', stage: 'head', encoder: null }, mean, { rows: 1, in: DIM, out: 5 });
  return {
    model: tinyVit({ imageSize: IMAGE, patchSize: side }),
    ops: b.ops,
    reuse: noReuse,
    idleParameters: 0,
  };
}

const linear = (b: GraphBuilder, id: string, x: string, out = DIM): string =>
  b.linear(at(id), x, { rows: ROWS, in: DIM, out });

/** (elu + 1 of Q)(K^T V) over its sum, as linear attention has it (arXiv 2006.16236). */
const linearAttention = networkOf((b, x) => {
  const shape = { rows: ROWS, rowLength: DIM };
  const q = b.vector(at('phiQ'), 'elu1', [linear(b, 'q', x)], shape);
  const k = b.vector(at('phiK'), 'elu1', [linear(b, 'k', x)], shape);
  const head = { batch: HEADS, transposed: false };
  const size = DIM / HEADS;
  const kv = b.dynamic(at('kv'), k, linear(b, 'v', x), {
    ...head,
    m: size,
    k: ROWS,
    n: size,
    streamedTransposed: true,
  });
  const out = b.dynamic(at('qkv'), q, kv, { ...head, m: ROWS, k: size, n: size });
  const sums = b.vector(at('ones'), 'l2norm', [linear(b, 'w', x, HEADS)], {
    rows: ROWS,
    rowLength: 1,
    batch: HEADS,
    eps: 4,
  });
  return b.vector(at('over'), 'divide', [out, sums], {
    ...shape,
    rowLength: size,
    batch: HEADS,
    second: 'segment',
    eps: 2,
  });
});

/** The other ways round: a transposed stationary operand beside a streamed one of columns. */
const columnsByRows = networkOf((b, x) => {
  const shape = {
    batch: HEADS,
    m: ROWS,
    k: ROWS,
    n: DIM / HEADS,
    transposed: true,
    streamedTransposed: true,
  } as const;
  // Columns of the map of Q and K meet the rows of a transposed V.
  const map = b.dynamic(at('map'), linear(b, 'q', x), linear(b, 'k', x), MAP);
  const turned = b.layout(at('turned'), [linear(b, 'v', x)], {
    parts: [{ rows: ROWS, columns: DIM }],
    join: 'rows',
    dims: [ROWS, HEADS, DIM / HEADS],
    axes: [2, 1, 0],
    rows: DIM / HEADS,
    columns: HEADS * ROWS,
  });
  return b.dynamic(at('out'), map, turned, shape);
});

/** UniForm's: one map for all heads, chunks of the input through depthwise kernels as values (arXiv 2412.02344). */
const sharedMap = networkOf((b, x) => {
  const window = {
    kernel: square(3),
    stride: square(1),
    padding: square(1),
    inChannels: DIM,
    input: square(2),
    output: square(2),
  };
  const q = linear(b, 'q', x, 4);
  const k = linear(b, 'k', x, 4);
  const map = b.dynamic(at('qk'), q, k, { batch: 1, m: ROWS, k: 4, n: ROWS, transposed: true });
  const shared = b.vector(at('softmax'), 'softmax', [map], { rows: ROWS, rowLength: ROWS });
  const values = b.grouped(at('dw'), x, {
    rows: ROWS,
    groups: DIM,
    in: 9,
    out: 1,
    conv: window,
    copies: { filters: 4, order: 'runs' },
  });
  const out = b.dynamic(at('sv'), shared, values, { batch: 1, m: ROWS, k: ROWS, n: DIM, transposed: false });
  const sum = b.vector(at('residual'), 'add', [x, out], { rows: ROWS, rowLength: DIM });
  const gates = b.vector(at('pool'), 'mean', [sum], { rows: ROWS, rowLength: DIM });
  return b.vector(at('gate'), 'add', [sum, gates], { rows: ROWS, rowLength: DIM, second: 'row', scale: 0.5 });
});

/** T2T-ViT's: overlapping windows as rows, and exponentials of products less half a squared length (arXiv 2101.11986). */
const overlapping = networkOf((b, x) => {
  const [window, width] = [{ kernel: square(3), stride: square(1), padding: square(1) }, 9 * DIM];
  const unfolded = b.layout(at('unfold'), [x], {
    parts: [{ rows: ROWS, columns: DIM }],
    join: 'rows',
    window: { ...window, inChannels: DIM, input: square(2), output: square(2) },
    dims: [ROWS, width],
    axes: [0, 1],
    rows: ROWS,
    columns: width,
  });
  const y = b.linear(at('y'), unfolded, { rows: ROWS, in: width, out: DIM });
  const length = b.vector(at('length'), 'squaredlength', [y], { rows: ROWS, rowLength: DIM });
  const shape = { rows: ROWS, rowLength: DIM, scale: -0.5, second: 'segment' } as const;
  return b.vector(at('exponential'), 'exponential', [linear(b, 'w', y), length], shape);
});

/** Swin's values of distances and DynamicViT's half mean, then rows that the first one looks at, and what stands beside them (IRET). */
const chosenRows = networkOf((b, x) => {
  const map = { rows: ROWS, rowLength: ROWS, batch: HEADS };
  const scores = b.dynamic(at('qk'), linear(b, 'q', x), linear(b, 'k', x), MAP);
  const distances = { window: square(2), heads: HEADS, signs: 'absolute' } as const;
  const table = { ...map, parameters: HEADS * ROWS, scale: 0.5, distances };
  const biased = b.vector(at('bias'), 'relativebias', [scores], table);
  const weights = b.vector(at('softmax'), 'softmax', [biased], map);
  const half = b.vector(at('half'), 'halfmean', [linear(b, 'v', x)], { rows: ROWS, rowLength: DIM });
  const product = { batch: HEADS, m: ROWS, k: ROWS, n: DIM / HEADS, transposed: false };
  const mixed = b.dynamic(at('sv'), weights, half, product);
  const row = { from: ROWS, to: 1, width: HEADS * ROWS, change: 'slice', start: 0 } as const;
  const first = b.tokens(at('first'), weights, row);
  const keep = { from: ROWS, to: 3, width: DIM, change: 'keep', start: 0, heads: HEADS } as const;
  const kept = b.tokens(at('keep'), mixed, keep, first);
  const behind = { from: ROWS, to: 3, width: DIM, change: 'slice', start: 1 } as const;
  const patches = b.tokens(at('patches'), x, behind);
  const beside = b.tokens(at('beside'), patches, { ...keep, from: 3, to: 2, firstAbsent: true }, first);
  const mean = b.vector(at('besideMean'), 'mean', [beside], { rows: 2, rowLength: DIM });
  const sum = b.vector(at('rows'), 'add', [kept, mean], { rows: 3, rowLength: DIM, second: 'row' });
  const last = b.vector(at('sum'), 'sum', [sum], { rows: 3, rowLength: DIM });
  return b.vector(at('all'), 'add', [x, last], { rows: ROWS, rowLength: DIM, second: 'row' });
});

/** Samples of the image itself, as lifting takes them: one half by itself, one through a layer. */
const lifted = networkOf((b, x) => {
  const [pixels, columns] = [IMAGE * IMAGE, 3];
  const rows = pixels / 2;
  const half = (name: string, start: number): string =>
    b.layout(at(name), [], {
      parts: [{ rows: pixels, columns }],
      join: 'rows',
      dims: [rows, 2, columns],
      take: { dim: 1, start, size: 1 },
      axes: [0, 1, 2],
      rows,
      columns,
    });
  const odd = b.linear(at('update'), half('odd', 1), { rows, in: columns, out: columns });
  const shape = { rows, rowLength: columns };
  const coarse = b.vector(at('coarse'), 'add', [half('even', 0), odd], shape);
  const size = (rows * columns) / ROWS;
  const patches = b.layout(at('rows'), [coarse], {
    parts: [{ rows, columns }],
    join: 'rows',
    dims: [ROWS, size],
    axes: [0, 1],
    rows: ROWS,
    columns: size,
  });
  const y = b.linear(at('y'), patches, { rows: ROWS, in: size, out: DIM });
  return b.vector(at('sum'), 'add', [x, y], { rows: ROWS, rowLength: DIM });
});

const NETWORKS: Record<string, Graph> = {
  'rows that attention chooses': chosenRows,
  'samples of the image': lifted,
  'linear attention': linearAttention,
  'columns by transposed rows': columnsByRows,
  'one map for all heads': sharedMap,
  'overlapping windows': overlapping,
  ...Object.fromEntries([2, 3, 5, 8, 11, 17].map(seed => [`random ${seed}`, randomGraph(seed, true)])),
};

function plainLoss(graph: Graph, { images = [], labels }: Batch, weights: ModelWeights): number {
  let sum = 0;
  for (const [i, label] of labels.entries()) {
    const given = plainRun(graph, weights, images[i]);
    const [logits] = [...given.values()].at(-1)!;
    const largest = Math.max(...logits);
    sum += largest + Math.log(logits.reduce((s, v) => s + Math.exp(v - largest), 0)) - logits[label];
  }
  return sum / labels.length;
}

for (const [name, graph] of Object.entries(NETWORKS)) {
  test(`${name}: logits are the executor's, and derivatives equal finite differences`, async t => {
    t.deepEqual(graphProblems(graph.ops), []);
    const batch = anyBatch(graph, 3, 2);
    const engine = await engineOn(graph, randomWeights(graph, 5), { batch: 3 });
    const { gradient, loss, logits } = await gradientOf(engine, batch);
    const { parameters } = engine.layout;
    const vector = engine.vector.slice();
    const weights = weightsOf(graph, parameters, vector);
    const network = prepare(graph, weights);
    for (const [i, got] of logits.entries()) {
      const want = (await network.run({ image: batch.images![i] })).logits.data;
      const largest = Math.max(...want.map(Math.abs));
      t.true(want.every((v, j) => Math.abs(got[j] - v) <= 1e-5 * largest));
    }
    t.true(Math.abs(loss - plainLoss(graph, batch, weights)) < 1e-5);
    const next = gaussianStream(1, 'direction');
    for (const { key, offset, size } of parameters.arrays.values()) {
      const own = vector.slice(offset, offset + size);
      const direction = Float32Array.from(own, () => next() / Math.sqrt(size));
      const lossAt = (shift: number): number => {
        for (const [i, v] of own.entries()) vector[offset + i] = v + shift * direction[i];
        return plainLoss(graph, batch, weights);
      };
      const below = lossAt(-STEP);
      const start = vector.slice(offset, offset + size);
      const want = lossAt(STEP) - below;
      let got = 0;
      let scale = 0;
      for (const [i, v] of start.entries()) {
        const share = gradient[offset + i] * (vector[offset + i] - v);
        got += share;
        scale += share ** 2;
      }
      vector.set(own, offset);
      t.true(Math.abs(got - want) < 6e-5 * STEP + 3e-4 * Math.sqrt(scale), `${key}: ${got}, ${want}`);
    }
  });
}

test('threads change no bit of grouped layers and layouts', async t => {
  const weights = randomWeights(sharedMap, 1);
  const batch = anyBatch(sharedMap, 9, 4);
  const alone = await engineOn(sharedMap, weights, { batch: 16 });
  const together = await engineOn(sharedMap, weights, { batch: 16, threads: 2, start: startThreads });
  t.deepEqual(await gradientOf(together, batch), await gradientOf(alone, batch));
  await together.close();
});

test('training on crossbars refuses grouped layers by name', async t => {
  await t.throwsAsync(engineOn(sharedMap, randomWeights(sharedMap, 1), { batch: 2, variation: true }), {
    message: /training on crossbars does not know grouped layers: dw/,
  });
});

test("a predictor's scores get the derivative of gates that let through what goes on", async t => {
  const rows = 3;
  const choice = (b: GraphBuilder, x: string): string => {
    const behind = { from: ROWS, to: rows, width: DIM, change: 'slice', start: 1 } as const;
    const patches = b.tokens(at('patches'), x, behind);
    const scores = b.linear(at('scores'), patches, { rows, in: DIM, out: 2 });
    const keep = { from: ROWS, to: 3, width: DIM, change: 'keep', start: 0 } as const;
    const kept = b.tokens(at('keep'), x, keep, scores);
    const sum = b.vector(at('sum'), 'sum', [kept], { rows: 3, rowLength: DIM });
    return b.vector(at('all'), 'add', [linear(b, 'own', x), sum], {
      rows: ROWS,
      rowLength: DIM,
      second: 'row',
    });
  };
  const graph = networkOf(choice);
  const engine = await engineOn(graph, randomWeights(graph, 5), { batch: 1 });
  const { gradient } = await gradientOf(engine, anyBatch(graph, 1, 2));
  const { parameters } = engine.layout;
  const bias = parameters.arrays.get('scores.bias')!;
  const [keep, drop] = [gradient[bias.offset], gradient[bias.offset + 1]];
  const run = await prepare(graph, weightsOf(graph, parameters, engine.vector)).run(
    { image: anyBatch(graph, 1, 2).images![0] },
    { taps: ['stem', 'scores', 'keep'] },
  );
  const [x, scores, kept] = ['stem', 'scores', 'keep'].map(id => run.taps.get(id)!);
  // The loss by the sum of all rows is what the layer behind `own` gets, summed over rows: its bias's derivative.
  const own = parameters.arrays.get('own.bias')!;
  const by = gradient.subarray(own.offset, own.offset + DIM);
  let want = 0;
  for (let row = 1; row < ROWS; row++) {
    const values = x.data.subarray(row * DIM, (row + 1) * DIM);
    const goesOn = [1, 2].some(k => values.every((v, j) => v === kept.data[k * DIM + j]));
    const share = 1 / (1 + Math.exp(scores.data[(row - 1) * 2 + 1] - scores.data[(row - 1) * 2]));
    if (goesOn) want += share * (1 - share) * values.reduce((sum, v, j) => sum + v * by[j], 0);
  }
  t.true(Math.abs(want) > 1e-4);
  t.true(Math.abs(keep - want) < 1e-4 * Math.abs(want), `${keep}, ${want}`);
  t.is(drop, -keep);
});
