/** Networks on crossbars: exact when nothing disturbs them, reproducible when something does, noisy only where they should be. */
import test from 'ava';
import fc from 'fast-check';
import { calibrate } from '../../../src/numerics/execute/calibrate.ts';
import type { AnalogOptions, CrossbarDevice } from '../../../src/numerics/execute/crossbar-device.ts';
import type { ModelInput } from '../../../src/numerics/execute/input.ts';
import { type NetworkOptions, prepare } from '../../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../../src/numerics/execute/random-weights.ts';
import type { MvmBackend } from '../../../src/numerics/mvm/backend.ts';
import { wasmBackend } from '../../../src/numerics/mvm/node/wasm-backend.ts';
import { referenceBackend } from '../../../src/numerics/mvm/reference.ts';
import { minMax } from '../../../src/numerics/quantize/min-max.ts';
import type { Quantisation } from '../../../src/numerics/quantize/quantisation.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import type { ModelConfig } from '../../../src/workload/model.ts';
import { reusePlan } from '../../../src/workload/reuse.ts';
import { anyIds, anyImage, tinyBert, tinyLvVit, tinyVit } from './tiny.ts';

const small = { dim: 8, heads: 2, mlpRatio: 1 };

const ideal: CrossbarDevice = {
  arrayRows: 16,
  cellBits: 2,
  encoding: 'offset',
  adc: { bits: 6, levelsPerLsb: 'lossless' },
  noise: {},
};
const read = { kind: 'multiplicative', sigma: 0.1, when: 'read' } as const;
const write = { kind: 'multiplicative', sigma: 0.2 } as const;

/** The reference without its short way to an ideal product: every code is converted. */
function everyCode(): MvmBackend {
  const { product: _, ...backend } = referenceBackend();
  return backend;
}

const inputOf = (model: ModelConfig, seed: number): ModelInput =>
  'imageSize' in model
    ? { image: anyImage(model, seed) }
    : { words: anyIds(model.tokens, model.vocabulary, seed) };

async function setting(
  model: ModelConfig,
  reuse: number[] = [],
  widths: Omit<Quantisation, 'calibration'> = {},
) {
  const graph = buildGraph(model, { reuse: reusePlan(reuse, model.encoders) });
  const weights = randomWeights(graph, 7);
  const input = inputOf(model, 1);
  const calibration = await calibrate(prepare(graph, weights), [input], minMax, widths);
  const quantisation = { ...widths, calibration };
  const network = (options: NetworkOptions) => prepare(graph, weights, { quantisation, ...options });
  const analog = (device: CrossbarDevice, more: Partial<AnalogOptions> = {}) =>
    network({
      compute: 'analog',
      analog: { backend: everyCode(), seed: 'chip', static: device, ...more },
    });
  return { graph, input, network, analog, ids: graph.ops.map(op => op.id) };
}

test('with a lossless ADC and no noise, crossbars give the integers bit for bit', async t => {
  const models = [
    tinyVit(small),
    tinyVit({ ...small, distilled: true }),
    tinyLvVit(small),
    tinyBert(small),
    // DINOv2's and SigLIP's parts; an oblong image; heads of texts.
    tinyVit({ ...small, registers: 2, positions: 'patches', gatedMlp: true, pool: 'class-mean' }),
    tinyVit({ ...small, classToken: false, pool: 'attention', activation: 'quick-gelu' }),
    tinyVit({ ...small, imageWidth: 8, pool: 'mean', finalNorm: 'pooled', norm: 'res-post', preNorm: true }),
    tinyBert({ ...small, types: 0, padding: 1, pooler: 'none', head: 'words' }),
    tinyBert({ ...small, pooler: 'none', head: 'tokens', classes: 3 }),
  ];
  for (const model of models) {
    const { analog, network, input, ids } = await setting(model, [1]);
    const want = await network({ compute: 'int8' }).run(input, { taps: ids });
    t.deepEqual(await analog(ideal).run(input, { taps: ids }), want, model.family);
    t.deepEqual(await analog(ideal, { backend: referenceBackend() }).run(input, { taps: ids }), want);
  }
});

test('so does every cell width, encoding, array height and operand width', async t => {
  const device = fc
    .record({
      arrayRows: fc.integer({ min: 1, max: 40 }),
      cellBits: fc.constantFrom(1, 2, 4),
      encoding: fc.constantFrom('offset' as const, 'differential' as const),
      perChannel: fc.boolean(),
      weightBits: fc.integer({ min: 2, max: 8 }),
      inputBits: fc.integer({ min: 2, max: 8 }),
    })
    .map(({ perChannel, weightBits, inputBits, ...cells }) => ({
      widths: { perChannel, weightBits, inputBits },
      device: { ...cells, adc: { bits: 10, levelsPerLsb: 'lossless' as const }, noise: {} },
    }));
  const same = async (one: { widths: object; device: CrossbarDevice }): Promise<boolean> => {
    const { analog, network, input } = await setting(tinyVit({ ...small, encoders: 1 }), [], one.widths);
    const [got, want] = [await analog(one.device).run(input), await network({ compute: 'int8' }).run(input)];
    return got.logits.data.every((v, i) => v === want.logits.data[i]);
  };
  await fc.assert(fc.asyncProperty(device, same), { numRuns: 15 });
  t.true(await same({ widths: {}, device: { ...ideal, encoding: 'differential' } }));
});

