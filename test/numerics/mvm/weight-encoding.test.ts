import test from 'ava';
import { TrexError } from '../../../src/base/errors.ts';
import { slicer } from '../../../src/numerics/mvm/levels.ts';
import { type MvmSpec, planMvm } from '../../../src/numerics/mvm/spec.ts';
import { ENCODING_NAMES, weightEncoding } from '../../../src/tech/encodings.ts';

const specOf = (encoding: MvmSpec['encoding'], cellBits: number): MvmSpec => ({
  rows: 1,
  cols: 1,
  arrayRows: 1,
  cellBits,
  weightBits: 6,
  inputBits: 1,
  signedInput: false,
  encoding,
  adc: { bits: 8, levelsPerLsb: 'lossless' },
  strip: 1,
});

for (const encoding of ENCODING_NAMES)
  for (const cellBits of [1, 2, 4])
    test(`${encoding}, ${cellBits} bits a cell: slices add up to every weight, whose levels fit a cell`, t => {
      const plan = planMvm(specOf(encoding, cellBits));
      const levelOf = slicer(plan);
      for (let w = weightEncoding(encoding).lowest(6); w < 32; w++) {
        let sum = -plan.weightOffset;
        for (const [slice, weight] of plan.sliceWeights.entries()) {
          const level = levelOf(w, slice);
          t.true(level >= 0 && level <= plan.maxLevel);
          sum += weight * level;
        }
        t.is(sum, w);
        // Less the reference column's levels, with what is left of the offset taken off in digital.
        for (const parity of [0, 1] as const) {
          const analog = plan.weightSlices.map(
            ({ weight, reference }, slice) => weight * (levelOf(w, slice) - reference[parity]),
          );
          t.is(
            analog.reduce((a, b) => a + b, -plan.pedestals[parity]),
            w,
          );
        }
      }
    });

test('pairs of cells take twice the slices of their bits', t => {
  t.is(planMvm(specOf('differential', 1)).slices, 10);
  t.is(planMvm(specOf('offset', 1)).slices, 6);
});

test('a reference column conducts the middle of the bits that its slice holds: the levels next to it take turns', t => {
  const references = (cellBits: number) =>
    planMvm({ ...specOf('reference-column', cellBits), arrayRows: 2, weightBits: 7 }).weightSlices.map(
      s => s.reference,
    );
  t.deepEqual(references(1).slice(0, 2), [
    [0, 1],
    [1, 0],
  ]);
  t.deepEqual(references(2), [
    [1, 2],
    [2, 1],
    [1, 2],
    [1, 0],
  ]);
  t.deepEqual(references(4), [
    [7, 8],
    [4, 3],
  ]);
});

test('over an odd number of rows all slices share one range of sums, and the bits of a full column lose nothing', t => {
  const spec = { ...specOf('reference-column', 2), arrayRows: 5, weightBits: 7 };
  const plan = planMvm({ ...spec, adc: { bits: 4, levelsPerLsb: 'lossless' } });
  t.like(plan, { leastSum: -7, mostSum: 8, lossless: true });
});

test('codes reach below zero as far as the reference column takes sums', t => {
  const spec = { ...specOf('reference-column', 2), arrayRows: 64 };
  t.like(planMvm(spec), { low: -96, leastSum: -96, mostSum: 96, lossless: true });
  const full = planMvm({ ...spec, adc: { bits: 6, levelsPerLsb: 'full-scale' } });
  t.like(full, { low: -32, maxCode: 63, lossless: false });
});

test('an encoding that nobody knows is refused', t => {
  t.throws(() => planMvm({ ...specOf('offset', 1), encoding: 'differentail' as 'offset' }), {
    instanceOf: TrexError,
    message: /weight encoding.*did you mean differential\?/,
  });
});
