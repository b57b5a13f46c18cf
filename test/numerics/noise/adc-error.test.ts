import test from 'ava';
import { streamKey } from '../../../src/base/random.ts';
import { program } from '../../../src/numerics/mvm/program.ts';
import { referenceBackend } from '../../../src/numerics/mvm/reference.ts';
import type { MvmSpec } from '../../../src/numerics/mvm/spec.ts';
import { inlAt, inlOf } from '../../../src/numerics/noise/inl.ts';
import type { AdcError } from '../../../src/tech/noise/adc.ts';
import { thermalShare } from '../../../src/tech/noise/thermal.ts';
import { sliceSums } from '../mvm/cases.ts';

const NONE: AdcError = { offset_LSB: 0, gain: 0, inl_LSB: 0, columns: 8 };
const SPEC: MvmSpec = {
  rows: 255,
  cols: 64,
  arrayRows: 255,
  cellBits: 1,
  weightBits: 1,
  inputBits: 1,
  signedInput: false,
  encoding: 'offset',
  adc: { bits: 8, levelsPerLsb: 'lossless' },
  strip: 1,
};
const CELLS = new Int32Array(SPEC.rows * SPEC.cols);

/** Codes of all columns with `active` rows of full cells. */
async function codes(error: AdcError, active: number): Promise<Int32Array> {
  const matrix = program(CELLS, SPEC, { adc: error }, streamKey(1, 'program'));
  return sliceSums(
    referenceBackend(),
    matrix,
    new Uint8Array(SPEC.rows).fill(1, 0, active),
    1,
    streamKey(1, 'r'),
  );
}

test('the bow peaks in the middle of the range and vanishes at its ends', t => {
  for (const inl of [0.8, -0.8, 3]) {
    const term = inlOf(inl, 8, 13);
    const at = (code: number): number => inlAt(code * 8192, term) / 8192;
    t.true(Math.abs(at(127.9) - inl) < 0.01 * Math.abs(inl), `peak ${at(127.9)}`);
    t.true(Math.abs(at(64) - 0.75 * inl) < 0.02 * Math.abs(inl));
    t.is(at(0), 0);
    t.is(at(255), 0);
  }
  t.is(program(CELLS, SPEC, { adc: NONE }, streamKey(1, 'program')).inl, undefined);
  t.throws(() => inlOf(5, 8, 13), { message: /at most 4 steps/ });
});

test('a bow of two steps shifts the codes in the middle by two', async t => {
  t.true((await codes({ ...NONE, inl_LSB: 2 }, 128)).every(code => code === 130));
  t.true((await codes({ ...NONE, inl_LSB: 2 }, 0)).every(code => code === 0));
});

test('offset is the same for all codes of a converter and differs between converters', async t => {
  const error = { ...NONE, offset_LSB: 4 };
  const [low, high] = [await codes(error, 60), await codes(error, 180)];
  const shifts = low.map(code => code - 60);
  t.deepEqual([...high.map(code => code - 180)], [...shifts]);
  for (let col = 0; col < SPEC.cols; col++) t.is(shifts[col], shifts[col - (col % 8)]);
  t.true(new Set(shifts).size > 3);
});

test('gain grows with the code', async t => {
  const error = { ...NONE, gain: 0.05 };
  const [low, high] = [await codes(error, 60), await codes(error, 180)];
  t.true((await codes(error, 0)).every(code => code === 0));
  for (let col = 0; col < SPEC.cols; col++) {
    const gain = (high[col] - low[col]) / 120;
    t.true(Math.abs(high[col] - 180 * gain) <= 2.5);
  }
  t.true(new Set(high).size > 3);
});

test('kT/C noise of 64 fF is a quarter of a millivolt', t => {
  const sigma = 2 ** 8 * thermalShare({ capacitance_F: 64e-15, fullScale_V: 1, temperature_K: 300 });
  t.true(Math.abs(sigma / 256 - 0.254e-3) < 0.001e-3);
  t.throws(() => 2 ** 8 * thermalShare({ capacitance_F: 0, fullScale_V: 1, temperature_K: 300 }), {
    message: /capacitance_F/,
  });
});