test('an ADC with too few bits shows, and more bits show less', async t => {
  const { analog, input } = await setting(tinyVit(small));
  const worst = async (bits: number): Promise<number> => {
    const device = { ...ideal, adc: { bits, levelsPerLsb: 'full-scale' as const } };
    const { snr } = await analog(device).run(input, { snrAgainst: 'int8' });
    return Math.min(...snr.map(s => s.snr_dB));
  };
  const [four, five, six] = [await worst(4), await worst(5), await worst(6)];
  t.true(four < five && five < six, `${four} ${five} ${six} dB`);
  t.is(six, Number.POSITIVE_INFINITY);
});

test('the same seed gives the same bytes; another seed, chip or image does not', async t => {
  const { analog, input } = await setting(tinyVit(small));
  const noisy = { ...ideal, noise: { read, write } };
  const logits = async (more: Partial<AnalogOptions> = {}, image = 0) =>
    (await analog(noisy, more).run(input, { image })).logits;
  const first = await logits();
  t.deepEqual(await logits(), first);
  t.notDeepEqual(await logits({ seed: 'other' }), first);
  t.notDeepEqual(await logits({ draw: 1 }), first);
  t.notDeepEqual(await logits({}, 1), first);
});

test('the noise of an image does not depend on what ran before it', async t => {
  const { analog, input } = await setting(tinyVit(small));
  const network = analog({ ...ideal, noise: { read, write } });
  for (const image of [0, 1, 2]) await network.run(input, { image });
  const again = await network.run(input, { image: 1 });
  const fresh = await analog({ ...ideal, noise: { read, write } }).run(input, { image: 1 });
  t.deepEqual(again, fresh);
});

test('known weights are programmed once per chip, K^T and V for each image', async t => {
  const { analog, input } = await setting(tinyVit({ ...small, encoders: 1 }));
  const network = analog({ ...ideal, noise: { write } });
  const taps = ['e0.q', 'e0.k', 'e0.qk', 'e0.sv'];
  const [a, b] = [await network.run(input, { taps, image: 0 }), await network.run(input, { taps, image: 1 })];
  t.deepEqual(a.taps.get('e0.q'), b.taps.get('e0.q'));
  t.deepEqual(a.taps.get('e0.k'), b.taps.get('e0.k'));
  t.notDeepEqual(a.taps.get('e0.qk'), b.taps.get('e0.qk'));
  t.notDeepEqual(a.taps.get('e0.sv'), b.taps.get('e0.sv'));
});

test('heads of one layer do not share their noise', async t => {
  // Two heads with equal operands: their scores differ by noise alone.
  const { graph, analog, input } = await setting(tinyVit({ ...small, encoders: 1 }));
  const qk = graph.ops.find(op => op.id === 'e0.qk');
  const { taps } = await analog({ ...ideal, noise: { write } }).run(input, { taps: ['e0.qk'] });
  t.is(qk?.kind === 'dynamic' ? qk.batch : 0, 2);
  const scores = taps.get('e0.qk');
  t.notDeepEqual(scores?.data.slice(0, 10), scores?.data.slice(10, 20));
});

test('a hybrid chip has its noise where its noisy device is', async t => {
  const { analog, network, input } = await setting(tinyVit({ ...small, encoders: 1 }));
  const noisy = { ...ideal, noise: { read } };
  const taps = ['e0.q', 'e0.k', 'e0.v', 'e0.qk', 'e0.projection'];
  const exact = await network({ compute: 'int8' }).run(input, { taps });
  const dynamicOnly = await analog(ideal, { dynamic: noisy }).run(input, { taps });
  for (const id of taps.slice(0, 3)) t.deepEqual(dynamicOnly.taps.get(id), exact.taps.get(id));
  t.notDeepEqual(dynamicOnly.taps.get('e0.qk'), exact.taps.get('e0.qk'));

  const { snr } = await analog(noisy, { dynamic: ideal }).run(input, { snrAgainst: 'int8' });
  for (const { op, snr_dB } of snr) t.is(snr_dB === Number.POSITIVE_INFINITY, /\.(qk|sv)$/.test(op), op);
});

