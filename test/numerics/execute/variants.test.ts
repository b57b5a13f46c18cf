/** Attention variants of convolutional networks as the executor runs them, against plain float64 loops after the authors' code; and on ideal crossbars, against integers. */
import test from 'ava';
import { calibrate } from '../../../src/numerics/execute/calibrate.ts';
import type { CrossbarDevice } from '../../../src/numerics/execute/crossbar-device.ts';
import type { Matrix } from '../../../src/numerics/execute/matrix.ts';
import { type NetworkOptions, prepare } from '../../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../../src/numerics/execute/random-weights.ts';
import { referenceBackend } from '../../../src/numerics/mvm/reference.ts';
import { minMax } from '../../../src/numerics/quantize/min-max.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import type { ModelWeights } from '../../../src/workload/import/model-weights.ts';
import { modelSchema } from '../../../src/workload/model.ts';
import type { Op } from '../../../src/workload/op.ts';
import {
  add,
  conv,
  layerNorm,
  linear,
  map,
  matmul,
  pixels,
  type Rows,
  relativeError,
  softmax,
  attention as softmaxAttention,
  toRows,
  transpose,
} from './oracle.ts';
import { anyImage } from './tiny.ts';

/** Tokens: 4 x 4. */
const SIDE = 4;
const DIM = 8;

const total = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0);
const part = (x: Rows, from: number, size: number): Rows => x.map(row => row.slice(from, from + size));
const beside = (...parts: Rows[]): Rows => parts[0].map((_, i) => parts.flatMap(p => p[i]));
const relu = (x: Rows): Rows => map(x, v => Math.max(0, v));

const folded = (w: ModelWeights, id: string, x: Rows): Rows => {
  const { gain, shift } = w.norm(id);
  return x.map(row => row.map((v, j) => v * gain[j] + shift[j]));
};

/** Each channel by itself; `filter` of a channel is the channel unless said otherwise. */
function depthwise(
  w: ModelWeights,
  id: string,
  x: Rows,
  [height, width]: readonly [number, number],
  [down, across]: readonly [number, number],
  filter = (channel: number) => channel,
): Rows {
  const { weight, bias, out } = w.linear(id);
  return x.map((row, p) =>
    row.map((_, c) => {
      const f = filter(c);
      let sum = bias === null ? 0 : bias[f];
      for (let dy = 0; dy < down; dy++)
        for (let dx = 0; dx < across; dx++) {
          const y = Math.floor(p / width) + dy - (down - 1) / 2;
          const at = (p % width) + dx - (across - 1) / 2;
          if (y >= 0 && y < height && at >= 0 && at < width)
            sum += weight[(dy * across + dx) * out + f] * x[y * width + at][c];
        }
      return sum;
    }),
  );
}

/** Groups of columns with a matrix each. */
function grouped(w: ModelWeights, id: string, x: Rows, groups: number): Rows {
  const { weight, bias, in: width, out } = w.linear(id);
  const own = out / groups;
  return x.map(row =>
    Array.from({ length: out }, (_, o) => {
      const group = row.slice(Math.floor(o / own) * width, (Math.floor(o / own) + 1) * width);
      return (bias === null ? 0 : bias[o]) + total(group.map((v, i) => v * weight[i * out + o]));
    }),
  );
}

/** Numbers of the pixels of each window. */
function windowPixels(side: number): number[][] {
  const count = SIDE / side;
  return Array.from({ length: count * count }, (_, n) =>
    Array.from({ length: side * side }, (_, p) => {
      const y = Math.floor(n / count) * side + Math.floor(p / side);
      return y * SIDE + (n % count) * side + (p % side);
    }),
  );
}

const biased = (w: ModelWeights, id: string, scores: Rows, side: number): Rows => {
  const table = w.rows(id);
  const far = (p: number, q: number, of: (n: number) => number): number => Math.abs(of(p) - of(q));
  return scores.map((row, q) =>
    row.map((v, k) => v + table[far(q, k, n => Math.floor(n / side)) * side + far(q, k, n => n % side)]),
  );
};

