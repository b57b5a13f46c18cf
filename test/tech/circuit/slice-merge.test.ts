/** Slices that are merged before one conversion: the networks of capacitors by hand, and what they cost and save. */
import test from 'ava';
import { loadTech } from '../../../src/run/node/load.ts';
import { partOf } from '../../../src/tech/circuit/breakdown.ts';
import type { CrossbarDesign } from '../../../src/tech/circuit/design.ts';
import { evaluateCrossbar } from '../../../src/tech/circuit/evaluate.ts';
import { designErrors } from '../../../src/tech/circuit/laws.ts';
import { law as c2c } from '../../../src/tech/circuit/merge/c-2c.ts';
import { law as sharing } from '../../../src/tech/circuit/merge/charge-sharing.ts';
import { designOf } from '../../../src/tech/design-of.ts';

const none = (): number => 0;
const of = (...set: string[]): CrossbarDesign =>
  designOf(loadTech('sram-charge-65nm', { set: ['tech.adc.columns=8', ...set] }).tech);
const plain = of();
const ladder = of('tech.merge={law: c-2c}');

test('matched capacitors count slices by their places to the last bit, on both networks and for cells of several bits', t => {
  for (const law of [c2c, sharing])
    for (const [slices, cellBits] of [
      [2, 1],
      [8, 1],
      [4, 2],
      [2, 4],
    ]) {
      const places = Array.from({ length: slices }, (_, s) => 2 ** (cellBits * s));
      t.deepEqual(law.weights({ slices, cellBits }, none, 0), places, `${law.law} ${slices} x ${cellBits}`);
    }
});

test('unit capacitors: 3 N - 1 of a ladder of N nodes, 2^N - 1 of binary-weighted ones', t => {
  t.is(c2c.units({ slices: 8, cellBits: 1 }), 23);
  // Nodes between 2-bit slices stand at ground: 7 for 4 slices.
  t.is(c2c.units({ slices: 4, cellBits: 2 }), 20);
  t.is(sharing.units({ slices: 8, cellBits: 1 }), 255);
  t.is(sharing.units({ slices: 4, cellBits: 2 }), 85);
});

test('a ladder of two bits with one capacitor that is off, solved by hand', t => {
  // Unit 0 ends the ladder, 1 is the low bit, 2 and 3 couple, 4 is the high bit. High bit + 10 %: seen = 2 x 2 / 4 = 1,
  // all = 2.1, shares 1.1 / 2.1 and 1 / 2.1 x 1 / 2.
  const [low, high] = c2c.weights({ slices: 2, cellBits: 1 }, unit => (unit === 4 ? 0.1 : 0), 0);
  t.true(Math.abs(high - (4 * 1.1) / 2.1) < 1e-12);
  t.true(Math.abs(low - 4 / 2.1 / 2) < 1e-12);
  // A parasitic of a tenth at every node: 1 / 2.1 at the low one, seen (2.1 x 2) / 4.1, all 1.1 more than that.
  const [, parasitic] = c2c.weights({ slices: 2, cellBits: 1 }, none, 0.1);
  t.true(Math.abs(parasitic - 4 / (1.1 + 4.2 / 4.1)) < 1e-12);
});

test('one converter of eight columns converts once a plane instead of eight times: conversions, energy and time by hand', t => {
  const [each, merged] = [plain, ladder].map(design => evaluateCrossbar(design));
  t.is(each.conversions, 64);
  t.is(merged.conversions, 8);
  t.is(each.steps.groups, 8);
  t.is(merged.steps.groups, 1);
  t.is(merged.converters, each.converters);
  const adc = (figures: typeof each): number => partOf(figures.readEnergy_J, 'adc');
  t.true(Math.abs(adc(each) / adc(merged) - 8) < 1e-9);
  t.is(partOf(merged.readTime_s, 'adc') * 8, partOf(each.readTime_s, 'adc'));
  // 8 ladders of 23 x 2 fF at 1.1 V.
  t.true(Math.abs(partOf(merged.readEnergy_J, 'merge') / (8 * 23 * 2e-15 * 1.1 ** 2) - 1) < 1e-9);
  t.is(partOf(each.readEnergy_J, 'merge'), 0);
  t.true(partOf(merged.readTime_s, 'merge') > 0);
  // Capacitors of 368 fF at 2.3 fF/um2 x 22 / 65, and a gate a column: an eighth of those of 8 columns a converter.
  const gates_m2 = partOf(each.area_m2, 'mux') / 8;
  const area_m2 = (8 * 23 * 2e-15) / 2.3e-3 / (22 / 65) + gates_m2;
  t.true(Math.abs(partOf(merged.area_m2, 'merge') / area_m2 - 1) < 1e-9);
  t.true(partOf(merged.area_m2, 'shiftAdd') < partOf(each.area_m2, 'shiftAdd'));
});

test('a lossless converter has the bits of the weights: log2(64 x 255 + 1) and with pairs log2(64 x 127 + 1)', t => {
  t.is(evaluateCrossbar(plain).losslessBits, 7);
  t.is(evaluateCrossbar(ladder).losslessBits, 14);
  const pairs = of('tech.merge={law: c-2c}', 'tech.encoding=differential', 'tech.adc.columns=7');
  t.is(evaluateCrossbar(pairs).losslessBits, 13);
});

test('networks at the cells: what the cells have is theirs already, rows that are driven charge the rest', t => {
  const cells = of('tech.merge={law: c-2c, at: cell}');
  const energy_J = partOf(evaluateCrossbar(cells).readEnergy_J, 'merge');
  // 15 of 23 units, 64 rows, half of them driven.
  t.true(Math.abs(energy_J / (8 * 32 * 15 * 2e-15 * 1.1 ** 2) - 1) < 1e-9);
  const half = evaluateCrossbar(cells, { rows: 32, cols: 64 });
  t.true(Math.abs(partOf(half.readEnergy_J, 'merge') / energy_J - 0.5) < 1e-9);
});

test('columns left over are converted by nobody; a part of an array is converted in whole weights', t => {
  const odd = evaluateCrossbar({ ...ladder, cols: 67, adc: { ...ladder.adc, columns: 16 } });
  t.is(odd.conversions, 8);
  t.is(evaluateCrossbar(ladder, { rows: 64, cols: 24 }).conversions, 3);
});

test('what cannot merge is refused by name', t => {
  const refused = (...set: string[]): string => t.throws(() => of('tech.merge={law: c-2c}', ...set)).message;
  t.regex(refused('tech.adc.columns=12'), /adc\.columns: expected a multiple of the 8 columns/);
  t.regex(refused('tech.sampling=mux-group'), /sampling: expected plane, got mux-group/);
  t.regex(
    refused('tech.merge={law: c-2c, at: cell, unit: 1 fF}'),
    /merge\.unit: expected 2\.00? fF.*capacitor of the cell|merge\.unit: expected 2 fF/,
  );
  const message = t.throws(() =>
    loadTech('sram-digital-28nm', { set: ['tech.merge={law: c-2c}', 'tech.sampling=plane'] }),
  ).message;
  t.regex(message, /read by an adder tree/);
  t.regex(t.throws(() => loadTech('trex-fefet-32nm', { set: ['tech.merge={law: c-2c}'] })).message, /merge/);
  const flash = { ...ladder, cell: { ...designOf(loadTech('fefet-32nm').tech).cell } };
  const [error] = designErrors({
    ...flash,
    node_m: 32e-9,
    adc: { law: 'neurosim-flash', bits: 5, columns: 8 },
  });
  t.regex(error.message, /compares currents/);
});
