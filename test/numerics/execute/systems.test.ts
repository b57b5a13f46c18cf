/** The systems' attention, layers and token rules against plain float64 arithmetic, written from their papers and code. */
import test from 'ava';
import { prepare } from '../../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../../src/numerics/execute/random-weights.ts';
import { buildGraph, type Graph } from '../../../src/workload/graph.ts';
import type { Matrix } from '../../../src/workload/matrix.ts';
import { modelSchema } from '../../../src/workload/model.ts';
import { anyImage, tinyVit } from './tiny.ts';

type Rows = number[][];

const rowsOf = ({ rows, columns, data }: Matrix): Rows =>
  Array.from({ length: rows }, (_, i) => [...data.slice(i * columns, (i + 1) * columns)]);

/** Columns of head `h` of so many. */
const head = (x: Rows, h: number, heads: number): Rows => {
  const d = x[0].length / heads;
  return x.map(row => row.slice(h * d, (h + 1) * d));
};

const times = (a: Rows, b: Rows): Rows =>
  a.map(row => b[0].map((_, j) => row.reduce((sum, v, i) => sum + v * b[i][j], 0)));
const transposed = (a: Rows): Rows => a[0].map((_, j) => a.map(row => row[j]));
const mapped = (a: Rows, f: (v: number) => number): Rows => a.map(row => row.map(f));
const normed = (a: Rows): Rows =>
  a.map(row => {
    const sum = row.reduce((x, y) => x + y, 0);
    return row.map(v => v / sum);
  });
const softmax = (a: Rows): Rows => normed(mapped(a, Math.exp));
/** Heads side by side. */
const beside = (parts: readonly Rows[]): Rows => parts[0].map((_, i) => parts.flatMap(part => part[i]));

/** Outputs of ops of a tiny network. */
async function taps(graph: Graph, ids: readonly string[]): Promise<Rows[]> {
  const network = prepare(graph, randomWeights(graph, 3));
  const { image, inChannels } = graph.model as Extract<typeof graph.model, { family: 'vit' }>;
  const run = await network.run({ image: anyImage({ image, inChannels }, 2) }, { taps: [...ids] });
  return ids.map(id => rowsOf(run.taps.get(id)!));
}

const ops = (fields: object): Graph => buildGraph(tinyVit(fields));

const close = (t: { true(value: boolean, message?: string): void }, ours: Rows, theirs: Rows): void => {
  const apart = ours.flatMap((row, i) => row.map((v, j) => Math.abs(v - theirs[i][j])));
  const most = apart.reduce((a, b) => Math.max(a, b), 0);
  t.true(ours.length === theirs.length && most < 1e-5, `${most}`);
};

const [HEADS, D] = [3, 4];

test('doubly-normalised attention: each key among the queries, then each query over its sum', async t => {
  const graph = ops({ attention: { kind: 'doubly-normalised' } });
  const [q, k, v, out] = await taps(graph, ['e0.q', 'e0.k', 'e0.v', 'e0.sv']);
  const one = (h: number): Rows => {
    const scores = mapped(times(head(q, h, HEADS), transposed(head(k, h, HEADS))), s => s / Math.sqrt(D));
    return times(normed(transposed(softmax(transposed(scores)))), head(v, h, HEADS));
  };
  close(t, out, beside([0, 1, 2].map(one)));
});

for (const order of [1, 2] as const)
  test(`fastmax of order ${order}: the series of the exponential of standardised scores, over their sum`, async t => {
    const graph = ops({ attention: { kind: 'fastmax', order } });
    const [q, k, v, out] = await taps(graph, ['e0.q', 'e0.k', 'e0.v', 'e0.divide']);
    const standard = (x: Rows): Rows =>
      x.map(row => {
        const mean = row.reduce((a, b) => a + b, 0) / row.length;
        const deviation = Math.sqrt(row.reduce((a, b) => a + (b - mean) ** 2, 0) / row.length);
        return row.map(value => (value - mean) / (deviation + 1e-5));
      });
    const series = (s: number): number => 1 + s + (order === 2 ? (s * s) / 2 : 0);
    const one = (h: number): Rows => {
      const [a, b] = [q, k].map(x => standard(head(x, h, HEADS)));
      return times(normed(mapped(times(a, transposed(b)), series)), head(v, h, HEADS));
    };
    const ours = beside([0, 1, 2].map(one));
    // Sums of order 1 may be near 0: what they divide is compared.
    const apart = out.flatMap((row, i) => row.map((value, j) => Math.abs(value / ours[i][j] - 1)));
    const sorted = apart.sort((a, b) => a - b);
    t.true(sorted[Math.floor(sorted.length / 2)] < 1e-4, `${sorted[Math.floor(sorted.length / 2)]}`);
  });

