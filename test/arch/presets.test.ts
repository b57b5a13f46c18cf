/** Published machines: their component tables close, their peaks are the published ones, and they run a network. */
import test from 'ava';
import { chipPeak } from '../../src/arch/peak.ts';
import { loadArch, loadModel } from '../../src/run/node/load.ts';
import { simulate } from '../../src/run/simulate.ts';
import { parseReuse } from '../../src/workload/reuse.ts';
import { run, tinyVit } from '../helpers/chips.ts';

const MM2 = 1e-6;
const near = (value: number, expected: number, tolerance: number): boolean =>
  Math.abs(value - expected) <= tolerance * Math.abs(expected);

test('the component table of ISAAC-CE closes to 65.8 W and 85.4 mm2', t => {
  const { arch } = loadArch('isaac-ce');
  t.is(arch.chip.tiles, 168);
  const { power_W, area_m2, crossbars } = chipPeak(arch, 168);
  t.is(crossbars, 168 * 12 * 8);
  // 168 x (12 x 24.08 mW + 40.85 mW) + 10.4 W, and 168 x (12 x 0.01312 mm2 + 0.21485 mm2) + 22.88 mm2.
  t.true(near(power_W, 168 * (12 * 24.08e-3 + 40.85e-3) + 10.4, 1e-12));
  t.true(near(area_m2, (168 * (12 * 0.01312 + 0.21485) + 22.88) * MM2, 1e-12));
  t.is(power_W.toFixed(1), '65.8');
  t.is((area_m2 / MM2).toFixed(1), '85.4');
});

test('an IMA of ISAAC-CE is 24.1 mW and 0.01312 mm2, a tile 330 mW and 0.372 mm2', t => {
  const { arch } = loadArch('isaac-ce');
  const only = (level: 'pe' | 'tile') => ({
    ...arch,
    extras: arch.extras?.filter(({ per }) => per !== 'chip' && (level === 'tile' || per === 'pe')),
  });
  const tile = chipPeak(only('tile') as typeof arch, 1);
  const imas = chipPeak(only('pe') as typeof arch, 1);
  t.is((imas.power_W / 12e-3).toFixed(1), '24.1');
  t.is((imas.area_m2 / 12 / MM2).toFixed(5), '0.01312');
  t.is((tile.power_W * 1e3).toFixed(0), '330');
  t.is((tile.area_m2 / MM2).toFixed(3), '0.372');
});

test('ISAAC-CE has 478.9 GOPS/s/mm2 within 1 %; its table gives 627 GOPS/W, not 363.7', t => {
  const { ops_per_s, power_W, area_m2 } = chipPeak(loadArch('isaac-ce').arch, 168);
  // A product of 16 bits takes 16 reads of 100 ns and 8 columns of a crossbar.
  t.true(near(ops_per_s, (168 * 12 * 8 * 2 * 128 * 16) / 1.6e-6, 1e-9));
  t.true(near(ops_per_s / 1e9 / (area_m2 / MM2), 478.9, 0.01));
  t.is((ops_per_s / 1e9 / power_W).toFixed(0), '627');
});

test('a node of 138 tiles of PUMA is 3 % below 62.5 W and 9 % below 90.6 mm2', t => {
  const { power_W, area_m2, crossbars } = chipPeak(loadArch('puma').arch, 138);
  t.is(crossbars, 138 * 8 * 2 * 8);
  t.true(near(power_W, 62.5 * 0.965, 0.005));
  t.true(near(area_m2 / MM2, 90.638 * 0.913, 0.005));
});

test('PUMA has 547 of the published 577 GOPS/s/mm2 and 749 of 837 GOPS/W; both of those mean 52.3 TOPS of a node', t => {
  const { ops_per_s, power_W, area_m2 } = chipPeak(loadArch('puma').arch, 138);
  t.is((ops_per_s / 1e9 / (area_m2 / MM2)).toFixed(0), '547');
  t.is((ops_per_s / 1e9 / power_W).toFixed(0), '749');
  t.true(near(577 * 90.6, 837 * 62.5, 0.001));
});

test('48 cores of NeuRRAM do 0.264 TOPS at 6.44 TOPS/W with inputs of 8 bits, bit after bit', t => {
  const { arch } = loadArch('neurram');
  const { crossbar } = arch.devices.static;
  t.deepEqual([crossbar.rows, crossbar.cols], [256, 256]);
  const peak = chipPeak(arch, 48);
  t.true(near(peak.ops_per_s / 1e12, 0.264, 0.001));
  t.true(near(peak.ops_per_s / 1e12 / peak.power_W, 6.44, 0.01));
  // The neurons, 1270 um2 each, are 28 % of a core.
  t.true(near(256 * 1270e-12, 0.28 * (peak.area_m2 / 48), 0.001));
  const { arch: half } = loadArch('neurram', { set: ['precision.inputs=4'] });
  t.true(near(chipPeak(half, 48).ops_per_s, 2 * peak.ops_per_s, 1e-12), 'half of the bits, half of the time');
});

test('peaks follow the ADC banks: crossbars that wait for one do not read', t => {
  const all = chipPeak(loadArch('isaac-ce').arch, 1);
  const { arch } = loadArch('isaac-ce', { set: ['pe.adcBanks=2'] });
  // Two banks for eight crossbars convert all the time: 128 columns of 781 ps; each crossbar with its own waits for reads of 100 ns.
  t.true(near(chipPeak(arch, 1).ops_per_s, (all.ops_per_s / 4) * (100 / (128 * 0.781)), 1e-12));
});

test('ISAAC-CE sustains its peak: a vector every 1.6 us', async t => {
  const { arch } = loadArch('isaac-ce', { set: ['chip.tiles=auto'] });
  const time = async (imageSize: number) => {
    const { layers, machine } = await run(arch, tinyVit({ imageSize }));
    const q = layers[machine.steps.findIndex(step => step.id === 'e0.q')];
    return { jobs: q.jobs, time_s: q.end_s - q.start_s };
  };
  const [few, many] = [await time(64), await time(128)];
  t.true(near((many.time_s - few.time_s) / (many.jobs - few.jobs), 1.6e-6, 1e-9));
});

for (const name of ['isaac-ce', 'puma', 'neurosim-like', 'neurram'])
  test(`${name} runs a network, and its parts sum to the whole`, async t => {
    const { arch } = loadArch(name);
    const { model } = loadModel('deit-t', { set: ['model.encoders=1'] });
    const { result } = await simulate({ arch, model, reuse: parseReuse('none', 1) });
    const { component, stage } = result.breakdown;
    for (const rows of [component, stage]) {
      const sum = rows.reduce((s, row) => s + row.energy_J, 0);
      t.true(near(sum, result.energy_J, 1e-12));
    }
    const area = component.reduce((s, row) => s + (row.area_m2 ?? 0), 0);
    t.true(near(area, result.area_m2, 1e-12));
    t.true(result.latency_s > 0);
  });
