/** Several sets of weights at one multiplier: cells grow, what they share does not. */
import test from 'ava';
import { loadTech } from '../../../src/run/node/load.ts';
import { partOf } from '../../../src/tech/circuit/breakdown.ts';
import { evaluateCrossbar } from '../../../src/tech/circuit/evaluate.ts';
import { nodeConstants, wire } from '../../../src/tech/circuit/nodes.ts';
import { designOf } from '../../../src/tech/design-of.ts';

const figures = (name: string, sets: number) =>
  evaluateCrossbar(designOf(loadTech(name, { set: [`tech.sets=${sets}`] }).tech));

test('eight sets: eight times the cells and their leakage, the same trees; a product takes what its longer rows take', t => {
  const [one, eight] = [1, 8].map(sets => figures('sram-digital-28nm', sets));
  const times = (of: 'area_m2' | 'readEnergy_J' | 'leakage_W', part: string): number =>
    partOf(eight[of], part) / partOf(one[of], part);
  // 64 x 64 x 280 F2 at 28 nm.
  t.true(Math.abs(partOf(one.area_m2, 'array') / (64 * 64 * 280 * 28e-9 ** 2) - 1) < 1e-9);
  t.true(Math.abs(times('area_m2', 'array') - 8) < 1e-9);
  t.true(Math.abs(times('leakage_W', 'array') - 8) < 1e-9);
  for (const part of ['adderTree', 'shiftAdd']) t.is(times('area_m2', part), 1);
  t.is(times('readEnergy_J', 'adderTree'), 1);
  t.true(times('readEnergy_J', 'array') > 1 && times('readEnergy_J', 'array') < 8);
  // One set is programmed at a time.
  t.is(eight.writeTime_s.total, one.writeTime_s.total);
});

test('to take another set, every row drives a line of its length with two gates a cell', t => {
  t.deepEqual(figures('sram-digital-28nm', 1).select, { energy_J: 0, time_s: 0 });
  const { energy_J, time_s } = figures('sram-digital-28nm', 4).select;
  const node = nodeConstants(28e-9, 'LSTP');
  // The cell of 280 F2 is 28 F wide.
  const line = wire(node, 4 * 64 * 28 * 28e-9);
  const line_F = line.capacitance_F + 64 * 2 * node.cellGate_F;
  t.true(Math.abs(energy_J / (64 * line_F * node.vdd_V ** 2) - 1) < 1e-9);
  const settled_s = 1.4 * (0.14e-9 * node.gateDelay + 0.38 * line.resistance_ohm * line_F);
  t.true(Math.abs(time_s / settled_s - 1) < 1e-9);
});

test('cells that are their own multipliers have no sets', t => {
  for (const name of ['sram8t-32nm', 'fefet-32nm', 'rram-32nm'])
    t.throws(() => loadTech(name, { set: ['tech.sets=2'] }), { message: /sets: expected 1, got 2/ });
  t.throws(() => loadTech('trex-sram-32nm', { set: ['tech.sets=2'] }), { message: /sets/ });
  t.notThrows(() => loadTech('sram-charge-65nm', { set: ['tech.sets=2'] }));
});
