/** One crossbar's figures: parts, steps, explicit figures, programming, impossible designs. */
import test from 'ava';
import fc from 'fast-check';
import { TrexError } from '../../../src/base/errors.ts';
import { loadTech } from '../../../src/run/node/load.ts';
import { type Breakdown, partOf } from '../../../src/tech/circuit/breakdown.ts';
import type { CrossbarDesign } from '../../../src/tech/circuit/design.ts';
import { evaluateCrossbar } from '../../../src/tech/circuit/evaluate.ts';
import { designOf } from '../../../src/tech/design-of.ts';
import { apart } from '../../helpers/chips.ts';
import { anyDesign, design, FILES } from './designs.ts';

const FIGURES = [
  'area_m2',
  'readEnergy_J',
  'readTime_s',
  'writeEnergy_J',
  'writeTime_s',
  'leakage_W',
] as const;

const sum = ({ parts }: Breakdown): number => parts.reduce((total, part) => total + part.value, 0);

test('the parts of every figure sum to its total, and none is negative', t => {
  t.notThrows(() =>
    fc.assert(
      fc.property(anyDesign, any => {
        const figures = evaluateCrossbar(any);
        return FIGURES.every(name => {
          const figure = figures[name];
          const sound = figure.parts.every(part => Number.isFinite(part.value) && part.value > 0);
          return sound && apart(sum(figure), figure.total) < 1e-12;
        });
      }),
      { seed: 11, numRuns: 300 },
    ),
  );
});

test('the steps of a plane sum to its read time', t => {
  for (const name of FILES) {
    const { steps, readTime_s } = evaluateCrossbar(design(name));
    const settles = name === 'sram-digital-28nm' ? 1 : steps.groups;
    const time_s =
      settles * steps.settle_s + steps.hold_s + steps.groups * steps.convert_s + steps.shiftAdd_s;
    t.true(apart(time_s, readTime_s.total) < 1e-12, name);
  }
});

test('holding all columns drives the rows once instead of once a column group', t => {
  const muxed = evaluateCrossbar(design('fefet-32nm'));
  const held = evaluateCrossbar({ ...design('fefet-32nm'), sampling: 'plane' });
  for (const part of ['driver', 'array']) {
    const [again, once] = [muxed, held].map(figures => partOf(figures.readEnergy_J, part));
    t.true(apart(again, 8 * once) < 1e-12, part);
  }
  t.is(partOf(held.readEnergy_J, 'adc'), partOf(muxed.readEnergy_J, 'adc'));
  t.true(partOf(held.area_m2, 'sampleHold') > 0);
  t.is(partOf(muxed.area_m2, 'sampleHold'), 0);
});

test('lines and column currents take energy in proportion to the input density; converters do not', t => {
  const [half, full] = [0.5, 1].map(d => evaluateCrossbar(design('fefet-32nm', { inputDensity: d })));
  for (const part of ['array', 'cells']) {
    t.true(apart(partOf(full.readEnergy_J, part), 2 * partOf(half.readEnergy_J, part)) < 1e-12, part);
  }
  t.is(partOf(full.readEnergy_J, 'adc'), partOf(half.readEnergy_J, 'adc'));
});

test('the registers of all rows are clocked for every column group, whatever the inputs are', t => {
  const [none, half, full] = [0, 0.5, 1].map(d =>
    partOf(evaluateCrossbar(design('fefet-32nm', { inputDensity: d })).readEnergy_J, 'driver'),
  );
  // 64 rows x 8 groups x 2.72 fJ.
  t.true(apart(none, 64 * 8 * 2.72e-15) < 1e-12);
  t.true(apart(full - none, 2 * (half - none)) < 1e-12);
});

test('shift-and-add: additions over the slices of a weight, and over the planes once a word', t => {
  const energy = (cellBits: number) =>
    partOf(evaluateCrossbar(design('fefet-32nm', { cellBits })).readEnergy_J, 'shiftAdd');
  const [adder, register] = [2.03e-15, 1.36e-15];
  // Codes of 6 bits; 4 slices of 2 bits, 16 words in 64 columns.
  const slice = 6 * adder + 10 * register;
  const word = 10 * adder + 18 * register;
  t.true(apart(energy(2), 48 * slice + 16 * word) < 1e-9);
  t.true(energy(1) > energy(2));
});

