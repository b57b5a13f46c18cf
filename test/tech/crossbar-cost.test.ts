import test from 'ava';
import fc from 'fast-check';
import { type ChargedElsewhere, crossbarCost } from '../../src/tech/crossbar-cost.ts';
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

test('a bit plane of circuits takes drive, hold, one conversion per column group, and shift-add', t => {
  const cost = crossbarCost(circuit, 8, false, NOWHERE);
  // 0 + 0.48 ns, 1 ns, 8 x 9.8 ns, 0: 8 columns share an ADC.
  t.deepEqual(cost.plane, { drive: 480, hold: 1000, convert: 78_400, shiftAdd: 0, overlap: false });
  t.is(cost.readTime, 480 + 1000 + 78_400);
  t.is(cost.planes, 8);
});

test('energy of a bit plane of circuits: lines and drivers once, a conversion and an addition per column', t => {
  const { readParts } = crossbarCost(circuit, 8, true, NOWHERE);
  const part = (name: string): number =>
    readParts.find(p => p.component === `crossbar.${name}`)?.energy_J ?? 0;
  t.true(apart(part('adc'), 64 * 0.1490625e-12) < 1e-12);
  t.true(apart(part('shiftAdd'), 1.96e-12) < 1e-12);
  t.is(part('array'), 1.22e-12);
  t.is(part('driver'), 2.91e-12);
});

test('area of circuits: eight converters, and everything else once', t => {
  const { areaParts, area_m2 } = crossbarCost(circuit, 8, true, NOWHERE);
  const adc = areaParts.find(p => p.component === 'crossbar.adc')?.area_m2 ?? 0;
  t.true(apart(adc, 2420e-12) < 1e-12);
  t.true(apart(area(areaParts), area_m2) < 1e-12);
});

test('circuits charge nothing elsewhere: they have no share of interconnect or buffers', t => {
  const everything = { interconnect: true, buffers: true, accumulators: true };
  t.deepEqual(crossbarCost(circuit, 8, true, everything), crossbarCost(circuit, 8, true, NOWHERE));
});

test('more columns per ADC: fewer converters, longer conversion, the same energy', t => {
  const of = (columns: number) =>
    crossbarCost({ ...circuit, adc: { ...circuit.adc, columns } }, 8, true, NOWHERE);
  const [one, all] = [of(1), of(64)];
  t.is((all.plane?.convert ?? 0) / (one.plane?.convert ?? 1), 64);
  t.true(all.area_m2 < one.area_m2);
  t.is(energy(all.readParts), energy(one.readParts));
  // 48 columns per ADC: two converters, the second with 16 columns.
  const adc = of(48).areaParts.find(p => p.component === 'crossbar.adc')?.area_m2;
  t.is(adc, 2 * circuit.conversion.area);
});
