import test from 'ava';
import fc from 'fast-check';
import type { ArchConfig } from '../../src/arch/config.ts';
import { closedForm, closedFormApplies } from '../../src/optimize/closed-form.ts';
import type { Result } from '../../src/report/result.ts';
import { toTicks } from '../../src/sim/tick.ts';
import type { ModelConfig } from '../../src/workload/model.ts';
import { apart, chip, network, run, tinyVit } from '../helpers/chips.ts';

const TECHS = ['trex-fefet-32nm', 'trex-hybrid-32nm', 'trex-sram-32nm'];
const CHIPS = Object.fromEntries(TECHS.map(tech => [tech, chip('trex', { tech })]));

/** Whether the closed form gives the run's latency to the picosecond, and its energy and area. */
function agrees(result: Result, model: ModelConfig, arch: ArchConfig): string {
  const closed = closedForm(model, arch, result.reuse.count);
  if (toTicks(closed.latency_s) !== toTicks(result.latency_s)) {
    return `latency ${closed.latency_s} and ${result.latency_s}`;
  }
  if (apart(closed.energy_J, result.energy_J) > 1e-9)
    return `energy ${closed.energy_J} and ${result.energy_J}`;
  if (apart(closed.area_m2, result.area_m2) > 1e-9) return `area ${closed.area_m2} and ${result.area_m2}`;
  return 'agrees';
}

for (const name of ['deit-t', 'deit-s', 'deit-b', 'lv-vit-s', 'bert-base']) {
  test(`the closed form gives what the events of ${name} give`, async t => {
    const model = network(name);
    const arch = CHIPS['trex-fefet-32nm'];
    t.is(closedFormApplies(model, arch), undefined);
    t.is(agrees((await run(arch, model)).result, model, arch), 'agrees');
  });
}

test('the closed form holds for any reuse, network and technology', async t => {
  const cases = fc.record({
    tech: fc.constantFrom(...TECHS),
    encoders: fc.integer({ min: 1, max: 6 }),
    heads: fc.integer({ min: 1, max: 4 }),
    headDim: fc.constantFrom(48, 64, 96),
    side: fc.integer({ min: 2, max: 6 }),
    mlpRatio: fc.constantFrom(1, 2, 3, 4),
    reused: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
  });
  let tried = 0;
  await fc.assert(
    fc.asyncProperty(cases, async ({ tech, encoders, heads, headDim, side, mlpRatio, reused }) => {
      const model = tinyVit({ encoders, heads, dim: heads * headDim, imageSize: 16 * side, mlpRatio });
      const arch = CHIPS[tech];
      if (closedFormApplies(model, arch) !== undefined) return;
      tried++;
      const list = reused.flatMap((reuse, i) => (reuse && i + 1 < encoders ? [i + 1] : []));
      const reuse = list.length === 0 ? 'none' : `encoders:${list.join(',')}`;
      const outcome = agrees((await run(arch, model, { reuse })).result, model, arch);
      if (outcome !== 'agrees') throw new Error(outcome);
    }),
    { seed: 11, numRuns: 40 },
  );
  t.true(tried > 20);
});

for (const tech of ['trex-hybrid-32nm', 'trex-sram-32nm']) {
  test(`the closed form gives what the events of DeiT-S give on ${tech}`, async t => {
    const model = network('deit-s');
    const { result } = await run(CHIPS[tech], model, { reuse: 'count:4' });
    t.is(agrees(result, model, CHIPS[tech]), 'agrees');
  });
}

/** Table IV as printed, DeiT-S: N_reuse, E in mJ, D in ms, A in mm2, EDAP in mJ ms mm2, TOPS/W, TOPS/mm2. */
const TABLE_IV: [number, string, string, string, string, string, string][] = [
  [0, '0.13', '10.92', '775.2', '1115.23', '34.45', '0.00054'],
  [3, '0.12', '8.46', '701.1', '700.20', '35.49', '0.00077'],
  [5, '0.11', '6.82', '651.7', '484.15', '36.32', '0.00102'],
  [7, '0.1', '5.18', '602.3', '311.43', '37.31', '0.00145'],
  [9, '0.091', '3.54', '552.9', '177.60', '38.49', '0.00232'],
];

