import test from 'ava';
import { costModel } from '../../src/optimize/cost-model.ts';
import { planReuse } from '../../src/optimize/plan.ts';
import { publishedAccuracy } from '../../src/optimize/published.ts';
import { parseTarget, type TargetOptions } from '../../src/optimize/target.ts';
import { loadArch, loadModel } from '../../src/run/node/load.ts';
import { reuseSpace } from '../../src/workload/reuse-space.ts';
import { failed } from '../data/memory-files.ts';
import { chip, network, tinyVit } from '../helpers/chips.ts';

const DEIT = costModel({ arch: chip('trex'), model: network('deit-s') });
const plan = (options: TargetOptions, onStep?: (done: number, total: number) => void) =>
  planReuse(DEIT, 12, parseTarget(options), onStep);

for (const [delay, count] of [
  ['11ms', 0],
  ['9ms', 3],
  ['7ms', 5],
  ['6.5ms', 6],
  ['6ms', 7],
  ['4ms', 9],
] as const) {
  test(`DeiT-S needs ${count} reuse encoders for ${delay}, as Table IV of TReX has it`, async t => {
    t.is(DEIT.method, 'closed form');
    t.is((await plan({ targetDelay: delay })).count, count);
  });
}

test('6 ms need a seventh encoder because six give 6.0019 ms', async t => {
  const { tried } = await plan({ targetDelay: '6ms' });
  t.deepEqual(
    tried.map(p => p.count),
    [0, 1, 2, 3, 4, 5, 6, 7],
  );
  t.is((tried[6].value * 1e3).toFixed(4), '6.0019');
  t.is((await plan({ targetDelay: '6.002ms' })).count, 6);
});

test('targets may be energy, area or EDAP', async t => {
  t.is((await plan({ targetEnergy: '0.11mJ' })).count, 5);
  t.is((await plan({ targetArea: '651.7mm2' })).count, 5);
  t.is((await plan({ targetEdap: '400' })).count, 6);
});

test('a target out of reach names the best that can be reached', async t => {
  const { message, exitCode } = await failed(plan({ targetDelay: '1ms' }));
  t.is(
    message,
    'the target 1.0000 ms cannot be reached: the best is 1.9069 ms, with 11 of 12 encoders reusing attention',
  );
  t.is(exitCode, 1);
});

test('the candidates are the uniform patterns of that number, best first', async t => {
  const { candidates } = await plan({ targetDelay: '7ms' });
  t.is(candidates[0].plan.pattern, 'strided:5,sl=2,start=3');
  t.deepEqual([...new Set(candidates.map(c => c.kind))], ['strided', 'pyramid', 'continuous']);
  t.true(candidates.every(c => c.meets && c.plan.encoders.length === 5 && c.plan.encoders[0] > 0));
  t.is(new Set(candidates.map(c => c.plan.encoders.join())).size, candidates.length);
});

test('a target that is met as it is needs no reuse', async t => {
  const { count, candidates } = await plan({ targetDelay: '20ms' });
  t.deepEqual([count, candidates.map(c => c.plan.pattern)], [0, ['none']]);
});

test('where the closed form is not exact, events give the figures, once per plan', async t => {
  const cost = costModel({ arch: chip('trex'), model: tinyVit({ encoders: 4, dim: 32, heads: 1 }) });
  t.is(cost.method, 'events');
  t.regex(cost.reason ?? '', /does not fill a PE/);
  const { latency_s } = await cost.figures({ encoders: [], pattern: 'none' });
  const { latency_s: least } = await cost.figures({ encoders: [1, 2, 3], pattern: 'continuous:3,start=1' });
  t.true(least < latency_s);
  const limit = `${((latency_s + least) / 2) * 1e6} us`;
  const steps: number[] = [];
  const { count, candidates } = await planReuse(cost, 4, parseTarget({ targetDelay: limit }), d =>
    steps.push(d),
  );
  t.is(count, 2);
  t.true(candidates.every(c => c.meets));
  t.deepEqual(
    steps,
    [...steps].sort((a, b) => a - b),
  );
});