test('kronecker attention: a map of rows and one of columns, as the whole Kronecker product', async t => {
  const graph = ops({ attention: { kind: 'kronecker' }, classToken: false, pool: 'mean', imageWidth: 8 });
  const [height, width] = [3, 2];
  const [q, k, v, out] = await taps(graph, ['e0.q', 'e0.k', 'e0.v', 'e0.merge']);
  const one = (h: number): Rows => {
    const [a, b, c] = [q, k, v].map(x => head(x, h, HEADS));
    const dot = (i: number, j: number): number => a[i].reduce((sum, value, e) => sum + value * b[j][e], 0);
    const lines = (count: number, token: (line: number, other: number) => number, others: number): Rows =>
      softmax(
        Array.from({ length: count }, (_, i) =>
          Array.from({ length: count }, (_, j) => {
            let sum = 0;
            for (let other = 0; other < others; other++) sum += dot(token(i, other), token(j, other));
            return sum / Math.sqrt(D);
          }),
        ),
      );
    const rows = lines(height, (line, other) => line * width + other, width);
    const columns = lines(width, (line, other) => other * width + line, height);
    const whole = a.map((_, i) =>
      a.map((_, j) => rows[Math.floor(i / width)][Math.floor(j / width)] * columns[i % width][j % width]),
    );
    return times(whole, c);
  };
  close(t, out, beside([0, 1, 2].map(one)));
});

test('talking heads: scores with the products of places, mixed before and behind the softmax', async t => {
  const graph = ops({
    attention: { kind: 'talking-heads', relativeBuckets: 50 },
    classToken: false,
    pool: 'mean',
    imageSize: 24,
    encoders: 1,
  });
  const weights = randomWeights(graph, 3);
  const [q, k, v, out] = await taps(graph, ['e0.q', 'e0.k', 'e0.v', 'e0.sv']);
  const matrix = (id: string): number[] => [...weights.linear(id).weight];
  const [before, behind] = ['e0.mixBefore', 'e0.mixBehind'].map(matrix);
  const vectors = matrix('e0.positionVectors');
  const side = 6;
  const step = (distance: number): number => {
    const far = Math.abs(distance);
    return 3 + Math.sign(distance) * [0, 1, 2, 2, 3, 3][far];
  };
  const scores = [0, 1, 2].map(h => {
    const [a, b] = [q, k].map(x => head(x, h, HEADS));
    return a.map((query, i) =>
      b.map((key, j) => {
        const down = step(Math.floor(i / side) - Math.floor(j / side));
        const place = down * 7 + step((i % side) - (j % side));
        const own = query.reduce((sum, value, e) => sum + value * (key[e] + vectors[e * 50 + place]), 0);
        return own / Math.sqrt(D);
      }),
    );
  });
  const mix = (maps: readonly Rows[], by: readonly number[]): Rows[] =>
    maps.map((_, to) =>
      maps[0].map((row, i) =>
        row.map((_, j) => maps.reduce((sum, map, from) => sum + by[from * HEADS + to] * map[i][j], 0)),
      ),
    );
  const maps = mix(mix(scores, before).map(softmax), behind);
  close(t, out, beside(maps.map((map, h) => times(map, head(v, h, HEADS)))));
});

test('sparse attention: softmax over the first token and the nearest, the other weights are 0', async t => {
  const entries = 3 * 10 * 4;
  const graph = ops({ attention: { kind: 'sparse', entries, headCodec: 2 } });
  const [q, k, v, map, out] = await taps(graph, [
    'e0.codecOutQ',
    'e0.codecOutK',
    'e0.v',
    'e0.softmax',
    'e0.sv',
  ]);
  t.is(map.flat().filter(value => value > 0).length, entries);
  const kept = (i: number): number[] => {
    const near = Array.from({ length: 9 }, (_, j) => j + 1);
    near.sort((a, b) => Math.abs(a - i) - Math.abs(b - i) || a - b);
    return [0, ...near.slice(0, 3)];
  };
  const one = (h: number): Rows => {
    const scores = times(head(q, h, HEADS), transposed(head(k, h, HEADS)));
    const masked = scores.map((row, i) =>
      row.map((s, j) => (kept(i).includes(j) ? Math.exp(s / Math.sqrt(D)) : 0)),
    );
    return times(normed(masked), head(v, h, HEADS));
  };
  close(t, out, beside([0, 1, 2].map(one)));
});

