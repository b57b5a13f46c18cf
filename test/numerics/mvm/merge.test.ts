/** Merged slices compute the product: exactly where nothing differs, as one cell of many bits, and as often as the hardware converts. */
import test from 'ava';
import { crossbarDevice } from '../../../src/accuracy/device.ts';
import { streamKey } from '../../../src/base/random.ts';
import { mvmSpec } from '../../../src/numerics/execute/crossbar-device.ts';
import type { MvmBackend, MvmStats } from '../../../src/numerics/mvm/backend.ts';
import { loadWeights, multiply } from '../../../src/numerics/mvm/multiply.ts';
import { program } from '../../../src/numerics/mvm/program.ts';
import { referenceBackend } from '../../../src/numerics/mvm/reference.ts';
import { type MvmSpec, planMvm } from '../../../src/numerics/mvm/spec.ts';
import { wasmBackend } from '../../../src/numerics/mvm/wasm/backend.ts';
import { loadTech } from '../../../src/run/node/load.ts';
import { unitMismatch } from '../../../src/tech/circuit/merge-law.ts';
import { ENCODING_NAMES } from '../../../src/tech/encodings.ts';
import type { NoiseModel } from '../../../src/tech/noise-model.ts';
import type { Device } from '../../../src/tech/schema.ts';
import { sameNumbers } from '../../helpers/same-numbers.ts';
import { randomInputs, randomWeights, sliceSums } from './cases.ts';

const SPEC: MvmSpec = {
  rows: 50,
  cols: 12,
  arrayRows: 32,
  cellBits: 2,
  merge: true,
  weightBits: 8,
  inputBits: 4,
  signedInput: false,
  encoding: 'offset',
  adc: { bits: 14, levelsPerLsb: 'lossless' },
  strip: 1,
};
const TOKENS = 3;
const [PROGRAM, READ] = [streamKey(1, 'program'), streamKey(1, 'read')];
const reference = referenceBackend();
let wasm: MvmBackend;
test.before(async () => {
  wasm = await wasmBackend();
});
test.after.always(() => wasm?.dispose());

/** The integer product. */
function product(spec: MvmSpec, weights: ArrayLike<number>, x: ArrayLike<number>): number[] {
  const y = new Array<number>(TOKENS * spec.cols).fill(0);
  for (let token = 0; token < TOKENS; token++)
    for (let row = 0; row < spec.rows; row++)
      for (let col = 0; col < spec.cols; col++)
        y[token * spec.cols + col] += x[token * spec.rows + row] * weights[row * spec.cols + col];
  return y;
}

for (const encoding of ENCODING_NAMES)
  for (const cellBits of [1, 2, 3])
    test(`merged slices of ${cellBits} bits, ${encoding}: a lossless converter gives the integer product`, async t => {
      const spec: MvmSpec = { ...SPEC, encoding, cellBits };
      const [weights, x] = [randomWeights(spec, 2), randomInputs(spec, TOKENS, 2)];
      const matrix = program(weights, spec, {}, PROGRAM);
      t.truthy(matrix.ideal);
      // Without the short way of an ideal matrix.
      const handle = await reference.load({ ...matrix, ideal: undefined });
      const run = { handle, x, tokens: TOKENS, key: READ };
      const stats: MvmStats = { conversions: 0, cellMacs: 0 };
      t.deepEqual([...(await multiply(reference, run, stats))], product(spec, weights, x));
      // Planes x blocks x columns: one a weight, or one for each of its signs; cells are read as before.
      const parts = encoding === 'differential' ? 2 : 1;
      t.is(stats.conversions, TOKENS * 4 * 2 * 12 * parts);
      const slices = parts * Math.ceil((encoding === 'differential' ? 7 : 8) / cellBits);
      t.is(stats.cellMacs, TOKENS * 4 * 50 * 12 * slices);
    });

const NOISES: Record<string, NoiseModel> = {
  'write variation': { write: { kind: 'multiplicative', sigma: 0.1 } },
  'noise of cells in reads': { read: { kind: 'multiplicative', sigma: 0.05, when: 'read' } },
  'noise of the range in reads': { read: { kind: 'additive', sigma: 0.05, when: 'read' } },
  'on/off ratio': { onOff: { ratio: 20, reference: 'column' } },
  'IR drop': {
    irDrop: { onResistance_ohm: 1e4, rowWire_ohm: 5, colWire_ohm: 5, arrayCols: 12, idle: 'cut-off' },
  },
};