test('FeFET: erase and program of 64 rows, 50 ns each, 4 V over the lines and 3.3 fJ in a cell', t => {
  const { writeTime_s, writeEnergy_J, rowWriteEnergy_J } = evaluateCrossbar(design('fefet-32nm'));
  t.true(apart(writeTime_s.total, 6.4e-6) < 1e-12);
  // 4.5 pJ a pulse and row, 0.57 nJ the array.
  t.true(Math.abs(rowWriteEnergy_J / 2 - 4.5e-12) < 0.05e-12);
  t.true(apart(partOf(writeEnergy_J, 'cells'), 64 * 64 * 2 * 2 * 0.2 * 2 * 32e-9 ** 2 * 4) < 1e-12);
  t.true(Math.abs(writeEnergy_J.total - 0.57e-9) < 0.01e-9);
});

test('a 450 nm x 450 nm FeFET takes 365 fJ to switch at 4.5 V', t => {
  const { writeEnergy_J } = evaluateCrossbar(design('fefet-28nm'));
  const cell_J = partOf(writeEnergy_J, 'cells') / (64 * 64 * 2);
  t.true(Math.abs(cell_J - 365e-15) < 2e-15);
});

test('verify rounds repeat the pulses and add a read each', t => {
  const once = design('fefet-32nm');
  const verified: CrossbarDesign = { ...once, write: { ...once.write, verify: 3 } };
  const [a, b] = [once, verified].map(d => evaluateCrossbar(d));
  t.true(apart(partOf(b.writeTime_s, 'pulse'), 4 * partOf(a.writeTime_s, 'pulse')) < 1e-12);
  t.true(apart(partOf(b.writeTime_s, 'verify'), 3 * 64 * b.readTime_s.total) < 1e-12);
  t.true(apart(partOf(b.writeEnergy_J, 'verify'), 3 * 64 * b.readEnergy_J.total) < 1e-12);
});

test('a block erase is one pulse for the whole array', t => {
  const rows = design('fefet-32nm');
  const block: CrossbarDesign = { ...rows, write: { ...rows.write, blockErase: true } };
  t.is(partOf(evaluateCrossbar(block).writeTime_s, 'erase'), 50e-9);
  t.true(evaluateCrossbar(block).writeEnergy_J.total < evaluateCrossbar(rows).writeEnergy_J.total);
});

test('an SRAM row of 64 and of 128 bits takes about what CACTI says, 1.22 and 4.06 pJ', t => {
  for (const [size, row_pJ] of [
    [64, 1.22],
    [128, 4.06],
  ]) {
    const { rowWriteEnergy_J } = evaluateCrossbar(design('sram-32nm', { rows: size, cols: size }));
    t.true(Math.abs(rowWriteEnergy_J * 1e12 - row_pJ) < 0.12 * row_pJ, `${rowWriteEnergy_J}`);
  }
});

test('level shifters stand where a line is written above 1.5 V', t => {
  const at = (voltage_V: number): number => {
    const base = design('rram-32nm');
    return partOf(evaluateCrossbar({ ...base, write: { ...base.write, voltage_V } }).area_m2, 'levelShifter');
  };
  t.is(at(1.5), 0);
  t.true(at(1.6) > 4e-9 && at(1.6) === at(4));
  t.is(partOf(evaluateCrossbar(design('sram-32nm')).area_m2, 'levelShifter'), 0);
});

