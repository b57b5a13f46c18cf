import test from 'ava';
import { TrexError } from '../../../src/base/errors.ts';
import { cellLevels, EMPTY } from '../../../src/numerics/mvm/levels.ts';
import { type MvmSpec, planMvm } from '../../../src/numerics/mvm/spec.ts';

const SPEC: MvmSpec = {
  rows: 384,
  cols: 1536,
  arrayRows: 128,
  cellBits: 2,
  weightBits: 8,
  inputBits: 8,
  signedInput: false,
  encoding: 'offset',
  adc: { bits: 8, levelsPerLsb: 'full-scale' },
  strip: 16,
};

const refused = (spec: Partial<MvmSpec>): string => {
  try {
    planMvm({ ...SPEC, ...spec });
    return 'accepted';
  } catch (error) {
    return error instanceof TrexError ? error.message : String(error);
  }
};

test('a plan follows from the spec', t => {
  const plan = planMvm(SPEC);
  t.is(plan.blocks, 3);
  t.deepEqual(plan.sliceWeights, [1, 4, 16, 64]);
  t.deepEqual(plan.planeWeights, [1, 2, 4, 8, 16, 32, 64, 128]);
  t.is(plan.weightOffset, 128);
  // 128 rows of up to three levels on 255 codes: 384/255 levels per step.
  t.deepEqual([plan.levels, plan.steps], [128, 85]);
  t.is(plan.fracBits, 9);
  t.false(plan.lossless);
});

test('a share of a full column is one of what the inputs can drive, and never finer than a level', t => {
  const scale = (spec: Partial<MvmSpec>, bits = 4): number[] => {
    const plan = planMvm({ ...SPEC, ...spec, adc: { bits, levelsPerLsb: { ofFullScale: 0.5 } } });
    return [plan.levels / plan.steps, plan.maxDigit];
  };
  t.deepEqual(scale({}), [192 / 15, 1]);
  t.deepEqual(scale({}, 8), [1, 1]);
  // Inputs of 4 bits on a DAC of 8 drive 15 levels, those of two's complement 7.
  t.deepEqual(scale({ inputBits: 4, inputBitsPerStep: 8 }), [192, 15]);
  t.deepEqual(scale({ inputBits: 4, inputBitsPerStep: 4 }), [192, 15]);
  t.deepEqual(scale({ inputBits: 4, inputBitsPerStep: 8, signedInput: true }), [1344 / 15, 7]);
  t.regex(refused({ adc: { bits: 4, levelsPerLsb: { ofFullScale: 0 } } }), /share of a full column/);
});

test('a step has 512 units, and more where a level would have less than 128', t => {
  // 4 bits in a cell: 7.5 levels are a step, 1024 units of which give a level 136.
  t.is(planMvm({ ...SPEC, cellBits: 4 }).fracBits, 10);
  // 8 bits: as many as fit, 13, would do for a level of 64 units; 12.05 levels of 2 bits take 11.
  t.is(planMvm({ ...SPEC, cellBits: 8 }).fracBits, 13);
  t.is(planMvm({ ...SPEC, arrayRows: 1024 }).fracBits, 11);
  t.is(planMvm({ ...SPEC, fracBits: 4 }).fracBits, 4);
});

test('signed inputs count their highest plane negative', t => {
  t.deepEqual(planMvm({ ...SPEC, signedInput: true, inputBits: 3 }).planeWeights, [1, 2, -4]);
});

test('differential weights stand in positive and negative slices', t => {
  const plan = planMvm({ ...SPEC, encoding: 'differential' });
  t.deepEqual(plan.sliceWeights, [1, 4, 16, 64, -1, -4, -16, -64]);
  t.is(plan.weightOffset, 0);
});

test('a spec that cannot be computed exactly is refused with what fits', t => {
  t.regex(refused({ adc: { bits: 8, levelsPerLsb: 'lossless' } }), /needs 9 bits/);
  t.is(refused({ adc: { bits: 9, levelsPerLsb: 'lossless' } }), 'accepted');
  t.regex(refused({ fracBits: 20 }), /the largest that fits is 13/);
  t.regex(refused({ adc: { bits: 2, levelsPerLsb: { levels: 1, steps: 4 } } }), /ends below one level/);
  t.regex(
    refused({ adc: { bits: 4, levelsPerLsb: { levels: 1000, steps: 1 } } }),
    /more than twice a full column/,
  );
  t.regex(
    refused({ rows: 2 ** 20, arrayRows: 4, adc: { bits: 14, levelsPerLsb: 'lossless' } }),
    /the most that fit with these bits are/,
  );
  t.regex(
    refused({ arrayRows: 4096, cellBits: 8, adc: { bits: 14, levelsPerLsb: { levels: 1, steps: 8 } } }),
    /24-bit/,
  );
  t.regex(refused({ inputBits: 9 }), /inputBits is an integer from 1 to 8, got 9/);
  t.regex(refused({ strip: 2 as 1 }), /strip is 1, 16 or 32/);
  t.regex(refused({ encoding: 'differential', weightBits: 1 }), /weightBits is an integer from 2/);
});

test('the row limit that a refusal names is accepted, one block more is not', t => {
  const spec = { arrayRows: 4, cols: 4, adc: { bits: 14, levelsPerLsb: 'lossless' as const } };
  const message = refused({ ...spec, rows: 2 ** 20 });
  const rows = Number(/bits are (\d+)/.exec(message)?.[1]);
  t.is(refused({ ...spec, rows }), 'accepted');
  t.not(refused({ ...spec, rows: rows + 1 }), 'accepted');
});

test('levels are the bit slices of the offset code, and places behind the last row are empty', t => {
  const plan = planMvm({ ...SPEC, rows: 3, cols: 1, arrayRows: 2, weightBits: 4 });
  // -8, 0 and 7 are the codes 0000, 1000 and 1111; slices of two bits, low one first.
  const levels = cellLevels([-8, 0, 7], plan);
  t.deepEqual([...levels], [0, 0, 0, 2, 3, EMPTY, 3, EMPTY]);
  t.throws(() => cellLevels([8, 0, 0], plan), {
    message: /weight 8 in row 0, column 0 is no integer from -8 to 7/,
  });
});

test('differential levels hold the magnitude on the side of the sign', t => {
  const plan = planMvm({ ...SPEC, rows: 2, cols: 1, arrayRows: 2, weightBits: 3, encoding: 'differential' });
  t.deepEqual([...cellLevels([3, -2], plan)], [3, 0, 0, 2]);
  t.throws(() => cellLevels([-4, 0], plan), { message: /from -3 to 3/ });
});
