import test from 'ava';
import { streamKey } from '../../../src/base/random.ts';
import { cellKeys, cellProgram, programArray } from '../../../src/numerics/noise/cell-program.ts';
import { type NoiseModel, noiseEffects } from '../../../src/tech/noise-model.ts';

const MAX_LEVEL = 3;
/** Units of one level. */
const STEP = 8192;
const CELLS = 100_000;

const programOf = (model: NoiseModel) => cellProgram(noiseEffects(model, MAX_LEVEL), MAX_LEVEL, STEP);

/** Mean and standard deviation, in levels, of many cells programmed to one level. */
function moments(
  model: NoiseModel,
  level: number,
  seed = 1,
): { mean: number; sigma: number; values: Float64Array } {
  const program = programOf(model);
  const keys = cellKeys(program, streamKey(seed, 'cells'));
  const units = programArray(program, new Int16Array(CELLS).fill(level), keys);
  const values = Float64Array.from(units, g => g / STEP);
  const mean = values.reduce((sum, v) => sum + v, 0) / CELLS;
  const sigma = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / CELLS);
  return { mean, sigma, values };
}

const near = (a: number, b: number, relative = 0.015): boolean =>
  Math.abs(a - b) <= relative * Math.max(Math.abs(b), 0.01);

test('without a model a cell holds its level', t => {
  for (const level of [0, 1, 2, 3])
    t.deepEqual(moments({}, level), { ...moments({}, level), mean: level, sigma: 0 });
});

test('a finite on/off ratio lifts every level by G_min', t => {
  const { mean } = moments({ onOff: { ratio: 10, reference: 'none' } }, 0);
  t.true(near(mean, 3 / 9, 1e-3));
  const top = moments({ onOff: { ratio: 10, reference: 'none' } }, 3).mean;
  t.true(near(top / mean, 10, 1e-3));
  t.throws(() => programOf({ onOff: { ratio: 1, reference: 'none' } }), { message: /above 1/ });
});

test('multiplicative write variation spreads a cell in proportion to its conductance', t => {
  const write = { kind: 'multiplicative', sigma: 0.2 } as const;
  for (const level of [1, 3]) {
    const { mean, sigma } = moments({ write }, level);
    t.true(near(mean, level), `mean ${mean}`);
    t.true(near(sigma, 0.2 * level), `sigma ${sigma}`);
  }
  t.is(moments({ write }, 0).sigma, 0);
});

test("ClipFormer's write variation follows the square root of the distance from G_min", t => {
  const write = { kind: 'clipformer', gamma: 2, sigma: 0.05 } as const;
  for (const level of [1, 2, 3]) {
    t.true(near(moments({ write }, level).sigma, 0.1 * Math.sqrt(level * 3)));
  }
});

test('measured devices spread as their fit says', t => {
  // PCM at 25 uS, levels 8.33 uS apart: -0.001788 * 625 + 0.07586 * 25 + 0.2864 = 1.0654 uS.
  const write = { kind: 'device', device: 'pcm-joshi', range_uS: [0, 25] } as const;
  t.true(near(moments({ write }, 3).sigma, 1.0654 / (25 / 3)));
  // RRAM at 50 uS: -0.009107 * 50 + 4.7823 = 4.327 uS, levels 50 uS apart.
  const milo = { kind: 'device', device: 'rram-milo', range_uS: [50, 200] } as const;
  const onOff = { ratio: 4, reference: 'none' } as const;
  t.true(near(moments({ onOff, write: milo }, 0).sigma, 4.327 / 50));
  const outside = { kind: 'device', device: 'rram-wan', range_uS: [0, 100] } as const;
  t.throws(() => programOf({ write: outside }), { message: /holds from 0 to 39 uS/ });
  t.throws(() => programOf({ write: { ...outside, device: 'rram-wann' } }), {
    message: /did you mean rram-wan/,
  });
});

test('conductances are never negative', t => {
  const write = { kind: 'multiplicative', sigma: 0.6 } as const;
  const { values } = moments({ write }, 1);
  t.is(Math.min(...values.subarray(0, 50_000)), 0);
});

test('stuck cells appear at their rates, at the two ends, and leave the others alone', t => {
  const { values } = moments({ stuck: { on: 0.02, off: 0.05 } }, 1);
  const share = (level: number): number => values.filter(v => v === level).length / CELLS;
  t.true(near(share(3), 0.02, 0.1));
  t.true(near(share(0), 0.05, 0.1));
  t.is(share(0) + share(1) + share(3), 1);
  t.throws(() => programOf({ stuck: { on: 0.6, off: 0.5 } }), { message: /sum of at most 1/ });
});

test('drift lowers conductance by a power of time', t => {
  const drift = { time_s: 1e4, t0_s: 1, nu: 0.1, nuSigma: 0 };
  t.true(near(moments({ drift }, 3).mean, 3 * 10 ** -0.4, 1e-3));
  t.true(near(moments({ drift: { ...drift, time_s: 1 } }, 3).mean, 3, 1e-9));
  const { sigma } = moments({ drift: { ...drift, nuSigma: 0.01 } }, 3);
  // Spread of nu times ln(1e4), to first order.
  t.true(near(sigma, 3 * 10 ** -0.4 * 0.01 * Math.log(1e4), 0.03));
  t.throws(() => programOf({ drift: { ...drift, time_s: 0.5 } }), { message: /time_s >= t0_s/ });
});

test('frozen read variation multiplies, adds, or is lognormal with the mean kept', t => {
  const read = { kind: 'multiplicative', sigma: 0.1, when: 'device' } as const;
  t.true(near(moments({ read }, 3).sigma, 0.3));
  t.true(near(moments({ read: { ...read, kind: 'additive' } }, 1).sigma, 0.3));
  const lognormal = moments({ read: { ...read, distribution: 'lognormal' } }, 2);
  t.true(near(lognormal.mean, 2, 0.005));
  t.true(near(lognormal.sigma, 2 * Math.sqrt(Math.exp(0.01) - 1)));
});

test('write and read variation are independent', t => {
  const write = { kind: 'multiplicative', sigma: 0.1 } as const;
  const read = { kind: 'multiplicative', sigma: 0.1, when: 'device' } as const;
  t.true(near(moments({ write, read }, 3).sigma, 3 * Math.sqrt(0.02 + 0.0001)));
});

test('a cell follows from its level and its place alone, whatever stands beside it', t => {
  const program = programOf({
    write: { kind: 'multiplicative', sigma: 0.2 },
    stuck: { on: 0.1, off: 0.1 },
    drift: { time_s: 100, t0_s: 1, nu: 0.1, nuSigma: 0.05 },
    telegraph: { amplitude: 0.3, probability: 0.5 },
    read: { kind: 'multiplicative', sigma: 0.1, when: 'device' },
  });
  const keys = cellKeys(program, streamKey(1, 'cells'));
  const levels = Int16Array.from({ length: 400 }, (_, i) => i % (MAX_LEVEL + 1));
  const all = programArray(program, levels, keys);
  t.deepEqual(programArray(program, levels.subarray(0, 100), keys), all.subarray(0, 100));
  const others = Int16Array.from(levels, (level, i) => (i === 200 ? level : MAX_LEVEL - level));
  const among = programArray(program, others, keys);
  t.is(among[200], all[200]);
  t.notDeepEqual(among, all);
});