test('explicit figures replace what the laws say, component by component', t => {
  const base = design('fefet-32nm');
  const law = evaluateCrossbar(base);
  const given = evaluateCrossbar({
    ...base,
    given: {
      adc: { energy_J: 10e-12, time_s: 1e-9, area_m2: 1e-9, leakage_W: 1e-6 },
      array: { area_m2: 25e-12 },
      levelShifter: { area_m2: 0 },
      dac: { energy_J: 2e-12, area_m2: 10e-12 },
      write: { energy_J: 118e-12, time_s: 3.3e-6 },
    },
  });
  t.is(partOf(given.readEnergy_J, 'adc'), 10e-12);
  t.is(given.steps.convert_s, 1e-9);
  t.is(partOf(given.area_m2, 'adc'), 1e-9);
  t.is(partOf(given.area_m2, 'array'), 25e-12);
  t.is(partOf(given.area_m2, 'levelShifter'), 0);
  t.is(partOf(given.area_m2, 'dac'), 10e-12);
  t.is(partOf(given.leakage_W, 'adc'), 1e-6);
  t.is(given.writeEnergy_J.total, 118e-12);
  t.is(given.writeTime_s.total, 3.3e-6);
  t.is(partOf(given.readEnergy_J, 'driver'), partOf(law.readEnergy_J, 'driver'));
});

test('HP transistors are faster and leak more', t => {
  const [lstp, hp] = (['LSTP', 'HP'] as const).map(roadmap =>
    evaluateCrossbar({ ...design('fefet-32nm'), roadmap }),
  );
  t.true(hp.steps.settle_s < lstp.steps.settle_s / 2);
  t.true(apart(hp.leakage_W.total, 1000 * lstp.leakage_W.total) < 1e-9);
  // NeuroSim V1.4: 12.8 pJ against 15.7 pJ.
  t.true(Math.abs(hp.readEnergy_J.total - 12.8e-12) < 0.4e-12);
  t.true(hp.area_m2.total <= lstp.area_m2.total);
});

test('DACs stand at the rows where several input bits are driven at once', t => {
  const parts = [1, 2, 8].map(inputBitsPerStep =>
    partOf(evaluateCrossbar(design('fefet-32nm', { inputBitsPerStep })).area_m2, 'dac'),
  );
  t.is(parts[0], 0);
  // 0.166 um2 for 1 bit, twice for every bit more: 21.2 um2 for 8 (MNSIM).
  t.true(apart(parts[2], 64 * 21.248e-12) < 1e-12);
  t.true(apart(parts[1], 64 * 0.332e-12) < 1e-12);
});

test('a size whose lines lose more than a tenth of the read voltage is named with the reason', t => {
  t.deepEqual(evaluateCrossbar(design('fefet-32nm')).warnings, []);
  const [large] = evaluateCrossbar(design('fefet-32nm', { rows: 512, cols: 512 })).warnings;
  t.deepEqual(large.path, ['crossbar']);
  t.regex(large.message, /^512 x 512: IR drop of about 5\d % along the lines when all cells are on/);
  const low = { ...design('rram-32nm'), cell: { ...design('rram-32nm').cell, onResistance: 6000 } };
  t.regex(evaluateCrossbar(low as CrossbarDesign).warnings[0].message, /IR drop/);
});

test('a crossbar of published figures alone stretches no law', t => {
  const base = design('fefet-32nm', { rows: 512, cols: 512, node_m: 100e-9 });
  const parts = [
    'driver',
    'levelShifter',
    'array',
    'cells',
    'columnSwitch',
    'mux',
    'adc',
    'shiftAdd',
  ] as const;
  const figures = { energy_J: 1e-12, area_m2: 1e-12 };
  const all = Object.fromEntries(parts.map(name => [name, figures]));
  t.deepEqual(evaluateCrossbar({ ...base, given: all }).warnings, []);
  t.is(evaluateCrossbar({ ...base, given: { ...all, mux: { energy_J: 0 } } }).warnings.length, 2);
});

test('long lines against short conversions: the lumped wire model breaks down', t => {
  const fast = design('sram-digital-28nm', { rows: 1024, cols: 1024 });
  t.true(evaluateCrossbar(fast).warnings.some(w => /RC of/.test(w.message)));
});