test('of a network whose tokens go, encoders that can reuse are counted, and the dearest of them are tried too', async t => {
  const model = network('dynamic-deit-s');
  const cost = costModel({ arch: chip('trex'), model });
  t.deepEqual([cost.method, cost.reason], ['events', 'its encoder 3 has 138 tokens, not 197']);
  const reached = async (targetDelay: string) => {
    const { count, candidates } = await planReuse(cost, reuseSpace(model), parseTarget({ targetDelay }));
    return {
      count,
      first: candidates.find(c => c.meets)?.plan.pattern,
      met: candidates.filter(c => c.meets).length,
    };
  };
  // With 68 tokens an encoder saves 0.18 ms, with 197 it saves 0.82 ms: one of the first two is enough for 5.4 ms.
  t.deepEqual(await reached('5.4ms'), { count: 1, first: 'strided:1,start=2', met: 2 });
  t.deepEqual(await reached('2.7ms'), { count: 8, first: 'encoders:1,2,4,5,7,8,10,11', met: 1 });
  const error = await failed(planReuse(cost, reuseSpace(model), parseTarget({ targetDelay: '2.6ms' })));
  t.regex(error.message, /the best is 2.68\d+ ms, with 8 of 12 encoders reusing attention \(8 can\)/);
});

test('where encoders share crossbars, area falls only with those that reuse together', async t => {
  const model = network('mini-deit-s');
  const cost = costModel({ arch: chip('trex'), model });
  t.is(cost.reason, 'its encoders 0 and 1 share crossbars');
  const { tried, candidates } = await planReuse(cost, 12, parseTarget({ targetArea: '370mm2' }));
  t.deepEqual(
    tried.map(({ value }) => (value * 1e6).toFixed(1)),
    ['387.6', '387.6', '362.9'],
  );
  t.deepEqual(
    candidates.filter(c => c.meets).map(c => c.plan.encoders.join()),
    ['10,11', '8,9', '6,7', '4,5', '2,3'],
  );
});

test('published accuracies belong to the networks, cells and bits that they were measured with, whatever the names', t => {
  const on = (
    model: string,
    reuse: number,
    { tech, set = [] as string[] }: { tech?: string; set?: string[] } = {},
  ) =>
    publishedAccuracy(
      { model: loadModel(model, { set }).model, arch: loadArch('trex', { tech, set }).arch },
      reuse,
    );
  const printed = {
    ideal: 0.784,
    nonIdeal: 0.781,
    source: 'published: arXiv 2408.12742, Table IV, TReX-D-7',
  };
  t.deepEqual(on('deit-s', 5), printed);
  t.deepEqual(on('deit-s', 5, { set: ['model.name=other', 'name=mine', 'pe.adcBanks=2'] }), printed);
  t.is(on('deit-s', 6), null);
  t.is(on('deit-b', 5), null);
  t.is(on('deit-s', 3, { set: ['model.encoders=6'] }), null);
  t.is(on('deit-s', 5, { set: ['model.dim=192'] }), null);
  t.is(on('deit-b', 5, { set: ['model.name=deit-s'] }), null);
  for (const tech of ['trex-hybrid-32nm', 'trex-sram-32nm', 'fefet-32nm'])
    t.is(on('deit-s', 5, { tech }), null, tech);
  t.is(on('deit-s', 5, { set: ['tech.noise.readVariation.sigma="5 %"'] }), null);
  t.is(on('deit-s', 5, { set: ['precision.weights=4'] }), null);
  t.is(on('lv-vit-s', 5), null);
  const tableV = [0, 4, 6, 7, 9, 11].map(reuse => {
    const { ideal, nonIdeal, source } = on('lv-vit-s', reuse)!;
    return [ideal, nonIdeal, source.split(', ').at(-1)];
  });
  t.deepEqual(tableV, [
    [0.833, 0.829, 'LV-ViT-S'],
    [0.829, 0.823, 'TReX-L-12'],
    [0.826, 0.821, 'TReX-L-10'],
    [0.817, 0.814, 'TReX-L-9'],
    [0.8, 0.796, 'TReX-L-8'],
    [0.781, 0.779, 'TReX-L-6'],
  ]);
});
