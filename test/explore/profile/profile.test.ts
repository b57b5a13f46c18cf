/** A network over a profile of inputs: the figures of a run of each, on one chip. */
import test from 'ava';
import { EXIT, TrexError } from '../../../src/base/errors.ts';
import { runProfile } from '../../../src/explore/profile/profile.ts';
import { profileCsv, profileText } from '../../../src/report/profile-table.ts';
import { nodeFiles } from '../../../src/run/node/files.ts';
import { loadRun, type RunRequest, run } from '../../../src/run/run.ts';

/** 16 patches, 4 encoders. */
const SMALL = [
  'model.imageSize=64',
  'model.dim=64',
  'model.heads=2',
  'model.mlpRatio=2',
  'model.encoders=4',
  'model.classes=10',
];
const PRUNED = [...SMALL, 'model.pruning.before=[1,3]', 'model.pruning.keep=[0.5,0.25]'];

const dynamic: RunRequest = { arch: 'trex-full', model: 'dynamic-deit-s', set: PRUNED };
const plain: RunRequest = { arch: 'trex-full', model: 'deit-s', set: SMALL };

const over = (request: RunRequest, text: string, arrival: string | null = null) =>
  runProfile(loadRun(request, nodeFiles), { profile: { path: 'p.csv', text, sha256: '0' }, arrival });
const result = async (request: RunRequest) => (await run(request, { files: nodeFiles })).result;

test('inputs that are alike take what a plain run takes, at every percentile, on the same chip', async t => {
  const { latency_s, energy_J, area_m2, tiles } = await result(dynamic);
  const found = await over(dynamic, 'patches.1,patches.3\n8,4\n8,4\n8,4\n');
  for (const [all, one] of [
    [found.latency_s, latency_s],
    [found.energy_J, energy_J],
  ] as const) {
    const { histogram, ...values } = all;
    t.deepEqual(values, { mean: one, p50: one, p95: one, p99: one, min: one, max: one });
    t.deepEqual(histogram, [{ from: one, to: one, count: 3 }]);
  }
  t.is(found.area_m2, area_m2);
  t.is(found.tiles, tiles);
  t.is(found.throughput_Hz, 1 / latency_s);
  t.is(found.rows.length, 1);
});

test('skipped attention is that of a network without it there', async t => {
  const skipping = ['model.attentionExceptions=[{encoders: [1, 3], attention: {kind: none}}]'];
  const { latency_s, energy_J, area_m2 } = await result({ ...plain, set: [...SMALL, ...skipping] });
  const found = await over(plain, 'skip\n1 3\n');
  t.deepEqual([found.latency_s.max, found.energy_J.max, found.area_m2], [latency_s, energy_J, area_m2]);
});

test('of two kinds of work the percentiles are those of the counts, the mean is weighted', async t => {
  const found = await over(plain, 'skip,count\n1 3,19\n,1\n');
  const [short, long] = found.rows;
  t.deepEqual([short.count, long.count], [19, 1]);
  t.true(short.latency_s < long.latency_s);
  const { mean, p50, p95, p99 } = found.latency_s;
  t.deepEqual([p50, p95, p99], [short.latency_s, short.latency_s, long.latency_s]);
  t.true(Math.abs(mean - (0.95 * short.latency_s + 0.05 * long.latency_s)) < 1e-15);
  t.deepEqual(
    found.latency_s.histogram.map(({ count }) => count),
    [19, 0, 0, 0, 0, 0, 0, 0, 0, 1],
  );
});

test('small inputs run on the chip of the largest: its area, and its leakage', async t => {
  const alone = await result({
    ...plain,
    set: [...SMALL, 'model.attentionExceptions=[{encoders: [1], attention: {kind: none}}]'],
  });
  const all = await result(plain);
  const found = await over(plain, 'skip\n1\n2\n');
  t.true(found.area_m2 > alone.area_m2);
  t.is(found.area_m2, all.area_m2);
  t.deepEqual(found.chip, { patches: {}, skip: [] });
  t.true(found.rows[0].energy_J > alone.energy_J);
});

test('where neither leakage nor routes count, a small input costs on a large chip what it costs on its own', async t => {
  const request: RunRequest = { arch: 'trex', model: 'dynamic-deit-s' };
  const { latency_s, energy_J, area_m2 } = await result(request);
  const found = await over(request, 'patches.3,patches.6,patches.9\n137,96,67\n196,196,196\n');
  t.deepEqual([found.rows[0].latency_s, found.rows[0].energy_J], [latency_s, energy_J]);
  t.true(found.area_m2 > area_m2);
});