test('nodes between and beyond the tabulated ones are named', t => {
  const at = (node_m: number) => evaluateCrossbar(design('sram-32nm', { node_m })).warnings[0]?.message ?? '';
  t.is(at(32e-9), '');
  t.is(at(65e-9), '');
  t.is(at(28e-9), '28.0 nm is interpolated between the tabulated nodes 22, 32, 45, 65 nm');
  t.is(at(90e-9), '90.0 nm is outside 22 to 65 nm: the circuit laws are extrapolated');
  t.is(
    at(7e-9),
    '7.00 nm is outside 22 to 65 nm: scaled by published tables (IRDS, Stillmaker and Baas); no published macro checks it within a factor of 3',
  );
  const digital = evaluateCrossbar(design('sram-digital-28nm', { node_m: 5e-9 })).warnings[0].message;
  t.regex(digital, /published digital macros at 5 and 4 nm take 2 to 3 times the energy/);
  const { message } = evaluateCrossbar(design('fefet-32nm', { node_m: 14e-9 })).warnings[0];
  t.regex(message, /^14.0 nm is outside 22 to 65 nm: cells and level shifters do not shrink with logic/);
});

for (const [what, change, message] of [
  ['a node of 3 nm', { node_m: 3e-9 }, 'node: expected a node of 14.0 nm to 130 nm, got 3.00 nm'],
  ['five bits in a FeFET', { cellBits: 5 }, 'cell.bits: a fefet cell holds at most 4 bit, got 5'],
  ['a SAR of 13 bits', { adcBits: 13 }, 'adc.bits: law neurosim-sar is for 1 to 12 bit, got 13'],
] as const) {
  test(`refused: ${what}`, t => {
    t.throws(() => evaluateCrossbar(design('fefet-32nm', change)), { instanceOf: TrexError, message });
  });
}

test('SRAM is scaled down to 3 nm, no further', t => {
  t.notThrows(() => evaluateCrossbar(design('sram-32nm', { node_m: 3e-9 })));
  t.throws(() => evaluateCrossbar(design('sram-32nm', { node_m: 2e-9 })), {
    message: 'node: expected a node of 3.00 nm to 130 nm, got 2.00 nm',
  });
});

test('refused: a write below the read, an ADC at digital cells, a tree that is too narrow', t => {
  const base = design('fefet-32nm');
  t.throws(() => evaluateCrossbar({ ...base, write: { ...base.write, voltage_V: 0.3 } }), {
    message: 'write.voltage: a write at 300 mV is below the read at 510 mV: reads would disturb the cells',
  });
  const digital = design('sram-digital-28nm');
  t.throws(() => evaluateCrossbar({ ...digital, adc: base.adc }), {
    message: 'adc.law: a digital-cim cell is read by an adder tree, got neurosim-sar',
  });
  const charge = {
    ...design('sram-charge-65nm'),
    adc: { law: 'neurosim-flash', bits: 6, columns: 8 },
  } as const;
  t.throws(() => evaluateCrossbar(charge), {
    message: 'adc.law: a sram-charge cell is read by its charge, neurosim-flash compares currents',
  });
  t.throws(() => evaluateCrossbar(design('sram-digital-28nm', { adcBits: 6 })), {
    message: 'adc.bits: a sum of 64 rows has 7 bit, the adder tree 6',
  });
});

test('a file of another level has no design', t => {
  t.throws(() => designOf(loadTech('trex-fefet-32nm').tech), {
    message: 'trex-fefet-32nm is of level macro: only level circuit has a design to evaluate',
  });
});

test('a converter at every column needs no multiplexer: columns settle with the lines alone', t => {
  const [one, eight] = [1, 8].map(mux => evaluateCrossbar(design('sram-32nm', { mux })));
  t.true(one.steps.settle_s < eight.steps.settle_s / 2);
  t.is(partOf(one.readEnergy_J, 'mux'), 0);
});

test('charge: active cells charge their capacitors to the supply, and no current flows', t => {
  const { readEnergy_J } = evaluateCrossbar(design('sram-charge-65nm'));
  // Half of 64 rows, 64 columns, 2 fF, 1.1 V.
  t.true(apart(partOf(readEnergy_J, 'cells'), 32 * 64 * 2e-15 * 1.1 ** 2) < 1e-12);
});
