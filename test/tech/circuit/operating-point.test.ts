/** What supply and temperature do: published ratios of chips, lists of transistors, and what lowers one figure raises another. */
import test from 'ava';
import fc from 'fast-check';
import { partOf } from '../../../src/tech/circuit/breakdown.ts';
import type { CrossbarDesign } from '../../../src/tech/circuit/design.ts';
import { evaluateCrossbar } from '../../../src/tech/circuit/evaluate.ts';
import { nodeConstants } from '../../../src/tech/circuit/nodes.ts';
import { pointFactors } from '../../../src/tech/circuit/operating-point.ts';
import { apart } from '../../helpers/chips.ts';
import { design, FILES } from './designs.ts';

const NM = 1e-9;

test('a node at its own supply and 300 K is the node', t => {
  t.deepEqual(
    nodeConstants(32 * NM, 'LSTP', { vdd_V: 0.9, temperature_K: 300 }),
    nodeConstants(32 * NM, 'LSTP'),
  );
});

test('off-currents of NeuroSim at 310, 350 and 400 K: 1.436, 5.07 and 17.7 times those of 300 K at 32 nm', t => {
  for (const [kelvin, factor] of [
    [310, 1.436],
    [350, 5.07],
    [400, 17.72],
  ]) {
    const { leakage } = pointFactors(32 * NM, 'LSTP', { temperature_K: kelvin });
    t.true(Math.abs(leakage / factor - 1) < 0.01, `${kelvin} K: ${leakage}`);
  }
  const at22 = pointFactors(22 * NM, 'LSTP', { temperature_K: 350 }).leakage;
  t.true(Math.abs(at22 / 5.658 - 1) < 0.01, `${at22}`);
  const hp = pointFactors(32 * NM, 'HP', { temperature_K: 350 }).leakage;
  t.true(Math.abs(hp / 2.277 - 1) < 0.01, `${hp}`);
});

test('on-currents at 350 K are 439.7 of 600.2 A/m at 32 nm, and wires have 22.55 % more resistance', t => {
  const { thermalDelay, wireResistance } = pointFactors(32 * NM, 'LSTP', { temperature_K: 350 });
  t.true(Math.abs(thermalDelay / (600.2 / 439.7) - 1) < 0.01, `${thermalDelay}`);
  t.true(apart(wireResistance, 1 + 50 * 0.00451) < 1e-12);
});

// Jia, JSSC 2020: ADC 1.79 and 3.56 pJ, TOPS 0.874 and 2.185 at 0.85 and 1.2 V. Clocks as CiMLoop fits them.
test('the energy of a converter follows the square of the supply: Jia at 0.85 and 1.2 V', t => {
  const adc = (vdd_V: number): number =>
    partOf(evaluateCrossbar({ ...design('sram-charge-65nm'), vdd_V }).readEnergy_J, 'adc');
  t.true(apart(adc(1.2) / adc(0.85), (1.2 / 0.85) ** 2) < 1e-12);
  t.true(Math.abs(adc(1.2) / adc(0.85) / (3.56 / 1.79) - 1) < 0.01);
});

for (const [chip, nm, low, high, published] of [
  ['Jia, 65 nm', 65, 0.85, 1.2, 0.874 / 2.185],
  ['Wang, 22 nm', 22, 0.7, 1, (0.7 / 1) ** 1.1],
  ['Sinangil, 7 nm', 7, 0.8, 1, 0.6 + 0.4 * 0.8 ** 2.75],
] as const) {
  test(`a higher supply shortens the clock as published, within 30 %: ${chip}`, t => {
    const delay = (vdd_V: number): number => pointFactors(nm * NM, 'LSTP', { vdd_V }).supplyDelay;
    const ratio = delay(high) / delay(low);
    t.true(Math.abs(Math.log(ratio / published)) < Math.log(1.45), `${ratio} for ${published}`);
    t.true(Math.abs(ratio / published - 1) < 0.3, `${ratio} for ${published}`);
  });
}

test('a lower supply takes less energy and less standby power, more time, and the same area', t => {
  t.notThrows(() =>
    fc.assert(
      fc.property(
        fc.constantFrom(...FILES),
        fc.double({ min: 0.9, max: 0.99, noNaN: true }),
        (name, share) => {
          const nominal: CrossbarDesign = design(name);
          const { vdd_V } = nodeConstants(nominal.node_m, nominal.roadmap);
          const [a, b] = [evaluateCrossbar({ ...nominal, vdd_V: share * vdd_V }), evaluateCrossbar(nominal)];
          const digital = a.readEnergy_J.parts.filter(({ component }) => component !== 'cells');
          return (
            digital.every(({ component, value }) => value <= partOf(b.readEnergy_J, component)) &&
            a.leakage_W.total < b.leakage_W.total &&
            a.readTime_s.total > b.readTime_s.total &&
            a.area_m2.total === b.area_m2.total
          );
        },
      ),
      { seed: 5 },
    ),
  );
});

test('heat raises leakage and settling, never the area', t => {
  for (const name of FILES) {
    const [cool, hot] = [300, 360].map(temperature_K => evaluateCrossbar({ ...design(name), temperature_K }));
    t.true(hot.leakage_W.total > 4 * cool.leakage_W.total, name);
    t.true(hot.steps.settle_s > cool.steps.settle_s, name);
    t.is(hot.area_m2.total, cool.area_m2.total, name);
  }
});

test('refused: supplies and temperatures that no law covers', t => {
  const sram = design('sram-32nm');
  t.throws(() => evaluateCrossbar({ ...sram, vdd_V: 0.4 }), {
    message: 'vdd: expected a supply of 492 mV (50 mV above the threshold) to 1.35 V at 32.0 nm, got 400 mV',
  });
  t.throws(() => evaluateCrossbar({ ...sram, vdd_V: 1.5 }), { message: /got 1.50 V$/ });
  t.throws(() => evaluateCrossbar({ ...sram, temperature_K: 77 }), {
    message: 'temperature: expected a temperature of 200 to 450 K, got 77 K',
  });
  t.throws(() => evaluateCrossbar({ ...sram, node_m: 14 * NM, roadmap: 'HP' }), {
    message: 'roadmap: HP transistors are tabulated from 22.0 nm up, got a node of 14.0 nm',
  });
});

test('named: supplies near the threshold, temperatures outside the lists', t => {
  const warnings = (point: Partial<CrossbarDesign>): string =>
    evaluateCrossbar({ ...design('sram-32nm'), ...point })
      .warnings.map(w => w.message)
      .join();
  t.is(warnings({ vdd_V: 0.8, temperature_K: 350 }), '');
  t.regex(warnings({ vdd_V: 0.6 }), /^600 mV is near the threshold: .* a lower bound below 642 mV$/);
  t.is(
    warnings({ temperature_K: 250 }),
    '250 K is outside 300 to 400 K, where leakage and currents are tabulated',
  );
});

test('a converter below 8 kT x SNR is named with the bound: NeuroSim SAR of 12 bits at 32 nm, 11 at 22 nm', t => {
  const warnings = (node_m: number, adcBits: number): string =>
    evaluateCrossbar(design('fefet-32nm', { node_m, adcBits }))
      .warnings.map(w => w.message)
      .join();
  t.is(
    warnings(32 * NM, 12),
    'a conversion of 292 fJ is below the thermal limit of 12 bit, 8 kT x SNR = 834 fJ: no converter reaches it',
  );
  t.regex(warnings(22 * NM, 11), /^a conversion of 124 fJ is below the thermal limit of 11 bit, .* = 208 fJ/);
  t.is(warnings(32 * NM, 10), '');
});