test('a device may be set for one layer, or for a stage', async t => {
  const { analog, input } = await setting(tinyVit(small));
  const noisy = { ...ideal, noise: { read } };
  const layers = { mlp: noisy, 'e1.fc1': ideal };
  const { snr } = await analog(ideal, { layers }).run(input, { snrAgainst: 'int8' });
  const disturbed = snr.filter(s => s.snr_dB !== Number.POSITIVE_INFINITY).map(s => s.op);
  t.deepEqual(disturbed, ['e0.fc1', 'e0.fc2', 'e1.fc2']);
  t.throws(() => analog(ideal, { layers: { mpl: noisy } }), {
    message: /unknown layer 'mpl': did you mean mlp/,
  });
});

test('crossbars can be switched on for one layer of one run', async t => {
  const { analog, network, input, ids } = await setting(tinyVit(small));
  const noisy = analog({ ...ideal, noise: { read } });
  const exact = await network({ compute: 'int8' }).run(input, { taps: ids });
  const only = await noisy.run(input, { taps: ids, crossbars: ['e1.q'] });
  const at = ids.indexOf('e1.q');
  for (const id of ids.slice(0, at)) t.deepEqual(only.taps.get(id), exact.taps.get(id), id);
  t.notDeepEqual(only.taps.get('e1.q'), exact.taps.get('e1.q'));
  t.deepEqual(only.taps.get('e1.k'), exact.taps.get('e1.k'));
  const { snr } = await noisy.run(input, { crossbars: ['e1.q'], snrAgainst: 'float32' });
  // Eight matmuls in each of two encoders, patch projection and head: all are compared with float32.
  t.is(snr.length, 18);
});

test('more noise, less SNR', async t => {
  const { analog, input } = await setting(tinyVit(small));
  const snr = async (sigma: number): Promise<number> => {
    const result = await analog({ ...ideal, noise: { read: { ...read, sigma } } }).run(input, {
      snrAgainst: 'int8',
    });
    return result.snr.reduce((sum, s) => sum + s.snr_dB, 0) / result.snr.length;
  };
  const [little, much] = [await snr(0.02), await snr(0.2)];
  t.true(little > much + 10, `${little} dB, ${much} dB`);
});

test('the fast back end gives the bytes of the reference', async t => {
  const { analog, input } = await setting(tinyVit({ ...small, distilled: true }), [1]);
  const noisy = { ...ideal, adc: { bits: 5, levelsPerLsb: 'full-scale' as const }, noise: { read, write } };
  const backend = await wasmBackend();
  t.deepEqual(await analog(noisy, { backend }).run(input), await analog(noisy).run(input));
  await backend.dispose();
});

test('networks that share a back end whose threads program ahead give the bytes of the reference', async t => {
  const { analog, input } = await setting(tinyVit(small));
  const noisy = { ...ideal, adc: { bits: 5, levelsPerLsb: 'full-scale' as const }, noise: { read, write } };
  const want = await analog(noisy).run(input);
  for (const threads of [2, 3]) {
    const backend = await wasmBackend({ threads });
    const networks = [0, 10_000, undefined].map(memory_B =>
      analog(noisy, { backend, ...(memory_B !== undefined && { memory_B }) }),
    );
    await Promise.all(
      networks.map(async network => {
        t.deepEqual(await network.run(input), want);
        t.deepEqual(await network.run(input), want);
      }),
    );
    // One that is dropped before it ran has loads under way.
    analog(noisy, { backend }).dispose();
    for (const network of networks) network.dispose();
    await backend.dispose();
  }
});

test('a small memory budget changes no bit', async t => {
  const { analog, input } = await setting(tinyVit(small));
  const noisy = { ...ideal, noise: { read, write } };
  const want = await analog(noisy).run(input);
  for (const memory_B of [0, 10_000]) {
    const network = analog(noisy, { memory_B });
    t.deepEqual(await network.run(input), want);
    t.deepEqual(await network.run(input), want);
  }
});

test('what a network loaded is freed by dispose, and K^T and V right after use', async t => {
  const { analog, input } = await setting(tinyVit({ ...small, encoders: 1 }));
  let held = 0;
  let most = 0;
  const backend = everyCode();
  const counting: MvmBackend = {
    ...backend,
    async load(matrix) {
      most = Math.max(most, ++held);
      const handle = await backend.load(matrix);
      return { ...handle, dispose: () => void held-- };
    },
  };
  const network = analog(ideal, { backend: counting });
  await network.run(input);
  // stem.patch, q, k, v, projection, fc1, fc2 and head stay; the two heads of K^T or of V come on top.
  t.is(held, 8);
  t.is(most, 8);
  await network.run(input);
  t.is(most, 10);
  network.dispose();
  t.is(held, 0);
});

test('crossbars that cannot be are refused before anything runs', async t => {
  const { analog, network } = await setting(tinyVit(small));
  const narrow = { ...ideal, adc: { bits: 4, levelsPerLsb: 'lossless' as const } };
  t.throws(() => analog(narrow), { message: /lossless ADC needs 6 bits/ });
  t.throws(() => network({ compute: 'analog' }), { message: /analog needs crossbars/ });
});
