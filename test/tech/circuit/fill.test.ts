/** A matrix pays for the rows and columns that it takes, and for the length of the lines. */
import test from 'ava';
import fc from 'fast-check';
import { loadTech } from '../../../src/run/node/load.ts';
import { partOf } from '../../../src/tech/circuit/breakdown.ts';
import type { CrossbarDesign, CrossbarFigures } from '../../../src/tech/circuit/design.ts';
import { designWith } from '../../../src/tech/circuit/design.ts';
import { evaluateCrossbar } from '../../../src/tech/circuit/evaluate.ts';
import { type Fill, scannedGroups } from '../../../src/tech/circuit/fill.ts';
import { designOf } from '../../../src/tech/design-of.ts';
import { apart } from '../../helpers/chips.ts';
import { anyDesign, design } from './designs.ts';

const FIGURES = ['readEnergy_J', 'readTime_s', 'writeEnergy_J', 'writeTime_s'] as const;

/** A design and a matrix that it holds. */
const filled = anyDesign.chain(of =>
  fc.record({
    of: fc.constant(of),
    fill: fc.record({
      rows: fc.integer({ min: 1, max: of.rows }),
      cols: fc.integer({ min: 1, max: of.cols }),
    }),
  }),
);

const figures = (of: CrossbarDesign, fill?: Fill): number[] => {
  const all = evaluateCrossbar(of, fill);
  return FIGURES.map(name => all[name].total);
};

/** Time of a write without its reads to verify, which settle with the lines. */
const pulses = ({ writeTime_s }: CrossbarFigures): number =>
  partOf(writeTime_s, 'erase') + partOf(writeTime_s, 'pulse');

const noMore = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((value, i) => value <= b[i] * (1 + 1e-12));

test('a full array is the array', t => {
  t.notThrows(() =>
    fc.assert(
      fc.property(anyDesign, of => {
        const [a, b] = [evaluateCrossbar(of), evaluateCrossbar(of, { rows: of.rows, cols: of.cols })];
        return JSON.stringify(a) === JSON.stringify(b);
      }),
      { seed: 21 },
    ),
  );
});

test('one row or one column more in use never takes less', t => {
  t.notThrows(() =>
    fc.assert(
      fc.property(filled, fc.boolean(), ({ of, fill }, row) => {
        const more = row
          ? { rows: Math.min(of.rows, fill.rows + 1), cols: fill.cols }
          : { rows: fill.rows, cols: Math.min(of.cols, fill.cols + 1) };
        return noMore(figures(of, fill), figures(of, more));
      }),
      { seed: 22, numRuns: 300 },
    ),
  );
});

test('area and leakage are those of the array, whatever it holds', t => {
  t.notThrows(() =>
    fc.assert(
      fc.property(filled, ({ of, fill }) => {
        const [part, whole] = [evaluateCrossbar(of, fill), evaluateCrossbar(of)];
        return part.area_m2.total === whole.area_m2.total && part.leakage_W.total === whole.leakage_W.total;
      }),
      { seed: 23, numRuns: 50 },
    ),
  );
});

/**
 * Two arrays of one technology that hold the same matrix: all lines, switches and the charge on them grow at most as the
 * array does; conversions, currents and additions do not grow but by what a converter of more rows takes (flash: references;
 * trees: levels), which the figures of one column of the larger full array hold.
 */
test('a larger array costs the same matrix no more than its longer lines do', t => {
  const sar = anyDesign.filter(
    ({ adc, inputDensity }) =>
      inputDensity > 1e-3 && adc.law !== 'adder-tree' && adc.law !== 'neurosim-flash',
  );
  t.notThrows(() =>
    fc.assert(
      fc.property(sar, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), (of, tall, wide) => {
        const larger = designWith(of, { rows: of.rows * tall, cols: of.cols * wide });
        const [small, part] = [evaluateCrossbar(of), evaluateCrossbar(larger, of)];
        const within = (name: string, factor: number): boolean =>
          partOf(part.readEnergy_J, name) <= partOf(small.readEnergy_J, name) * factor * (1 + 1e-9);
        // Rows are longer by `wide`, columns by `tall`; a switch is as wide as its line asks.
        const lines = ['driver', 'array', 'dac'].every(name => within(name, wide));
        const muxes = within('mux', wide) && within('columnSwitch', tall);
        const rest = ['adc', 'shiftAdd', 'sampleHold'].every(name => within(name, 1));
        const settled = part.steps.settle_s <= small.steps.settle_s * (tall * wide) ** 2 * (1 + 1e-9);
        const scanned = part.steps.groups <= small.steps.groups;
        return lines && muxes && rest && settled && scanned && pulses(part) <= pulses(small) * (1 + 1e-9);
      }),
      { seed: 24, numRuns: 300 },
    ),
  );
});

test('64 x 64 of a matrix in a FeFET array of 1024 x 1024 pays for longer lines, not for 256 arrays', t => {
  const of = (size: number, fill?: Fill) =>
    evaluateCrossbar(design('fefet-32nm', { rows: size, cols: size }), fill);
  const small = of(64);
  const [full, part] = [of(1024), of(1024, { rows: 64, cols: 64 })];
  t.true(full.readEnergy_J.total > 70 * small.readEnergy_J.total);
  t.true(part.readEnergy_J.total < small.readEnergy_J.total);
  t.is(partOf(part.readEnergy_J, 'adc'), partOf(small.readEnergy_J, 'adc'));
  t.is(partOf(part.readEnergy_J, 'shiftAdd'), partOf(small.readEnergy_J, 'shiftAdd'));
  t.is(part.writeTime_s.total, small.writeTime_s.total);
  // 128 converters share 64 columns: one round instead of eight.
  t.is(part.steps.groups, 1);
});

test('groups: columns are spread over the converters, the last of which has what is left', t => {
  t.is(scannedGroups(64, 8, 64), 8);
  t.is(scannedGroups(64, 8, 1), 1);
  t.is(scannedGroups(64, 8, 8), 1);
  t.is(scannedGroups(64, 8, 9), 2);
  // Converters of 8 and 2 columns.
  t.deepEqual(
    [1, 2, 3, 4, 5, 6, 10].map(used => scannedGroups(10, 8, used)),
    [1, 1, 2, 2, 3, 4, 8],
  );
  t.is(scannedGroups(128, 128, 60), 60);
});

test('published figures are divided likewise: inputs by rows, conversions by columns, a write by rows and cells', t => {
  const isaac = designOf(loadTech('isaac-32nm').tech, { weights: 16, inputs: 16 });
  const half = evaluateCrossbar(isaac, { rows: 64, cols: 32 });
  const pJ = (name: string): number => partOf(half.readEnergy_J, name);
  t.true(apart(pJ('dac'), 25e-12) < 1e-12);
  t.true(apart(pJ('adc'), 32 * 1.5625e-12) < 1e-12);
  t.is(half.steps.groups, 32);
  t.true(apart(half.writeTime_s.total, 10.96875e-6 / 2) < 1e-12);
  t.true(apart(half.writeEnergy_J.total, 21.125e-9 / 8) < 1e-12);
});