test("the heads' auto-encoder is the same two small matrices at every value", async t => {
  const graph = ops({ attention: { kind: 'sparse', density: 1, headCodec: 2 } });
  const weights = randomWeights(graph, 3);
  const [q, coded] = await taps(graph, ['e0.q', 'e0.codecOutQ']);
  const layer = (id: string, x: readonly number[]): number[] => {
    const { weight, bias } = weights.linear(id);
    return Array.from({ length: weight.length / x.length }, (_, j) =>
      x.reduce((sum, value, i) => sum + value * weight[i * (weight.length / x.length) + j], bias?.[j] ?? 0),
    );
  };
  const theirs = q.map(row => {
    const out = [...row];
    for (let e = 0; e < D; e++) {
      const heads = [0, 1, 2].map(h => row[h * D + e]);
      layer('e0.decoderQ', layer('e0.encoderQ', heads)).forEach((value, h) => {
        out[h * D + e] = value;
      });
    }
    return out;
  });
  close(t, coded, theirs);
});

test('skipped attention: the branch before, its patches through a depthwise function and a gate of channels', async t => {
  const graph = ops({ attentionExceptions: [{ encoders: [1], attention: { kind: 'skip', kernel: 3 } }] });
  const weights = randomWeights(graph, 3);
  const [branch, out] = await taps(graph, ['e0.projection', 'e1.skipJoin']);
  const linear = (id: string, x: Rows): Rows => {
    const { weight, bias } = weights.linear(id);
    const width = x[0].length;
    return x.map(row =>
      Array.from({ length: weight.length / width }, (_, j) =>
        row.reduce((sum, value, i) => sum + value * weight[i * (weight.length / width) + j], bias?.[j] ?? 0),
      ),
    );
  };
  const erf = (x: number): number => {
    let [sum, term] = [x, x];
    for (let n = 1; n < 60; n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  };
  const gelu = (x: Rows): Rows => mapped(x, v => (v / 2) * (1 + erf(v / Math.SQRT2)));
  const wide = gelu(linear('e1.skipExpand', branch.slice(1)));
  const { weight, bias } = weights.linear('e1.skipDepthwise');
  const seen = wide.map((row, p) =>
    row.map((_, c) => {
      let sum = bias?.[c] ?? 0;
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) {
          const [y, x] = [Math.floor(p / 3) + dy, (p % 3) + dx];
          if (y < 0 || x < 0 || y > 2 || x > 2) continue;
          sum += wide[y * 3 + x][c] * weight[((dy + 1) * 3 + dx + 1) * 24 + c];
        }
      return sum;
    }),
  );
  const reduced = linear('e1.skipReduce', gelu(seen));
  const mean = reduced[0].map((_, c) => reduced.reduce((sum, row) => sum + row[c], 0) / reduced.length);
  const gate = [...weights.linear('e1.skipGate').weight];
  const share = mean.map((_, c) => {
    const sum = gate.reduce((all, w, i) => all + w * (mean[c + i - 1] ?? 0), 0);
    return 1 / (1 + Math.exp(-sum));
  });
  close(t, out, [branch[0], ...reduced.map(row => row.map((v, c) => v * share[c]))]);
});

test('the fused token is the sum of what goes, weighted by the mean attention that it got', async t => {
  const pruning = { by: 'attention', within: [0], keep: [0.5], of: 'left', fuse: true };
  const graph = ops({ pruning });
  const [map, x, out] = await taps(graph, ['e0.softmax', 'e0.residual1', 'pruning0.join']);
  const looked = map[0]
    .slice(0, 10)
    .map((_, j) => [0, 1, 2].reduce((sum, h) => sum + map[0][h * 10 + j], 0) / 3);
  const order = Array.from({ length: 9 }, (_, j) => j + 1).sort((a, b) => looked[b] - looked[a]);
  const best = order.slice(0, 5).sort((a, b) => a - b);
  const gone = order.slice(5);
  const fused = x[0].map((_, c) => gone.reduce((sum, row) => sum + looked[row] * x[row][c], 0));
  close(t, out, [x[0], ...best.map(row => x[row]), fused]);
});

test("SPViT's packages are the sum of what goes by its scores, and stay", async t => {
  const pruning = { by: 'head-predictors', before: [1, 2], keep: [0.67, 0.34] };
  const graph = ops({ pruning, heads: 2, dim: 8, encoders: 3 });
  const [x, scores, out, later] = await taps(graph, [
    'e0.residual2',
    'selector0.score',
    'selector0.join',
    'selector1.join',
  ]);
  const order = Array.from({ length: 9 }, (_, j) => j).sort((a, b) => scores[b][0] - scores[a][0]);
  const best = order.slice(0, 6).sort((a, b) => a - b);
  const gone = order.slice(6);
  const pack = x[0].map((_, c) => gone.reduce((sum, row) => sum + scores[row][0] * x[row + 1][c], 0));
  close(t, out, [x[0], ...best.map(row => x[row + 1]), pack]);
  t.is(later.length, 1 + 3 + 2);
});