function sharedMap(w: ModelWeights, x: Rows, heads: number, kernels: readonly number[], side: number): Rows {
  const qk = folded(w, 'e0.qkNorm', linear(x, w, 'e0.qk'));
  const y: Rows = [];
  for (const window of windowPixels(side)) {
    const of = (rows: Rows): Rows => window.map(p => rows[p]);
    const slid = depthwise(w, 'e0.q', of(part(qk, 0, DIM / 4)), [side, side], [3, 3]);
    const q = folded(w, 'e0.qNorm', slid);
    const scores = map(matmul(q, transpose(of(part(qk, DIM / 4, DIM / 4)))), v => v * 0.25);
    const weights = softmax(biased(w, 'e0.bias', scores, side));
    const chunks = Array.from({ length: heads }, (_, h) => {
      const chunk = of(part(x, (h * DIM) / heads, DIM / heads));
      return matmul(weights, depthwise(w, `e0.v${h}`, chunk, [side, side], [kernels[h], kernels[h]]));
    });
    for (const [i, row] of beside(...chunks).entries()) y[window[i]] = row;
  }
  return relu(y);
}

function cascaded(w: ModelWeights, x: Rows, heads: number, kernels: readonly number[], side: number): Rows {
  const [width, key] = [DIM / heads, 3];
  const outputs: Rows[] = [];
  for (let h = 0; h < heads; h++) {
    const own = part(x, h * width, width);
    const given = h === 0 ? own : add(own, outputs[h - 1]);
    const qkv = folded(w, `e0.qkv${h}Norm`, linear(given, w, `e0.qkv${h}`));
    const y: Rows = [];
    for (const window of windowPixels(side)) {
      const of = (from: number, size: number): Rows => window.map(p => qkv[p].slice(from, from + size));
      const slid = depthwise(w, `e0.q${h}`, of(0, key), [side, side], [kernels[h], kernels[h]]);
      const q = folded(w, `e0.q${h}Norm`, slid);
      const scores = map(matmul(q, transpose(of(key, key))), v => v / Math.sqrt(key));
      const mixed = matmul(softmax(biased(w, `e0.bias${h}`, scores, side)), of(2 * key, width));
      for (const [i, row] of mixed.entries()) y[window[i]] = row;
    }
    outputs.push(y);
  }
  return relu(beside(...outputs));
}

function multiScale(w: ModelWeights, x: Rows, heads: number): Rows {
  const width = DIM / heads;
  const qkv = linear(x, w, 'e0.qkv');
  const near = grouped(w, 'e0.mix0', depthwise(w, 'e0.near0', qkv, [SIDE, SIDE], [3, 3]), 3 * heads);
  const all = beside(qkv, near);
  const outputs = Array.from({ length: 2 * heads }, (_, h) => {
    const [q, k, v] = [0, 1, 2].map(n => part(all, (3 * h + n) * width, width));
    const [rq, rk] = [relu(q), relu(k)];
    return rq.map(query => {
      const weights = rk.map(one => total(one.map((value, j) => value * query[j])));
      const sum = total(weights) + 1e-15;
      return v[0].map((_, j) => total(weights.map((weight, i) => weight * v[i][j])) / sum);
    });
  });
  return beside(...outputs);
}

function additive(w: ModelWeights, x: Rows): Rows {
  const unit = (rows: Rows): Rows =>
    rows.map(row => row.map(v => v / Math.max(1e-12, Math.sqrt(total(row.map(a => a * a))))));
  const [q, k] = ['e0.q', 'e0.k'].map(id => unit(linear(x, w, id)));
  const scores = linear(q, w, 'e0.score').map(([v]) => v / Math.sqrt(DIM));
  const length = Math.sqrt(total(scores.map(v => v * v)));
  const global = q[0].map((_, j) => total(q.map((row, i) => (scores[i] / length) * row[j])));
  const keys = k.map(row => row.map((v, j) => v * global[j]));
  return linear(add(linear(keys, w, 'e0.mix'), q), w, 'e0.final');
}

