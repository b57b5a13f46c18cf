import test from 'ava';
import fc from 'fast-check';
import { evaluateCrossbar } from '../../src/tech/circuit/evaluate.ts';
import { type ChargedElsewhere, type CrossbarCost, crossbarCost } from '../../src/tech/crossbar-cost.ts';
import { designOf } from '../../src/tech/design-of.ts';
import { ALONE, ofPe } from '../../src/tech/pe-parts.ts';
import type { Circuit, Macro } from '../../src/tech/schema.ts';
import { divisionOf } from '../../src/tech/shares.ts';
import { apart, chip } from '../helpers/chips.ts';

const BYTES = { weights: 8, inputs: 8 };
const NOWHERE: ChargedElsewhere = { interconnect: false, buffers: false, accumulators: false };
const macro = chip('trex').devices.static as Macro;
const sram = chip('trex', { tech: 'trex-sram-32nm' }).devices.static as Macro;
const circuit = chip('trex', { tech: 'fefet-32nm' }).devices.static as Circuit;

const energy = (parts: readonly { energy_J: number }[]): number => parts.reduce((s, p) => s + p.energy_J, 0);
/** Of a PE as the source counts it, by crossbar. */
const area = ({ standing }: CrossbarCost, { included }: Macro): number =>
  ofPe(standing, included, 'area_m2') / included.crossbars;

test('a macro costs what is published', t => {
  const cost = crossbarCost(macro, BYTES, false, NOWHERE);
  t.is(cost.readTime, 19_174);
  t.is(cost.writeTime, 3_300_000);
  t.is(cost.writeEnergy_J, 118e-12);
  t.true(apart(energy(cost.readParts), 25.096e-12) < 1e-12);
  t.true(apart(cost.area_m2 * 64, 1.9e-6) < 1e-12);
  t.is(cost.plane, undefined);
  t.deepEqual([cost.rows, cost.columns, cost.endurance], [64, 64, 100_000]);
});

test('a published read stands for all input bits, or for one where bit planes are counted', t => {
  t.is(crossbarCost(macro, BYTES, false, NOWHERE).planes, 1);
  t.is(crossbarCost(macro, BYTES, true, NOWHERE).planes, 8);
});

test('shares that are rounded percentages still sum to the published total', t => {
  for (const device of [macro, sram]) {
    const cost = crossbarCost(device, BYTES, false, NOWHERE);
    t.true(apart(energy(cost.readParts), device.read.energy) < 1e-12);
    t.true(apart(area(cost, device), device.area) < 1e-12);
    t.true(apart(cost.area_m2, device.area) < 1e-12);
  }
});

test('what a component of the chip charges itself is taken out of the macro, once', t => {
  const flags = fc.record({ interconnect: fc.boolean(), buffers: fc.boolean(), accumulators: fc.boolean() });
  const shareOf = { interconnect: 'interconnect', buffers: 'buffer', accumulators: 'accumulator' } as const;
  fc.assert(
    fc.property(flags, elsewhere => {
      const cost = crossbarCost(macro, BYTES, true, elsewhere);
      const gone = (Object.keys(shareOf) as (keyof typeof shareOf)[]).filter(key => elsewhere[key]);
      for (const total of ['energy', 'area'] as const) {
        const { parts: shares } = divisionOf(macro, total);
        const all = shares.reduce((s, { share }) => s + share, 0);
        const of = (name: string): number => shares.find(part => part.name === name)!.share;
        const left = 1 - gone.reduce((s, key) => s + of(shareOf[key]), 0) / all;
        const published = total === 'energy' ? macro.read.energy : macro.area;
        const parts = total === 'energy' ? energy(cost.readParts) : area(cost, macro);
        if (apart(parts, published * left) > 1e-12) return false;
      }
      return cost.readParts.every(p => !gone.some(key => p.component === `crossbar.${shareOf[key]}`));
    }),
    { seed: 3 },
  );
  const names = crossbarCost(macro, BYTES, true, { interconnect: true, buffers: true, accumulators: true });
  t.deepEqual(
    names.readParts.map(p => p.component),
    ['crossbar.readCircuit', 'crossbar.adc'],
  );
});

test('a bit plane of circuits: every column group is settled and converted again', t => {
  const { plane, readTime, planes } = crossbarCost(circuit, BYTES, false, NOWHERE);
  // 8 x (0.473 + 1.4 x 7 ns): 8 columns share an ADC of 6 bits.
  t.deepEqual(plane, { drive: 0, hold: 0, convert: 8 * (473 + 9800), shiftAdd: 0, overlap: false });
  t.is(readTime, 8 * 10_273);
  t.is(planes, 8);
});

test('with sample-and-hold the rows settle once, and all columns are held before the first is converted', t => {
  const { plane, readTime } = crossbarCost({ ...circuit, sampling: 'plane' }, BYTES, false, NOWHERE);
  t.deepEqual(plane, { drive: 473, hold: 1000, convert: 8 * 9800, shiftAdd: 0, overlap: false });
  t.is(readTime, 473 + 1000 + 78_400);
});

