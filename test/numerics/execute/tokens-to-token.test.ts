/** Overlapping windows, attention by random features and merged pixels as the executor runs them, against plain float64 loops after the authors' code. */
import test from 'ava';
import { prepare } from '../../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../../src/numerics/execute/random-weights.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import type { ModelWeights } from '../../../src/workload/import/model-weights.ts';
import { modelSchema } from '../../../src/workload/model.ts';
import {
  add,
  gelu,
  layerNorm,
  linear,
  map,
  matmul,
  planes,
  type Rows,
  relativeError,
  toRows,
  transpose,
} from './oracle.ts';
import { anyImage } from './tiny.ts';

const [SIZE, WIDTH, FEATURES] = [16, 8, 4];

const model = modelSchema.parse({
  name: 'tiny',
  family: 'layers',
  source: 'test',
  imageSize: SIZE,
  classes: 3,
  body: [
    { kind: 'unfold', name: 'split0', kernel: 7, stride: 4, padding: 2 },
    { kind: 'norm', name: 'norm0' },
    { kind: 'performer', name: 'mix', width: WIDTH, features: FEATURES },
    { kind: 'residual', name: 'mlp', layers: [{ kind: 'norm' }, { kind: 'mlp', ratio: 1 }] },
    { kind: 'patch-merging', name: 'merge' },
    { kind: 'unfold', name: 'split1', kernel: 3, stride: 2, padding: 1 },
  ],
  head: [{ kind: 'mean' }, { kind: 'linear', out: 'classes' }],
});

const total = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0);

/** nn.Unfold of image[channel][y][x]: a row for each window. */
function unfold(image: number[][][], kernel: number, stride: number, padding: number): Rows {
  const side = Math.floor((image[0].length + 2 * padding - kernel) / stride) + 1;
  return Array.from({ length: side * side }, (_, n) =>
    image.flatMap(channel =>
      Array.from({ length: kernel * kernel }, (_, tap) => {
        const y = Math.floor(n / side) * stride - padding + Math.floor(tap / kernel);
        return channel[y]?.[(n % side) * stride - padding + (tap % kernel)] ?? 0;
      }),
    ),
  );
}

/** From rows to image[channel][y][x]. */
const imageOf = (x: Rows): number[][][] => {
  const side = Math.sqrt(x.length);
  return x[0].map((_, c) =>
    Array.from({ length: side }, (_, y) => Array.from({ length: side }, (_, at) => x[y * side + at][c])),
  );
};

/** Token_performer.single_attn. */
function performer(w: ModelWeights, x: Rows): Rows {
  const [k, q, v] = ['mix.k', 'mix.q', 'mix.v'].map(id => linear(x, w, id));
  const exponentials = (rows: Rows): Rows =>
    linear(rows, w, 'mix.features').map((products, i) => {
      const half = total(rows[i].map(value => value * value)) / 2;
      return products.map(product => Math.exp(product - half) / Math.sqrt(FEATURES));
    });
  const [kp, qp] = [exponentials(k), exponentials(q)];
  const sums = kp[0].map((_, j) => total(kp.map(row => row[j])));
  const kv = matmul(transpose(kp), v);
  const y = matmul(qp, kv).map((row, i) => {
    const weight = total(qp[i].map((value, j) => value * sums[j])) + 1e-8;
    return row.map(value => value / weight);
  });
  return add(v, linear(y, w, 'mix.projection'));
}

/** PatchMerging: upper left, lower left, upper right, lower right. */
function merging(w: ModelWeights, x: Rows): Rows {
  const side = Math.sqrt(x.length);
  const joined = Array.from({ length: x.length / 4 }, (_, n) => {
    const [y, at] = [2 * Math.floor(n / (side / 2)), 2 * (n % (side / 2))];
    const pixel = (down: number, across: number) => x[(y + down) * side + at + across];
    return [...pixel(0, 0), ...pixel(1, 0), ...pixel(0, 1), ...pixel(1, 1)];
  });
  return linear(layerNorm(joined, w.norm('merge.layernorm'), 1e-5), w, 'merge');
}

test("soft splits, the performer and merged pixels compute what the authors' code does", async t => {
  if (model.family !== 'layers') throw new Error('a list of layers');
  const graph = buildGraph(model);
  for (const seed of [1, 2, 3]) {
    const w = randomWeights(graph, seed);
    const image = anyImage(model, seed);
    const network = prepare(graph, w);
    const { taps } = await network.run({ image }, { taps: ['mix.sum', 'merge', 'split1'] });
    network.dispose();
    const split = unfold(planes(image, 3, SIZE), 7, 4, 2);
    const mixed = performer(w, layerNorm(split, w.norm('norm0.layernorm'), 1e-5));
    const normed = layerNorm(mixed, w.norm('mlp.norm0.layernorm'), 1e-5);
    const hidden = map(linear(normed, w, 'mlp.mlp1.fc1'), gelu);
    const merged = merging(w, add(mixed, linear(hidden, w, 'mlp.mlp1.fc2')));
    for (const [id, want] of [
      ['mix.sum', mixed],
      ['merge', merged],
      ['split1', unfold(imageOf(merged), 3, 2, 1)],
    ] as const) {
      const error = relativeError(toRows(taps.get(id)!), want);
      t.true(error < 1e-5, `${id}: ${error}`);
    }
  }
});