function reduced(w: ModelWeights, x: Rows, heads: number): Rows {
  const planes = x[0].map((_, c) =>
    Array.from({ length: SIDE }, (_, y) => Array.from({ length: SIDE }, (_, at) => x[y * SIDE + at][c])),
  );
  const fewer = pixels(conv(planes, w, 'e0.reduction', { kernel: 2, stride: 2, padding: 0 }));
  const kv = layerNorm(fewer, w.norm('e0.reductionNorm'), 1e-5);
  return softmaxAttention(linear(x, w, 'e0.q'), linear(kv, w, 'e0.k'), linear(kv, w, 'e0.v'), heads);
}

const headsOf = (x: Rows, heads: number): Rows[] =>
  Array.from({ length: heads }, (_, h) => part(x, (h * x[0].length) / heads, x[0].length / heads));
const units = (x: Rows): Rows => x.map(row => row.map(v => v / Math.sqrt(total(row.map(a => a * a)))));

/** 0.5 V + Q (K^T V) / pi at length 1, and the convolution along the tokens. */
function angular(w: ModelWeights, q: Rows[], k: Rows[], v: Rows, heads: number): Rows {
  const parts = headsOf(v, heads).map((values, h) => {
    const mixed = matmul(q[h], matmul(transpose(k[h]), values));
    return units(values.map((row, i) => row.map((value, j) => 0.5 * value + mixed[i][j] / Math.PI)));
  });
  const local = depthwise(w, 'e0.local', v, [v.length, 1], [5, 1], c => Math.floor(c / (DIM / heads)));
  return add(beside(...parts), local);
}

function binary(w: ModelWeights, x: Rows, heads: number): Rows {
  const [q, k] = ['e0.q', 'e0.k'].map(id => {
    const parts = headsOf(linear(x, w, id), heads).map(units);
    const mean = total(parts.flat(2)) / (x.length * DIM);
    return parts.map(head => map(head, v => (v > mean ? 1 : 0)));
  });
  return angular(w, q, k, linear(x, w, 'e0.v'), heads);
}

function hashed(w: ModelWeights, x: Rows, heads: number): Rows {
  const anchors = w.linear('e0.anchors');
  const centers = w.rows('e0.center');
  const codes = headsOf(linear(x, w, 'e0.qk'), heads).map((head, h) => {
    const many = 4;
    // |x - a|^2 of vectors of length 1.
    const distances = units(head).map(row =>
      Array.from({ length: many }, (_, m) => {
        const own = h * many + m;
        return 2 - 2 * total(row.map((v, j) => v * anchors.weight[j * anchors.out + own]));
      }),
    );
    const sigma = total(distances.flat()) / distances.flat().length;
    const kernel = distances.map(row =>
      row.map((d, m) => Math.exp(-d / (2 * sigma)) - centers[h * many + m]),
    );
    const { weight, out } = w.linear('e0.codes');
    return kernel.map(row =>
      Array.from({ length: 6 }, (_, b) =>
        total(row.map((v, m) => v * weight[m * out + h * 6 + b])) > 0 ? 1 : 0,
      ),
    );
  });
  return angular(w, codes, codes, linear(x, w, 'e0.v'), heads);
}

