import test from 'ava';
import { TrexError } from '../../../src/base/errors.ts';
import { slicer } from '../../../src/numerics/mvm/levels.ts';
import {
  DEFAULT_ENCODING,
  ENCODING_NAMES,
  encodingOf,
  type MvmSpec,
  planMvm,
} from '../../../src/numerics/mvm/spec.ts';

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
      for (let w = encodingOf({ encoding }).lowest(6); w < 32; w++) {
        let sum = -plan.weightOffset;
        for (const [slice, weight] of plan.sliceWeights.entries()) {
          const level = levelOf(w, slice);
          t.true(level >= 0 && level <= plan.maxLevel);
          sum += weight * level;
        }
        t.is(sum, w);
      }
    });

test('pairs of cells take twice the slices of their bits', t => {
  t.is(planMvm(specOf('differential', 1)).slices, 10);
  t.is(planMvm(specOf('offset', 1)).slices, 6);
});

test('offset codes are the default, and an encoding that nobody knows is refused', t => {
  t.is(DEFAULT_ENCODING, 'offset');
  t.is(ENCODING_NAMES[0], DEFAULT_ENCODING);
  t.throws(() => planMvm({ ...specOf('offset', 1), encoding: 'differentail' as 'offset' }), {
    instanceOf: TrexError,
    message: /weight encoding.*did you mean differential\?/,
  });
});
