import test from 'ava';
import fc from 'fast-check';
import { evaluateCrossbar } from '../../src/tech/circuit/evaluate.ts';
import { type ChargedElsewhere, crossbarCost } from '../../src/tech/crossbar-cost.ts';
import { designOf } from '../../src/tech/design-of.ts';
import type { Circuit, Macro } from '../../src/tech/schema.ts';
import { apart, chip } from '../helpers/chips.ts';

const NOWHERE: ChargedElsewhere = { interconnect: false, buffers: false, accumulators: false };
const macro = chip('trex').devices.static as Macro;
const sram = chip('trex', { tech: 'trex-sram-32nm' }).devices.static as Macro;
const circuit = chip('trex', { tech: 'fefet-32nm' }).devices.static as Circuit;

const energy = (parts: readonly { energy_J: number }[]): number => parts.reduce((s, p) => s + p.energy_J, 0);
const area = (parts: readonly { area_m2: number }[]): number => parts.reduce((s, p) => s + p.area_m2, 0);

test('a macro costs what is published', t => {
  const cost = crossbarCost(macro, 8, false, NOWHERE);
  t.is(cost.readTime, 19_174);
  t.is(cost.writeTime, 3_300_000);
  t.is(cost.writeEnergy_J, 118e-12);
  t.true(apart(energy(cost.readParts), 25.096e-12) < 1e-12);
  t.true(apart(cost.area_m2 * 64, 1.9e-6) < 1e-12);
  t.is(cost.plane, undefined);
  t.deepEqual([cost.rows, cost.columns, cost.endurance], [64, 64, 100_000]);
});

test('a published read stands for all input bits, or for one where bit planes are counted', t => {
  t.is(crossbarCost(macro, 8, false, NOWHERE).planes, 1);
  t.is(crossbarCost(macro, 8, true, NOWHERE).planes, 8);
});

test('shares that are rounded percentages still sum to the published total', t => {
  for (const device of [macro, sram]) {
    const cost = crossbarCost(device, 8, false, NOWHERE);
    t.true(apart(energy(cost.readParts), device.read.energy) < 1e-12);
    t.true(apart(area(cost.areaParts), device.area) < 1e-12);
    t.is(area(cost.areaParts), cost.area_m2);
  }
});

test('what a component of the chip charges itself is taken out of the macro, once', t => {
  const flags = fc.record({ interconnect: fc.boolean(), buffers: fc.boolean(), accumulators: fc.boolean() });
  const shareOf = { interconnect: 'interconnect', buffers: 'buffer', accumulators: 'accumulator' } as const;
  fc.assert(
    fc.property(flags, elsewhere => {
      const cost = crossbarCost(macro, 8, true, elsewhere);
      const gone = (Object.keys(shareOf) as (keyof typeof shareOf)[]).filter(key => elsewhere[key]);
      for (const total of ['energy', 'area'] as const) {
        const { source: _, ...shares } = macro.shares[total];
        const all = Object.values(shares).reduce((s, share) => s + share, 0);
        const left = 1 - gone.reduce((s, key) => s + shares[shareOf[key]], 0) / all;
        const published = total === 'energy' ? macro.read.energy : macro.area;
        const parts = total === 'energy' ? energy(cost.readParts) : area(cost.areaParts);
        if (apart(parts, published * left) > 1e-12) return false;
      }
      return cost.readParts.every(p => !gone.some(key => p.component === `crossbar.${shareOf[key]}`));
    }),
    { seed: 3 },
  );
  const names = crossbarCost(macro, 8, true, { interconnect: true, buffers: true, accumulators: true });
  t.deepEqual(
    names.readParts.map(p => p.component),
    ['crossbar.readCircuit', 'crossbar.adc'],
  );
});

test('a bit plane of circuits: every column group is settled and converted again', t => {
  const { plane, readTime, planes } = crossbarCost(circuit, 8, false, NOWHERE);
  // 8 x (0.473 + 1.4 x 7 ns): 8 columns share an ADC of 6 bits.
  t.deepEqual(plane, { drive: 0, hold: 0, convert: 8 * (473 + 9800), shiftAdd: 0, overlap: false });
  t.is(readTime, 8 * 10_273);
  t.is(planes, 8);
});

test('with sample-and-hold the rows settle once, and all columns are held before the first is converted', t => {
  const { plane, readTime } = crossbarCost({ ...circuit, sampling: 'plane' }, 8, false, NOWHERE);
  t.deepEqual(plane, { drive: 473, hold: 1000, convert: 8 * 9800, shiftAdd: 0, overlap: false });
  t.is(readTime, 473 + 1000 + 78_400);
});

test('an adder tree takes the place of the converters: all columns at once', t => {
  const digital = chip('trex', { tech: 'sram-digital-28nm' }).devices.static;
  const { plane, readParts, areaParts } = crossbarCost(digital, 8, false, NOWHERE);
  t.true((plane?.drive ?? 0) > 0 && (plane?.convert ?? 0) < 5000);
  const names = [...readParts, ...areaParts].map(p => p.component);
  t.true(names.includes('crossbar.adderTree') && !names.includes('crossbar.adc'));
});

test('several input bits a step make fewer planes', t => {
  t.is(crossbarCost({ ...circuit, inputBitsPerStep: 2 }, 8, false, NOWHERE).planes, 4);
  t.is(crossbarCost({ ...circuit, inputBitsPerStep: 3 }, 8, false, NOWHERE).planes, 3);
});

test('energy, area, write and leakage of circuits are the figures of the design', t => {
  const cost = crossbarCost(circuit, 8, true, NOWHERE);
  const figures = evaluateCrossbar(designOf(circuit));
  t.true(apart(energy(cost.readParts), figures.readEnergy_J.total) < 1e-12);
  t.true(apart(area(cost.areaParts), cost.area_m2) < 1e-12);
  t.is(cost.area_m2, figures.area_m2.total);
  t.is(cost.writeEnergy_J, figures.writeEnergy_J.total);
  t.is(cost.writeTime, 6_400_000);
  t.is(cost.leakage_W, figures.leakage_W.total);
});

test('circuits charge nothing elsewhere: they have no share of interconnect or buffers', t => {
  const everything = { interconnect: true, buffers: true, accumulators: true };
  t.deepEqual(crossbarCost(circuit, 8, true, everything), crossbarCost(circuit, 8, true, NOWHERE));
});

test('more columns per ADC: fewer converters, longer conversion', t => {
  const of = (columns: number) =>
    crossbarCost({ ...circuit, adc: { ...circuit.adc, columns } }, 8, true, NOWHERE);
  const [one, all] = [of(1), of(64)];
  // 64 groups instead of one, and switches of a multiplexer that have to turn.
  t.true((all.plane?.convert ?? 0) / (one.plane?.convert ?? 1) > 64);
  t.true(all.area_m2 < one.area_m2);
  // 48 columns per ADC: two converters, the second with 16 columns.
  const adc = (columns: number) => of(columns).areaParts.find(p => p.component === 'crossbar.adc')?.area_m2;
  t.is(adc(48), adc(32));
});