/** Swin's, of the image rolled up and left by `shift`: pairs of different parts of the rolled image get -100. */
function windowed(w: ModelWeights, x: Rows, heads: number, side: number, shift: number): Rows {
  const table = w.rows('e0.relativeBias');
  const [q, k, v] = ['e0.q', 'e0.k', 'e0.v'].map(id => headsOf(linear(x, w, id), heads));
  const [last, seam] = [SIDE - side, SIDE - shift];
  const slice = (n: number): number => (n < last ? 0 : n < seam ? 1 : 2);
  const region = (p: number): number => 3 * slice(Math.floor(p / SIDE)) + slice(p % SIDE);
  const y: Rows = x.map(() => []);
  for (const window of windowPixels(side)) {
    const from = window.map(
      p => ((Math.floor(p / SIDE) + shift) % SIDE) * SIDE + (((p % SIDE) + shift) % SIDE),
    );
    for (let h = 0; h < heads; h++) {
      const of = (rows: Rows): Rows => from.map(p => rows[p]);
      const scores = matmul(of(q[h]), transpose(of(k[h]))).map((row, i) =>
        row.map((score, j) => {
          const down = Math.floor(i / side) - Math.floor(j / side) + side - 1;
          const across = (i % side) - (j % side) + side - 1;
          const learned = table[(h * (2 * side - 1) + down) * (2 * side - 1) + across];
          const mask = shift > 0 && region(window[i]) !== region(window[j]) ? -100 : 0;
          return score / Math.sqrt(DIM / heads) + learned + mask;
        }),
      );
      for (const [i, row] of matmul(softmax(scores), of(v[h])).entries()) y[from[i]].push(...row);
    }
  }
  return y;
}

/** FLatten's, in the order of its code. */
function focusedLinear(w: ModelWeights, x: Rows, heads: number, kernel: number): Rows {
  const [n, width] = [x.length, DIM / heads];
  const [positions, scale] = [w.rows('e0.keyPositions'), w.rows('e0.channelScale')];
  const lengthOf = (row: readonly number[]): number => Math.sqrt(total(row.map(v => v * v)));
  const focused = (rows: Rows): Rows =>
    rows.map(row => {
      const scaled = row.map((v, j) => (Math.max(0, v) + 1e-6) / scale[j]);
      const cubed = scaled.map(v => v ** 3);
      return cubed.map(v => (v / lengthOf(cubed)) * lengthOf(scaled));
    });
  const placed = linear(x, w, 'e0.k').map((row, i) => row.map((v, j) => v + positions[i * DIM + j]));
  const [q, k] = [linear(x, w, 'e0.q'), placed].map(rows => headsOf(focused(rows), heads));
  const v = linear(x, w, 'e0.v');
  const parts = headsOf(v, heads).map((values, h) => {
    const mean = q[h][0].map((_, j) => total(k[h].map(row => row[j])) / n);
    const kv = map(matmul(transpose(k[h]), values), entry => entry / n);
    return matmul(q[h], kv).map((row, i) => {
      const sum = total(q[h][i].map((value, j) => value * mean[j])) + 1e-6;
      return row.map(value => value / sum);
    });
  });
  return add(
    beside(...parts),
    depthwise(w, 'e0.local', v, [SIDE, SIDE], [kernel, kernel], c => c % width),
  );
}

const norm = 'batchnorm';

const cases: [string, object, (w: ModelWeights, x: Rows) => Rows][] = [
  [
    'shared-map',
    { window: 2, kernels: [1, 3], queryKernel: 3, scale: 0.25, norm },
    (w, x) => sharedMap(w, x, 2, [1, 3], 2),
  ],
  [
    'shared-map',
    { window: 7, kernels: [3, 5], queryKernel: 3, scale: 0.25, norm },
    (w, x) => sharedMap(w, x, 2, [3, 5], 4),
  ],
  [
    'cascaded-group',
    { window: 2, keyWidth: 3, kernels: [3, 1], norm },
    (w, x) => cascaded(w, x, 2, [3, 1], 2),
  ],
  [
    'cascaded-group',
    { window: 4, keyWidth: 3, kernels: [5, 3], norm },
    (w, x) => cascaded(w, x, 2, [5, 3], 4),
  ],
  ['multi-scale-linear', { scales: [3] }, (w, x) => multiScale(w, x, 2)],
  ['additive', {}, additive],
  ['window', { window: 2 }, (w, x) => windowed(w, x, 2, 2, 0)],
  ['window', { window: 2, shift: 1 }, (w, x) => windowed(w, x, 2, 2, 1)],
  ['window', { window: 4, shift: 2 }, (w, x) => windowed(w, x, 2, 4, 0)],
  ['focused-linear', { kernel: 3 }, (w, x) => focusedLinear(w, x, 2, 3)],
  ['spatial-reduction', { ratio: 2 }, (w, x) => reduced(w, x, 2)],
  ['angular-binary', { localKernel: 5 }, (w, x) => binary(w, x, 2)],
  ['angular-hash', { localKernel: 5, bits: 6, anchors: 4 }, (w, x) => hashed(w, x, 2)],
];

