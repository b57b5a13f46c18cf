/** What inputs make networks do: counts equal those of plain float64 forward passes written from the papers, and a profile of them runs on a chip. */
import test from 'ava';
import { DecidingRunner, entropyOf } from '../../src/accuracy/input-work.ts';
import { accuracyProfile, measuredProfileCsv } from '../../src/accuracy/measured-profile.ts';
import { writeIdx } from '../../src/data/idx-writer.ts';
import { runProfile } from '../../src/explore/profile/profile.ts';
import { readProfile } from '../../src/explore/profile/read-profile.ts';
import { prepare } from '../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../src/numerics/execute/random-weights.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { loadModel } from '../../src/run/node/load.ts';
import { loadRun } from '../../src/run/run.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import type { ModelWeights } from '../../src/workload/import/model-weights.ts';
import { writeSafetensors } from '../../src/workload/import/safetensors-writer.ts';
import { weightTensors } from '../../src/workload/import/save-weights.ts';
import { inputSpace } from '../../src/workload/input-dependent.ts';
import { type ModelConfig, modelSchema } from '../../src/workload/model.ts';
import { noReuse } from '../../src/workload/reuse.ts';
import { memoryFiles } from '../data/memory-files.ts';
import {
  add,
  attention,
  conv,
  firstAttention,
  gelu,
  layerNorm,
  linear,
  map,
  pixels,
  planes,
  type Rows,
} from '../numerics/execute/oracle.ts';
import { anyImage, tinyVit } from '../numerics/execute/tiny.ts';

const IMAGES = [1, 2, 3, 4, 5, 6];
const EPS = 1e-6;

const rowsOf = (values: Float32Array, width: number): Rows =>
  Array.from({ length: values.length / width }, (_, i) => [...values.slice(i * width, (i + 1) * width)]);

/** Class token and patches with their positions. */
function embedded(w: ModelWeights, image: Float32Array, name = 'embedding'): Rows {
  const patches = pixels(conv(planes(image, 3, 12), w, 'stem.patch', { kernel: 4, stride: 4, padding: 0 }));
  const dim = patches[0].length;
  const tokens = [...rowsOf(w.rows(`${name}.class`), dim), ...patches];
  return add(tokens, rowsOf(w.rows(`${name}.position`), dim));
}

/** One encoder of 3 heads; gives what the class token looks at too. */
function encoder(x: Rows, w: ModelWeights, i: number, attends = true): { x: Rows; looked: number[] } {
  const fc = (name: string, y: Rows): Rows => linear(y, w, `e${i}.${name}`);
  const ln = (name: string, y: Rows): Rows => layerNorm(y, w.norm(`e${i}.${name}`), EPS);
  const y = attends ? ln('norm1', x) : [];
  const middle = attends ? add(x, fc('projection', attention(fc('q', y), fc('k', y), fc('v', y), 3))) : x;
  const looked = attends ? firstAttention(fc('q', y), fc('k', y), 3) : [];
  return { x: add(middle, fc('fc2', map(fc('fc1', ln('norm2', middle)), gelu))), looked };
}