for (const [name, noise] of Object.entries(NOISES))
  for (const encoding of ENCODING_NAMES)
    test(`${name} on merged slices, ${encoding}: the same bits on wasm`, async t => {
      const spec: MvmSpec = { ...SPEC, encoding, adc: { bits: 9, levelsPerLsb: 'full-scale' }, strip: 16 };
      const [weights, x] = [randomWeights(spec, 3), randomInputs(spec, TOKENS, 3)];
      const matrix = program(weights, spec, noise, PROGRAM);
      const expected = await sliceSums(reference, matrix, x, TOKENS, READ);
      sameNumbers(t, await sliceSums(wasm, matrix, x, TOKENS, READ), expected);
      const [handle] = await loadWeights(wasm, spec, noise, [{ weights, key: PROGRAM }]);
      const out = new Int32Array(handle.plan.slices * TOKENS * spec.cols);
      await wasm.run({ handle, x, tokens: TOKENS, key: READ }, out);
      sameNumbers(t, out, expected);
      handle.dispose();
    });

test('a merged cell conducts what one cell of all bits would, programmed slice by slice', t => {
  const spec: MvmSpec = { ...SPEC, adc: { bits: 8, levelsPerLsb: 'full-scale' } };
  const weights = randomWeights(spec, 4);
  const merged = program(weights, spec, {}, PROGRAM);
  const { merge: _, ...whole } = spec;
  const one = program(weights, { ...whole, cellBits: 8 }, {}, PROGRAM);
  t.deepEqual(planMvm(spec).levels, planMvm({ ...whole, cellBits: 8 }).levels);
  sameNumbers(t, merged.g, one.g);
});

test('noise of merged cells adds up by the squares of their places, that of the network is one of a full column', t => {
  const spec: MvmSpec = { ...SPEC, adc: { bits: 8, levelsPerLsb: 'full-scale' } };
  const plan = planMvm(spec);
  const level = (2 ** plan.fracBits * plan.steps) / plan.levels;
  const additive = program(
    randomWeights(spec, 1),
    spec,
    NOISES['noise of the range in reads'],
    PROGRAM,
  ).noise;
  if (additive.kind !== 'active') return t.fail(additive.kind);
  // One driven row: 0.05 x 3 levels of each cell, by 1, 4, 16, 64.
  const sigma = 0.05 * 3 * level * Math.sqrt(1 + 16 + 256 + 4096);
  const drawn = (additive.mantissas[1] / 2 ** additive.shift) * 2 ** 9;
  t.true(Math.abs(drawn / sigma - 1) < 2e-2, `${drawn} ${sigma}`);
});

test('mismatch of a ladder costs decibels on one converter of 14 bits: 0.85 % at 1 fF, less for larger capacitors', async t => {
  t.is(unitMismatch(1e-15), 0.0085);
  t.is(unitMismatch(4e-15), 0.00425);
  const errors: number[] = [];
  for (const unit of ['2 fF', '32 fF']) {
    const set = ['tech.adc.columns=8', `tech.merge={law: c-2c, unit: ${unit}}`];
    const { tech } = loadTech('sram-charge-65nm', { set });
    const device = crossbarDevice(tech as Device, false, { adcBits: 14 });
    const spec = mvmSpec(device, 64, 32, 8, { bits: 4, signed: false, scale: 1, zero: 0 } as never);
    t.true(spec.merge);
    // 64 columns hold 8 weights.
    t.is(spec.arrayCols, 8);
    const [weights, x] = [randomWeights(spec, 5), randomInputs(spec, TOKENS, 5)];
    const handle = await reference.load(program(weights, spec, device.noise, PROGRAM));
    const y = await multiply(reference, { handle, x, tokens: TOKENS, key: READ });
    const exact = product(spec, weights, x);
    errors.push(Math.sqrt(exact.reduce((sum, value, i) => sum + (y[i] - value) ** 2, 0) / exact.length));
  }
  // Four times the side of a capacitor, a quarter of the error.
  const ratio = errors[0] / errors[1];
  t.true(ratio > 3 && ratio < 5, String(ratio));
});