async function setting(attention: object, seed: number, size = 2 * SIDE) {
  const model = modelSchema.parse({
    name: 'tiny',
    family: 'layers',
    source: 'test',
    imageSize: size,
    classes: 3,
    stem: [{ kind: 'conv', out: DIM, kernel: 2, stride: 2, padding: 0 }],
    body: [{ kind: 'block', layers: [{ kind: 'attention', heads: 2, attention }] }],
    head: [{ kind: 'mean' }, { kind: 'linear', out: 'classes' }],
  });
  if (model.family !== 'layers') throw new Error('a list of layers');
  const graph = buildGraph(model);
  const weights = randomWeights(graph, seed);
  const image = anyImage(model, seed);
  const ran = async (options: NetworkOptions) => {
    const ops = new Map<string, { operands: readonly Matrix[]; output: Matrix }>();
    const network = prepare(graph, weights, options);
    const onOp = (op: Op, operands: readonly Matrix[], output: Matrix): void =>
      void ops.set(op.id, { operands, output });
    const { logits } = await network.run({ image }, { onOp });
    network.dispose();
    return { ops, logits };
  };
  const calibration = await calibrate(prepare(graph, weights), [{ image }], minMax, {});
  return { weights, ran, quantisation: { calibration } };
}

for (const [kind, options, plain] of cases)
  test(`${kind} ${JSON.stringify(options)} computes what the authors' code does`, async t => {
    for (const seed of [1, 2, 3]) {
      const { weights, ran } = await setting({ kind, ...options }, seed);
      const { ops } = await ran({});
      const x = toRows(ops.get('stem.conv0')!.output);
      const got = ops.get('e0.final')?.output ?? ops.get('e0.projection')!.operands[0];
      const error = relativeError(toRows(got), plain(weights, x));
      t.true(error < 2e-5, `${error}`);
    }
  });

test('few tokens take the order of fewer products, and give the same', async t => {
  // Four tokens, and heads of four columns.
  const { weights, ran } = await setting({ kind: 'multi-scale-linear', scales: [] }, 5, 4);
  const { ops } = await ran({});
  t.true(ops.has('e0.scores'));
  const x = toRows(ops.get('stem.conv0')!.output);
  const qkv = linear(x, weights, 'e0.qkv');
  const want = [0, 1].map(h => {
    const [q, k, v] = [0, 1, 2].map(n => part(qkv, (3 * h + n) * 4, 4));
    const scores = matmul(relu(q), transpose(relu(k)));
    return matmul(
      scores.map(row => row.map(s => s / (total(row) + 1e-15))),
      v,
    );
  });
  t.true(relativeError(toRows(ops.get('e0.projection')!.operands[0]), beside(...want)) < 1e-5);
});

const ideal: CrossbarDevice = {
  arrayRows: 32,
  arrayCols: 16,
  cellBits: 2,
  encoding: 'differential',
  adc: { bits: 7, levelsPerLsb: 'lossless' },
  noise: {},
};

for (const [kind, options] of cases)
  test(`${kind} ${JSON.stringify(options)} on ideal crossbars is what integers give`, async t => {
    const { ran, quantisation } = await setting({ kind, ...options }, 4);
    const { logits } = await ran({ quantisation, compute: 'int8' });
    const analog = { backend: referenceBackend(), seed: 'chip', static: ideal, dynamic: ideal };
    t.deepEqual((await ran({ quantisation, compute: 'analog', analog })).logits, logits);
    t.true(logits.data.every(Number.isFinite));
  });