for (const [reused, energy, delay, area, edap, topsPerWatt, topsPerMm2] of TABLE_IV) {
  test(`Table IV of TReX, DeiT-S with ${reused} reuse encoders`, async t => {
    const { result } = await run(CHIPS['trex-fefet-32nm'], network('deit-s'), { reuse: `count:${reused}` });
    const decimals = energy.split('.')[1].length;
    t.deepEqual(
      [
        (result.energy_J * 1e3).toFixed(decimals),
        (result.latency_s * 1e3).toFixed(2),
        (result.area_m2 * 1e6).toFixed(1),
        (result.edap_Jsm2 * 1e12).toFixed(2),
        result.topsPerWatt.toFixed(2),
        result.topsPerMm2.toFixed(5),
      ],
      [energy, delay, area, edap, topsPerWatt, topsPerMm2],
    );
  });
}

test('six reuse encoders give EDAP 392.65 and 36.79 TOPS/W', async t => {
  const { result } = await run(CHIPS['trex-fefet-32nm'], network('deit-s'), { reuse: 'count:6' });
  t.is((result.edap_Jsm2 * 1e12).toFixed(2), '392.65');
  t.is(result.topsPerWatt.toFixed(2), '36.79');
});

test('attention takes 819.01 us of an encoder of DeiT-S, wherever the reuse encoders stand', async t => {
  const arch = CHIPS['trex-fefet-32nm'];
  const model = network('deit-s');
  const attention = closedForm(model, arch, 0).latency_s - closedForm(model, arch, 1).latency_s;
  t.is((attention * 1e6).toFixed(2), '819.01');
  const [late, early] = await Promise.all(
    ['strided:4,start=4', 'continuous:4,start=1'].map(reuse => run(arch, model, { reuse })),
  );
  for (const key of ['latency_s', 'area_m2'] as const) t.is(late.result[key], early.result[key]);
  t.true(apart(late.result.energy_J, early.result.energy_J) < 1e-12);
});

test('the closed form says why it does not describe a chip', t => {
  const model = network('deit-s');
  const why = (...set: string[]) => closedFormApplies(model, chip('trex', { set }));
  const onPaper = (name: string) => closedFormApplies(network(name), chip('trex'));
  t.is(onPaper('dynamic-deit-s'), 'its encoder 3 has 138 tokens, not 197');
  t.is(onPaper('mini-deit-s'), 'its encoders 0 and 1 share crossbars');
  t.regex(
    closedFormApplies({ ...model, gatedMlp: true } as ModelConfig, chip('trex')) ?? '',
    /its encoder 0 is not Q, K, V/,
  );
  const exception = { encoders: [3], attention: { kind: 'sigmoid' } };
  t.is(
    closedFormApplies({ ...model, attentionExceptions: [exception] } as ModelConfig, chip('trex')),
    'its attention is sigmoid',
  );
  t.regex(closedFormApplies(model, chip('trex-full')) ?? '', /counts inputBitPlanes, .*dram/);
  t.is(why('accounting.leakage=counted'), 'it counts leakage');
  t.regex(why('schedule.encoder=token-pipelined') ?? '', /schedule/);
  t.regex(why('schedule.writes=parallel') ?? '', /schedule/);
  t.regex(why('schedule.attention=two-stream') ?? '', /schedule/);
  t.regex(why('noc.kind=mesh') ?? '', /mesh/);
  t.regex(why('pe.adcBanks=2') ?? '', /in parallel/);
  t.regex(why('softmax.units=2') ?? '', /softmax/);
  t.regex(closedFormApplies(model, chip('trex', { tech: 'fefet-32nm' })) ?? '', /circuits/);
  t.regex(why('chip.tiles=500') ?? '', /tiles/);
  t.regex(closedFormApplies(tinyVit({ dim: 32, heads: 1 }), chip('trex')) ?? '', /does not fill a PE/);
});

test('a layer that does not fill a PE is found whichever layer it is', t => {
  const arch = chip('trex');
  // One head of 96: K^T of 5 tokens takes 2 x 1 crossbars of 4 slices, which fill a PE.
  t.is(closedFormApplies(tinyVit({ dim: 96, heads: 1 }), arch), undefined);
  // With inputs of 4 bits K^T and V have 2 slices.
  const narrow = chip('trex', { set: ['precision.inputs=4', 'tech.scaling=circuit-laws'] });
  t.regex(closedFormApplies(tinyVit({ dim: 96, heads: 1 }), narrow) ?? '', /has 4 crossbars/);
  // FC1 and FC2 of 128 x 64 take 2 x 4 crossbars; of 64 x 32 with d = 64 they take 4, as all other layers do.
  t.is(closedFormApplies(tinyVit({ dim: 128, heads: 2, mlpRatio: 0.5 }), arch), undefined);
});
