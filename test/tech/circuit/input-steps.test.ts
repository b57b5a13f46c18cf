/** Several input bits at a time, rows in groups, levels by time: what they take. */
import test from 'ava';
import fc from 'fast-check';
import { partOf } from '../../../src/tech/circuit/breakdown.ts';
import type { CrossbarDesign } from '../../../src/tech/circuit/design.ts';
import { evaluateCrossbar } from '../../../src/tech/circuit/evaluate.ts';
import { inputSteps } from '../../../src/tech/circuit/input-steps.ts';
import { designErrors } from '../../../src/tech/circuit/laws.ts';
import { apart } from '../../helpers/chips.ts';
import { anyDesign, design } from './designs.ts';

const BITS = [1, 2, 4, 8];

test('an adder tree per input bit: energy of a product is that of single bits, area grows with the bits', t => {
  const figures = BITS.map(inputBitsPerStep =>
    evaluateCrossbar(design('sram-digital-28nm', { inputBitsPerStep })),
  );
  const trees = figures.map(f => partOf(f.readEnergy_J, 'adderTree'));
  const areas = figures.map(f => partOf(f.area_m2, 'adderTree'));
  for (const [i, bits] of BITS.entries()) {
    // Beside the trees, only what adds their sums.
    const [energy, area] = [trees[i] / trees[0], areas[i] / areas[0]];
    t.true(energy >= bits && energy < bits * 1.05, `${bits} bits: energy x ${energy}`);
    t.true(area >= bits && area < bits * 1.05, `${bits} bits: area x ${area}`);
    t.is(partOf(figures[i].area_m2, 'dac'), 0);
    t.is(partOf(figures[i].readEnergy_J, 'dac'), 0);
    // A wire, a driver and a register for every bit.
    for (const part of ['array', 'driver'])
      t.true(
        apart(partOf(figures[i].readEnergy_J, part), bits * partOf(figures[0].readEnergy_J, part)) < 1e-12,
      );
  }
  t.deepEqual(
    figures.map(f => f.losslessBits),
    [7, 8, 10, 14],
  );
});

test('an analog row holds the bits of a step in registers, behind one line', t => {
  const [one, four] = [1, 4].map(inputBitsPerStep =>
    evaluateCrossbar(design('fefet-32nm', { inputBitsPerStep })),
  );
  t.is(partOf(four.readEnergy_J, 'array'), partOf(one.readEnergy_J, 'array'));
  // 3 registers of 2.72 fJ more for each of 64 rows and 8 column groups.
  const more = partOf(four.readEnergy_J, 'driver') - partOf(one.readEnergy_J, 'driver');
  t.true(apart(more, 3 * 64 * 8 * 2.72e-15) < 1e-9);
  t.true(partOf(four.area_m2, 'driver') > partOf(one.area_m2, 'driver'));
});

test("a sign takes a step of its own beside levels, a plane of two's complement none", t => {
  t.deepEqual(
    [1, 2, 4, 7, 8].map(step => inputSteps(8, step, false)),
    [8, 5, 3, 2, 2],
  );
  t.deepEqual(
    [1, 2, 4, 8].map(step => inputSteps(8, step, true)),
    [8, 4, 2, 1],
  );
  t.is(inputSteps(1, 4, false), 1);
});

const driven = (law: 'pulse-width' | 'pulse-count', inputBitsPerStep: number): CrossbarDesign => ({
  ...design('fefet-32nm', { inputBitsPerStep }),
  sampling: 'plane',
  drive: { law, pulse: 1e-9 },
});

test('pulses take 2^b - 1 units, twice with pauses, and cells conduct for them', t => {
  const held: CrossbarDesign = { ...design('fefet-32nm'), sampling: 'plane' };
  const settle_s = evaluateCrossbar(held).steps.settle_s;
  for (const bits of [1, 3, 7]) {
    const units = 2 ** bits - 1;
    const [width, count] = (['pulse-width', 'pulse-count'] as const).map(law =>
      evaluateCrossbar(driven(law, bits)),
    );
    t.true(apart(width.steps.settle_s, settle_s + units * 1e-9) < 1e-12);
    t.true(apart(count.steps.settle_s, settle_s + units * 2e-9) < 1e-12);
    t.is(partOf(width.readEnergy_J, 'cells'), partOf(count.readEnergy_J, 'cells'));
    // The line is charged once, or at half of the pulses.
    const line_J = 2 * partOf(evaluateCrossbar(held).readEnergy_J, 'array');
    t.true(apart(partOf(width.readEnergy_J, 'array'), line_J * Math.min(1, units / 2)) < 1e-12);
    t.true(apart(partOf(count.readEnergy_J, 'array'), (line_J * units) / 2) < 1e-12);
  }
});

test('pulses are refused where no current flows, and at converters that compare currents', t => {
  const drive = { law: 'pulse-width', pulse: 1e-9 } as const;
  const [charge] = designErrors({ ...design('sram-charge-65nm'), drive });
  t.is(
    charge.message,
    'expected amplitude, got pulse-width: a sram-charge cell passes no current through which a pulse could count',
  );
  const adc = { law: 'neurosim-flash', bits: 6, columns: 8 } as const;
  const [flash] = designErrors({ ...design('fefet-32nm'), drive, adc });
  t.is(
    flash.message,
    'expected amplitude, got pulse-width: neurosim-flash compares currents, and a train of pulses is a charge',
  );
  t.deepEqual(designErrors({ ...design('sram-digital-28nm'), drive }).length, 1);
});

test('rows in groups: each read sums fewer, all reads drive every row once', t => {
  const whole = evaluateCrossbar(design('fefet-32nm'));
  const parts = evaluateCrossbar(design('fefet-32nm', { activeRows: 16 }));
  t.deepEqual([whole.rowGroups, parts.rowGroups], [1, 4]);
  t.deepEqual([whole.losslessBits, parts.losslessBits], [8, 6]);
  for (const part of ['driver', 'array'])
    t.true(apart(4 * partOf(parts.readEnergy_J, part), partOf(whole.readEnergy_J, part)) < 1e-12, part);
  t.is(parts.area_m2.total, whole.area_m2.total);
  t.is(parts.readTime_s.total, whole.readTime_s.total);
});

test('groups of rows share the trees of digital cells', t => {
  const [whole, shared] = [64, 16].map(activeRows =>
    evaluateCrossbar(design('sram-digital-28nm', { activeRows })),
  );
  t.true(partOf(shared.area_m2, 'adderTree') < 0.4 * partOf(whole.area_m2, 'adderTree'));
  t.is(partOf(shared.area_m2, 'array'), partOf(whole.area_m2, 'array'));
  t.true(shared.readTime_s.total < whole.readTime_s.total);
});

test('more bits a step never take less energy, time or area of a read, whatever the design', t => {
  t.notThrows(() =>
    fc.assert(
      fc.property(anyDesign, any => {
        const [a, b] = [any, { ...any, inputBitsPerStep: any.inputBitsPerStep + 1 }].map(d =>
          evaluateCrossbar(d),
        );
        return (['readEnergy_J', 'readTime_s', 'area_m2'] as const).every(
          figure => b[figure].total >= a[figure].total * (1 - 1e-12),
        );
      }),
      { seed: 12, numRuns: 200 },
    ),
  );
});