test('no row is the largest of all: the chip holds what any of them needs', async t => {
  const found = await over(dynamic, 'patches.1,patches.3\n16,2\n8,8\n');
  t.deepEqual(found.chip.patches, { '1': 16, '3': 8 });
});

test('who scores patches has work where all go on', async t => {
  const found = await over(dynamic, 'patches.1,patches.3\n16,16\n');
  const all = await result(plain);
  t.true(found.latency_s.mean > all.latency_s);
});

test('A-ViT drops patches before any encoder', async t => {
  const set = [...SMALL, 'model.pruning.keep=[0.5]'];
  const found = await over(
    { arch: 'trex-full', model: 'avit-deit-s', set },
    'patches.1,patches.2,patches.3\n12,9,5\n',
  );
  t.deepEqual(found.rows[0].patches, { '1': 12, '2': 9, '3': 5 });
});

test('of a list of layers it is the layers that keep patches, and their shares are those of the plain run', async t => {
  const request: RunRequest = { arch: 'trex', model: 'iret-a' };
  const found = await over(
    request,
    '{"patches": {"4": 137, "8": 68}}\n{"patches": {"4": 9, "8": 1}, "count": 3}\n',
  );
  t.is(found.latency_s.max, (await result(request)).latency_s);
  t.is(found.images, 4);
});

test('arrivals: the same seed gives the same, and what the chip draws meanwhile is told', async t => {
  const rate = 0.5 / (await over(plain, 'skip\n1\n')).latency_s.mean;
  const one = await over(plain, 'skip\n1\n', `poisson=${rate}`);
  t.deepEqual(await over(plain, 'skip\n1\n', `poisson=${rate}`), one);
  t.true(Math.abs((one.arrival?.utilization ?? 0) - 0.5) < 1e-12);
  t.true((one.arrival?.idleEnergy_J ?? 0) > 0);
  t.regex(profileText(one), /at work 50\.00 % of the time/);
  t.regex(profileCsv(one), /^skip,count,latency_s,energy_J\n1,1,/);
});

const BAD: readonly [RunRequest, string, RegExp][] = [
  [
    dynamic,
    'patches.1,patches.3\n8,4\n4,8\n',
    /^p\.csv:3 {2}patches\.3: 8 patches cannot go on, 4 are left there$/,
  ],
  [
    dynamic,
    'patches.1,patches.3\n17,4\n',
    /^p\.csv:2 {2}patches\.1: 17 patches cannot go on, the image has 16$/,
  ],
  [
    dynamic,
    'patches.1,patches.9\n8,4\n',
    /^p\.csv:2 {2}patches\.9: unknown place, dynamic-deit-s has encoders 0 to 3$/,
  ],
  [dynamic, 'patches.1,patches.2\n8,4\n', /patches\.2: unknown place, dynamic-deit-s drops patches at 1, 3$/],
  [dynamic, 'patches.1\n8\n', /patches\.3 is absent: patches can go at encoders 1, 3$/],
  [plain, 'skip\n1\n1 7\n', /^p\.csv:3 {2}skip: encoder 7 of 4 encoders \(0-based\)$/],
  [plain, 'patches.1\n8\n', /unknown place, deit-s drops patches at none$/],
  [{ arch: 'trex', model: 'iret-a' }, 'skip\n1\n', /skip: iret-a is a list of layers/],
  [{ arch: 'trex', model: 'iret-a' }, 'patches.4,patches.8\n100,120\n', /^p\.csv:2 {2}120 of 100 patches/],
  [{ ...plain, reuse: 'encoders:1' }, 'skip\n2\n1\n', /^p\.csv:3 {2}encoder 1 has no attention/],
];
for (const [request, text, message] of BAD)
  test(`refused with file and line: ${message.source}`, async t => {
    const error = await t.throwsAsync(over(request, text), { instanceOf: TrexError });
    t.is(error.exitCode, EXIT.invalidFile);
    t.regex(error.message, message);
  });

test('a rate that the chip cannot keep up with is refused, and what is no rate', async t => {
  const { mean } = (await over(plain, 'skip\n1\n')).latency_s;
  for (const [rate, message] of [
    [`poisson=${1.01 / mean}`, /the queue would grow for ever/],
    ['poisson=0', /expected a rate above 0/],
    ['rate=3', /come at random: poisson=3/],
    ['burst=3', /expected back-to-back, rate=R or poisson=R/],
  ] as const)
    await t.throwsAsync(over(plain, 'skip\n1\n', rate), { instanceOf: TrexError, message });
});

test('more images than those of the profile are refused', async t => {
  await t.throwsAsync(over({ ...plain, images: 3 }, 'skip\n1\n'), { message: /no effect beside a profile/ });
});
