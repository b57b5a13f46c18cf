import test from 'ava';
import { figures, opCounts } from '../../src/report/metrics.ts';

const MACS = { encoders: 100, encodersWithoutReuse: 150, run: 130 };

test("the paper's count is 1 MAC = 1 op, reduced for TOPS/W and of the baseline for TOPS/mm2", t => {
  t.deepEqual(opCounts('trex-paper', MACS), { run: 100, area: 150 });
});

test("the field's count is 2 ops per MAC of the network as run", t => {
  t.deepEqual(opCounts('2-per-mac', MACS), { run: 260, area: 260 });
});

test('figures of one image', t => {
  // 2 s, 3 J, 4 mm2; 12e12 operations, 20e12 for the figure per area.
  const f = figures({ latency_s: 2, period_s: 2, energy_J: 3 }, 4e-6, { run: 12e12, area: 20e12 });
  t.deepEqual(f, {
    edp_Js: 6,
    edap_Jsm2: 24e-6,
    tops: 6,
    topsPerWatt: 4,
    topsPerMm2: 2.5,
    power_W: 1.5,
  });
});