/** The rows that stay: the class token, and patches by their number; the best one where none would. */
function left(x: Rows, goesOn: (patch: number) => boolean, score: (patch: number) => number): Rows {
  const patches = x.slice(1).map((_, i) => i);
  const best = patches.reduce((a, b) => (score(b) > score(a) ? b : a));
  const some = patches.filter(goesOn);
  return [x[0], ...(some.length > 0 ? some : [best]).map(i => x[i + 1])];
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** DynamicViT's predictor (arXiv 2106.02034): the share of keeping each patch. */
function kept(x: Rows, w: ModelWeights, stage: number): number[] {
  const fc = (n: number, y: Rows): Rows => linear(y, w, `predictor${stage}.fc${n}`);
  const local = map(fc(0, layerNorm(x.slice(1), w.norm(`predictor${stage}.norm`), EPS)), gelu);
  const half = local[0].length / 2;
  const all = local[0].map((_, j) => mean(local.map(row => row[j])));
  const both = local.map(row => [...row.slice(0, half), ...all.slice(half)]);
  return fc(3, map(fc(2, map(fc(1, both), gelu)), gelu)).map(
    ([keep, drop]) => Math.exp(keep) / (Math.exp(keep) + Math.exp(drop)),
  );
}

type Decides = (w: ModelWeights, image: Float32Array) => { counts: number[]; values: number[][] };

/** Patches that go on at each place, and what was compared there. */
const METHODS: Record<string, { model: ModelConfig; threshold?: number; plain: (t: number) => Decides }> = {
  DynamicViT: {
    model: tinyVit({ encoders: 4, pruning: { before: [1, 3], keep: [0.5, 0.3] } }),
    plain: threshold => (w, image) => {
      let x = embedded(w, image);
      const [counts, values]: [number[], number[][]] = [[], []];
      for (let i = 0; i < 4; i++) {
        if (i === 1 || i === 3) {
          const shares = kept(x, w, counts.length);
          values.push(shares);
          x = left(
            x,
            p => shares[p] >= threshold,
            p => shares[p],
          );
          counts.push(x.length - 1);
        }
        ({ x } = encoder(x, w, i));
      }
      return { counts, values };
    },
  },
  'A-ViT': {
    model: tinyVit({ encoders: 4, pruning: { by: 'halting', before: [1], keep: [0.5] } }),
    threshold: 1e-10,
    plain: threshold => (w, image) => {
      let { x } = encoder(embedded(w, image), w, 0);
      let sums = x.map(() => 0);
      const [counts, values]: [number[], number[][]] = [[], []];
      for (let i = 1; i < 4; i++) {
        sums = sums.map((s, row) => s + 1 / (1 + Math.exp(-(10 * x[row][0] - 30))));
        values.push(sums.slice(1));
        const rows = left(
          x.map((_, row) => [row]),
          p => sums[p + 1] < threshold,
          p => -sums[p + 1],
        ).flat();
        [x, sums] = [rows.map(row => x[row]), rows.map(row => sums[row])];
        counts.push(x.length - 1);
        ({ x } = encoder(x, w, i));
      }
      return { counts, values };
    },
  },
  IRET: {
    model: modelSchema.parse({
      family: 'layers',
      name: 'tiny',
      source: 'none',
      imageSize: 12,
      inChannels: 3,
      classes: 5,
      stem: [{ kind: 'conv', name: 'patch', out: 12, kernel: 4, stride: 4, padding: 0 }],
      body: [
        { kind: 'embedding' },
        { kind: 'encoders', count: 2, heads: 3, mlpRatio: 2 },
        { kind: 'keep', share: 1 },
        { kind: 'encoders', count: 1, heads: 3, mlpRatio: 2 },
        { kind: 'keep', share: 0.5 },
        { kind: 'encoders', count: 1, heads: 3, mlpRatio: 2 },
      ],
      head: [{ kind: 'token' }, { kind: 'linear', out: 'classes' }],
    }),
    threshold: 1,
    plain: threshold => (w, image) => {
      let x = embedded(w, image, 'embedding0');
      let looked: number[] = [];
      const [counts, values]: [number[], number[][]] = [[], []];
      for (let i = 0; i < 4; i++) {
        if (i >= 2) {
          const over = looked.map(share => share * looked.length).slice(1);
          values.push(over);
          x = left(
            x,
            p => over[p] >= threshold,
            p => over[p],
          );
          counts.push(x.length - 1);
        }
        ({ x, looked } = encoder(x, w, i));
      }
      return { counts, values };
    },
  },
};

for (const [name, { model, threshold: given, plain }] of Object.entries(METHODS))
  test(`${name}: as many patches go on as in a plain forward pass, image by image`, async t => {
    const weights = randomWeights(buildGraph(model), 3);
    const space = inputSpace(model);
    const first = IMAGES.flatMap(seed => plain(0)(weights, anyImage(model as never, seed)).values[0]);
    const middle = first.sort((a, b) => a - b).slice(first.length / 2 - 1, first.length / 2 + 1);
    const threshold = given ?? mean(middle);
    const runner = new DecidingRunner({ space, reuse: noReuse, weights }, { by: 'threshold', threshold });
    const all: number[][] = [];
    for (const seed of IMAGES) {
      const image = anyImage(model as never, seed);
      const { counts, values } = plain(threshold)(weights, image);
      // No value stands so near to the threshold that float32 could decide otherwise.
      t.true(values.flat().every(value => Math.abs(value - threshold) > 1e-5 * threshold));
      const { passes } = await runner.run({ image });
      t.deepEqual(passes, [{ patches: counts, skip: [] }]);
      all.push(counts);
    }
    t.true(new Set(all.map(counts => counts.join())).size > 2, JSON.stringify(all));
    runner.dispose();
  });

test('PIVOT: the next effort runs where the classes of the one before are uncertain', async t => {
  const model = tinyVit({ encoders: 4 });
  const weights = randomWeights(buildGraph(model), 3);
  const efforts = [[1, 2, 3], [2], []];
  const plain = (image: Float32Array, skip: readonly number[]): number => {
    let x = embedded(weights, image);
    for (let i = 0; i < 4; i++) ({ x } = encoder(x, weights, i, !skip.includes(i)));
    const [logits] = linear([layerNorm(x, weights.norm('norm'), EPS)[0]], weights, 'head');
    const total = mean(logits.map(Math.exp)) * logits.length;
    return -logits.map(l => (Math.exp(l) / total) * (l - Math.log(total))).reduce((a, b) => a + b, 0);
  };
  const of = (i: number) => IMAGES.map(seed => plain(anyImage(model, seed), efforts[i]));
  const [first, second] = [of(0), of(1)];
  const entropy = first.toSorted((a, b) => a - b)[3] * (1 - 1e-3);
  const runner = new DecidingRunner(
    { space: inputSpace(model), reuse: noReuse, weights },
    { by: 'entropy', entropy, efforts },
  );
  for (const [i, seed] of IMAGES.entries()) {
    const { passes } = await runner.run({ image: anyImage(model, seed) });
    const want = first[i] <= entropy ? 1 : second[i] <= entropy ? 2 : 3;
    t.deepEqual(
      passes.map(({ skip }) => skip),
      efforts.slice(0, want),
    );
  }
  t.true(Math.abs(entropyOf(Float32Array.of(0, 0, 0, 0)) - Math.log(4)) < 1e-12);
});

test('rows that went to each expert are counted, in the run that answers', async t => {
  const fields = { name: 'tiny', family: 'layers', source: 'test', imageSize: 8, classes: 3 };
  const model = modelSchema.parse({
    ...fields,
    stem: [{ kind: 'conv', out: 8, kernel: 2, stride: 2, padding: 0 }],
    body: [{ kind: 'experts', name: 'moe', experts: [[{ kind: 'linear', out: 6 }]], copies: 3, top: 2 }],
    head: [{ kind: 'mean' }, { kind: 'linear', out: 'classes' }],
  });
  const graph = buildGraph(model);
  const weights = randomWeights(graph, 3);
  const image = anyImage(model as never, 1);
  const runner = new DecidingRunner({ space: inputSpace(model), reuse: noReuse, weights }, { by: 'router' });
  const { experts, passes } = await runner.run({ image });
  t.deepEqual(passes, [{ patches: [], skip: [] }]);
  const router = graph.ops.find(({ id }) => id.endsWith('.router'))!.id;
  const { taps } = await prepare(graph, weights).run({ image }, { taps: [router] });
  const counts = [0, 0, 0];
  for (let row = 0; row < 16; row++) {
    const scores = [...taps.get(router)!.data.subarray(3 * row, 3 * row + 3)];
    for (const [e, score] of scores.entries()) if (score > Math.min(...scores)) counts[e]++;
  }
  t.deepEqual([...experts.values()], [counts]);
});

test('a measured profile is one that a run reads: the same counts, on a chip', async t => {
  const { model } = loadModel('scene-iret');
  const graph = buildGraph(model);
  const [count, side] = [8, 20];
  const pixel = Uint8Array.from({ length: count * side * side }, (_, i) => (i * (i % 13) * 7) % 251);
  const disk = memoryFiles({
    'w.safetensors': writeSafetensors(weightTensors(graph, randomWeights(graph, 3))),
    'images/t10k-images-idx3-ubyte': writeIdx(pixel, [count, side, side]),
    'images/t10k-labels-idx1-ubyte': writeIdx(
      Uint8Array.from({ length: count }, (_, i) => i % 6),
      [count],
    ),
  });
  const asked = { model: 'w.safetensors', modelName: 'scene-iret', data: 'images' };
  const measured = await accuracyProfile({ ...asked, threshold: 1 }, { files: nodeFiles, disk });
  t.is(measured.rows.length, count);
  const text = measuredProfileCsv(measured);
  const profile = { path: 'p.csv', text, sha256: '' };
  const input = loadRun({ arch: 'trex', model: 'scene-iret' }, nodeFiles);
  const { images, rows, latency_s } = await runProfile(input, { profile, arrival: 'poisson=1' });
  t.is(images, count);
  const counts = measured.rows.map(({ patches }) => patches['3']);
  t.deepEqual(
    rows.map(({ patches, count: times }) => [patches['3'], times]).sort(),
    [...new Set(counts)].map(one => [one, counts.filter(other => other === one).length]).sort(),
  );
  t.true(latency_s.min < latency_s.max);
  const failing = async (more: object, message: RegExp): Promise<void> => {
    await t.throwsAsync(accuracyProfile({ ...asked, ...more }, { files: nodeFiles, disk }), { message });
  };
  await failing({}, /--profile needs --threshold/);
  await failing({ threshold: -1 }, /threshold -1: expected the class token's attention .* at least 0/);
  await failing({ entropy: 1 }, /--entropy has no effect without --efforts/);
  await failing({ efforts: '1/none', entropy: 1 }, /efforts: scene-iret is a list of layers/);
  await failing({ efforts: '1;2/none', entropy: 1 }, /--efforts: expected encoders with blanks/);
  const plain = inputSpace(loadModel('deit-t').model);
  const evit = inputSpace(loadModel('evit-deit-s').model);
  for (const space of [plain, evit])
    t.throws(
      () =>
        new DecidingRunner(
          { space, reuse: noReuse, weights: {} as never },
          { by: 'threshold', threshold: 1 },
        ),
      { message: /a threshold has no effect on .*: patches go by one in networks of DynamicViT/ },
    );
});

test('an input that runs twice takes what both runs take', async t => {
  const input = loadRun({ arch: 'trex', model: 'scene-vit' }, nodeFiles);
  const over = (text: string) =>
    runProfile(input, { profile: { path: 'p.csv', text, sha256: '' }, arrival: null });
  const { rows } = await over('skip,count\n1 3,1\n,1\n1 3/,2\n');
  const [cheap, whole, both] = rows;
  t.deepEqual(both.again, [[]]);
  t.is(both.latency_s, cheap.latency_s + whole.latency_s);
  t.is(both.energy_J, cheap.energy_J + whole.energy_J);
  t.deepEqual(readProfile('p', '{"skip": [[3, 1], []]}\n').rows[0].passes, [[1, 3], []]);
});
