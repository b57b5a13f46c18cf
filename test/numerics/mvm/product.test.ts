import test from 'ava';
import fc from 'fast-check';
import { streamKey } from '../../../src/base/random.ts';
import type { MvmInput } from '../../../src/numerics/mvm/backend.ts';
import { combineSlices, multiply } from '../../../src/numerics/mvm/multiply.ts';
import { program } from '../../../src/numerics/mvm/program.ts';
import { referenceBackend } from '../../../src/numerics/mvm/reference.ts';
import type { MvmSpec } from '../../../src/numerics/mvm/spec.ts';
import { wasmBackend } from '../../../src/numerics/mvm/wasm/backend.ts';
import { cases, randomInputs, randomWeights, sliceSums } from './cases.ts';

const KEY = streamKey(1, 'read');
const PROGRAM = streamKey(1, 'program');

function integerProduct(
  x: MvmInput,
  weights: Int32Array,
  { rows, cols }: MvmSpec,
  tokens: number,
): Int32Array {
  return Int32Array.from({ length: tokens * cols }, (_, i) => {
    const [token, col] = [Math.floor(i / cols), i % cols];
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += x[token * rows + row] * weights[row * cols + col];
    return sum;
  });
}

test('a lossless ADC without noise gives the integer matrix product, bit by bit and in the short way', async t => {
  const reference = referenceBackend();
  const wasm = await wasmBackend();
  await fc.assert(
    fc.asyncProperty(cases(true), async ({ spec, tokens, seed }) => {
      const weights = randomWeights(spec, seed);
      const x = randomInputs(spec, tokens, seed);
      const expected = integerProduct(x, weights, spec, tokens);
      const matrix = program(weights, spec, {}, PROGRAM);
      t.truthy(matrix.ideal);
      for (const backend of [reference, wasm]) {
        const sums = await sliceSums(backend, matrix, x, tokens, KEY);
        t.deepEqual(combineSlices(matrix.plan, sums, x, tokens), expected);
        t.deepEqual(
          await multiply(backend, { handle: await backend.load(matrix), x, tokens, key: KEY }),
          expected,
        );
      }
    }),
    { numRuns: 60 },
  );
});

test('any device model turns the short way off', t => {
  const spec: MvmSpec = {
    rows: 4,
    cols: 2,
    arrayRows: 4,
    cellBits: 1,
    weightBits: 2,
    inputBits: 1,
    signedInput: false,
    encoding: 'offset',
    adc: { bits: 3, levelsPerLsb: 'lossless' },
    strip: 1,
  };
  const weights = randomWeights(spec, 1);
  t.truthy(program(weights, spec, {}, PROGRAM).ideal);
  t.is(program(weights, spec, { stuck: { on: 0, off: 0 } }, PROGRAM).ideal, undefined);
  const lossy: MvmSpec = { ...spec, adc: { bits: 2, levelsPerLsb: 'full-scale' } };
  t.is(program(weights, lossy, {}, PROGRAM).ideal, undefined);
});

test('a 6-bit ADC with three levels per step rounds every conversion to the nearest step', async t => {
  // TReX: 64 rows of 2-bit cells give 0..192 levels, read as 64 codes of three levels.
  const spec: MvmSpec = {
    rows: 64,
    cols: 1,
    arrayRows: 64,
    cellBits: 2,
    weightBits: 2,
    inputBits: 1,
    signedInput: false,
    encoding: 'offset',
    adc: { bits: 6, levelsPerLsb: { levels: 3, steps: 1 } },
    strip: 1,
  };
  // Weight 1 is level 3: n active rows hold 3n levels, code n up to 63; the offset of 2 per input is taken off.
  const matrix = program(new Int32Array(64).fill(1), spec, {}, PROGRAM);
  const backend = referenceBackend();
  for (const active of [0, 1, 40, 63, 64]) {
    const x = new Uint8Array(64).fill(1, 0, active);
    const y = await multiply(backend, { handle: await backend.load(matrix), x, tokens: 1, key: KEY });
    t.deepEqual([...y], [3 * Math.min(63, active) - 2 * active]);
  }
  // Weight -1 is level 1: 4 rows are 4/3 steps, rounded to one; 5 rows 5/3, rounded to two.
  const ones = program(new Int32Array(64).fill(-1), spec, {}, PROGRAM);
  for (const [active, code] of [
    [1, 0],
    [2, 1],
    [4, 1],
    [5, 2],
  ]) {
    const x = new Uint8Array(64).fill(1, 0, active);
    t.deepEqual(
      [...(await multiply(backend, { handle: await backend.load(ones), x, tokens: 1, key: KEY }))],
      [3 * code - 2 * active],
    );
  }
});