test('tokens that have halted go', async t => {
  const graph = ops({ pruning: { by: 'halting', before: [1], keep: [0.5] } });
  const [x, out] = await taps(graph, ['e0.residual2', 'halting1.keep']);
  const done = x.map(row => 1 / (1 + Math.exp(-(10 * row[0] - 30))));
  const order = Array.from({ length: 9 }, (_, j) => j + 1).sort((a, b) => done[a] - done[b] || a - b);
  const left = [0, ...order.slice(0, 4).sort((a, b) => a - b)];
  close(
    t,
    out,
    left.map(row => x[row]),
  );
});

test('an encoder without attention is its MLP', async t => {
  const graph = ops({ attentionExceptions: [{ encoders: [1], attention: { kind: 'none' } }] });
  const [before, mlp, after] = await taps(graph, ['e0.residual2', 'e1.fc2', 'e1.residual2']);
  close(
    t,
    after,
    before.map((row, i) => row.map((v, j) => v + mlp[i][j])),
  );
});

const layers = (stem: readonly object[], body: readonly object[]): Graph =>
  buildGraph(
    modelSchema.parse({
      name: 'x',
      family: 'layers',
      source: 'test',
      imageSize: 8,
      inChannels: 1,
      stem,
      body,
    }),
  );

test('linear attention to another stream: weights of elu(q) + 1 and elu(k) + 1, over their sum', async t => {
  const patch = { kind: 'conv', out: 4, padding: 0 };
  const stem = [
    { kind: 'store', as: 'image' },
    { ...patch, name: 'a', kernel: 4, stride: 4 },
    { kind: 'store', as: 'coarse' },
    { kind: 'recall', stream: 'image' },
    { ...patch, name: 'b', kernel: 2, stride: 2 },
  ];
  const read = { kind: 'linear-attention', name: 'read', stream: 'coarse', heads: 2, latent: 2 };
  const graph = layers(stem, [read]);
  const [q, k, v, out] = await taps(graph, ['read.qElu', 'read.kElu', 'read.v', 'read.divide']);
  const one = (h: number): Rows =>
    times(normed(times(head(q, h, 2), transposed(head(k, h, 2)))), head(v, h, 2));
  t.deepEqual([q.length, k.length], [16, 4]);
  close(t, out, beside([0, 1].map(one)));
});

test('lifting: what is even is updated by what is odd, what is odd is what it cannot predict; lifted tokens keep their rows', async t => {
  const stem = [
    { kind: 'lifting', name: 'wave', levels: 1, patchSize: 4, kernel: 2 },
    { kind: 'conv', name: 'patch', out: 6, kernel: 2, stride: 2, padding: 0 },
  ];
  const body = [
    { kind: 'embedding' },
    { kind: 'encoders', count: 1, heads: 2 },
    { kind: 'keep', name: 'keep', share: 0.5 },
    { kind: 'lift', name: 'lift', out: 10 },
  ];
  const graph = layers(stem, body);
  const ids = ['even', 'odd', 'update.tanh', 'coarse', 'predict.tanh', 'detail'];
  const [even, odd, update, coarse, predict, detail] = await taps(
    graph,
    ids.map(id => `stem.wave.level0.across.${id}`),
  );
  const image = [...anyImage({ inChannels: 1, image: { height: 8, width: 8 } }, 2)];
  close(
    t,
    even,
    image.filter((_, i) => i % 2 === 0).map(v => [v]),
  );
  close(
    t,
    odd,
    image.filter((_, i) => i % 2 === 1).map(v => [v]),
  );
  close(
    t,
    coarse,
    even.map((row, i) => [row[0] + update[i][0]]),
  );
  close(
    t,
    detail,
    odd.map((row, i) => [row[0] - predict[i][0]]),
  );
  const [kept, patches, chosen, joined, x] = await taps(graph, [
    'keep.keep',
    'stem.wave.level0.patches',
    'keep.detail0',
    'lift.join',
    'e0.residual2',
  ]);
  const which = kept.slice(1).map(row => x.slice(1).findIndex(other => other.join() === row.join()));
  close(
    t,
    chosen,
    which.map(row => patches[row]),
  );
  t.deepEqual(
    joined.map(row => row.length),
    [10, 10, 10],
  );
  close(
    t,
    joined.map(row => row.slice(0, 6)),
    kept,
  );
});