test('an adder tree takes the place of the converters: all columns at once', t => {
  const digital = chip('trex', { tech: 'sram-digital-28nm' }).devices.static;
  const { plane, readParts, standing } = crossbarCost(digital, BYTES, false, NOWHERE);
  t.true((plane?.drive ?? 0) > 0 && (plane?.convert ?? 0) < 5000);
  const names = [...readParts, ...standing].map(p => p.component);
  t.true(names.includes('crossbar.adderTree') && !names.includes('crossbar.adc'));
});

test('several input bits a step make fewer reads; the sign takes one of its own, but for an adder tree', t => {
  const planes = (device: Circuit, inputBitsPerStep: number): number =>
    crossbarCost({ ...device, inputBitsPerStep }, BYTES, false, NOWHERE).planes;
  t.deepEqual(
    [1, 2, 3, 7, 8].map(bits => planes(circuit, bits)),
    [8, 5, 4, 2, 2],
  );
  const digital = chip('trex', { tech: 'sram-digital-28nm' }).devices.static as Circuit;
  t.deepEqual(
    [1, 2, 3, 8].map(bits => planes(digital, bits)),
    [8, 4, 3, 1],
  );
});

test('rows that are summed group by group take a read each, as many as the matrix fills', t => {
  const cost = crossbarCost({ ...circuit, activeRows: 24 }, BYTES, false, NOWHERE);
  t.is(cost.planes, 8 * 3);
  // 64 rows are three groups of 21, one row holds no weights.
  t.deepEqual(
    [21, 22, 63].map(rows => cost.filled({ rows, cols: 64 }).planes),
    [8, 16, 24],
  );
});

test('energy, area, write and leakage of circuits are the figures of the design', t => {
  const cost = crossbarCost(circuit, BYTES, true, NOWHERE);
  const figures = evaluateCrossbar(designOf(circuit));
  t.true(apart(energy(cost.readParts), figures.readEnergy_J.total) < 1e-12);
  t.true(apart(ofPe(cost.standing, ALONE, 'area_m2'), cost.area_m2) < 1e-12);
  t.is(cost.area_m2, figures.area_m2.total);
  t.is(cost.writeEnergy_J, figures.writeEnergy_J.total);
  t.is(cost.writeTime, 6_400_000);
  t.is(cost.leakage_W, figures.leakage_W.total);
});

test('circuits charge nothing elsewhere: they have no share of interconnect or buffers', t => {
  const everything = { interconnect: true, buffers: true, accumulators: true };
  const [all, none] = [everything, NOWHERE].map(elsewhere => {
    const {
      filled: _,
      codesOf: __,
      written: ___,
      ...figures
    } = crossbarCost(circuit, BYTES, true, elsewhere);
    return figures;
  });
  t.deepEqual(all, none);
});

test('more columns per ADC: fewer converters, longer conversion', t => {
  const of = (columns: number) =>
    crossbarCost({ ...circuit, adc: { ...circuit.adc, columns } }, BYTES, true, NOWHERE);
  const [one, all] = [of(1), of(64)];
  // 64 groups instead of one, and switches of a multiplexer that have to turn.
  t.true((all.plane?.convert ?? 0) / (one.plane?.convert ?? 1) > 64);
  t.true(all.area_m2 < one.area_m2);
  // 48 columns per ADC: two converters, the second with 16 columns.
  const adc = (columns: number) => of(columns).standing.find(p => p.component === 'crossbar.adc')?.area_m2;
  t.is(adc(48), adc(32));
});

test('what a file says of words is what a chip says of them: shift-and-add is as wide as the stored operand', t => {
  const shiftAdd = (weights: number, inputs: number): number =>
    crossbarCost(circuit, { weights, inputs }, true, NOWHERE).standing.find(
      ({ component }) => component === 'crossbar.shiftAdd',
    )?.area_m2 ?? 0;
  t.true(shiftAdd(4, 8) < shiftAdd(8, 8));
  t.true(shiftAdd(8, 4) < shiftAdd(8, 8));
});

test("a macro is the published total on a PE like its source's, and a bank more is one ADC more", t => {
  const { standing } = crossbarCost(macro, BYTES, false, NOWHERE);
  const pe = (adcBanks: number, writeDrivers: number): number =>
    ofPe(standing, { crossbars: 8, adcBanks, writeDrivers }, 'area_m2');
  t.true(apart(pe(1, 1), 8 * 29687.5e-12) < 1e-12);
  // 58.2 % ADC and 6.8 % accumulator; 31.9 % other.
  t.true(apart(pe(8, 1), 29687.5e-12 * (8 + 7 * 0.65)) < 1e-12);
  t.true(apart(pe(1, 8), 29687.5e-12 * (8 + 7 * 0.319)) < 1e-12);
  t.true(
    apart(ofPe(standing, { crossbars: 16, adcBanks: 2, writeDrivers: 2 }, 'area_m2'), 2 * pe(1, 1)) < 1e-12,
  );
});

test('of a macro any part is read and written as the whole', t => {
  const cost = crossbarCost(macro, BYTES, true, NOWHERE);
  const part = cost.filled({ rows: 3, cols: 5 });
  t.is(part.readTime, cost.readTime);
  t.is(part.writeEnergy_J, cost.writeEnergy_J);
});
