/** Several input bits a step: digits in the place of bits, on all back ends. */
import test from 'ava';
import fc from 'fast-check';
import { countClipping } from '../../../src/accuracy/clipping.ts';
import { TrexError } from '../../../src/base/errors.ts';
import { streamKey } from '../../../src/base/random.ts';
import { adcAt, WindowFit } from '../../../src/numerics/mvm/adc-window.ts';
import type { MvmBackend } from '../../../src/numerics/mvm/backend.ts';
import { type GpuBackend, gpuBackend } from '../../../src/numerics/mvm/gpu/backend.ts';
import { inputPlanes } from '../../../src/numerics/mvm/input-planes.ts';
import { multiply } from '../../../src/numerics/mvm/multiply.ts';
import { wasmBackend } from '../../../src/numerics/mvm/node/wasm-backend.ts';
import { program } from '../../../src/numerics/mvm/program.ts';
import { referenceBackend } from '../../../src/numerics/mvm/reference.ts';
import { rowActivity } from '../../../src/numerics/mvm/row-activity.ts';
import { EXACT_FLOAT32_LIMIT, type MvmSpec, planMvm } from '../../../src/numerics/mvm/spec.ts';
import { sameNumbers } from '../../helpers/same-numbers.ts';
import { type Case, cases, MODELS, randomInputs, randomWeights, sliceSums } from './cases.ts';

fc.configureGlobal({ includeErrorInReport: true });

const READ = streamKey(1, 'read');
const PROGRAM = streamKey(1, 'program');
const reference = referenceBackend();
let wasm: MvmBackend;
let threads: MvmBackend;
let gpu: GpuBackend;

test.before(async () => {
  wasm = await wasmBackend();
  threads = await wasmBackend({ threads: 2 });
  gpu = await gpuBackend({ mode: 'cpu' });
});
test.after.always(async () => {
  await Promise.all([wasm, threads, gpu].map(backend => backend?.dispose()));
});

/** Read noise that follows the cells is for single bits. */
const { trex, ...models } = MODELS;

/** The cases of single bits with several a step; `lossless` with the codes that their sums need. */
const stepped = (lossless: boolean): fc.Arbitrary<Case> =>
  fc.tuple(cases(lossless), fc.integer({ min: 2, max: 8 })).map(([{ spec, ...rest }, inputBitsPerStep]) => {
    const step = Math.max(
      ...inputPlanes(spec.inputBits, spec.signedInput, inputBitsPerStep).map(p => p.bits),
    );
    const full = spec.arrayRows * (2 ** spec.cellBits - 1) * (2 ** step - 1);
    const adc = lossless ? { ...spec.adc, bits: Math.ceil(Math.log2(full + 1)) } : spec.adc;
    return { ...rest, spec: { ...spec, inputBitsPerStep, adc } };
  });

for (const [name, model] of Object.entries(models)) {
  test(`digits give the same bits on one and two threads as in the reference: ${name}`, async t => {
    await fc.assert(
      fc.asyncProperty(stepped(false), async ({ spec, tokens, seed }) => {
        const matrix = program(randomWeights(spec, seed), spec, model, PROGRAM);
        const x = randomInputs(spec, tokens, seed);
        const expected = await sliceSums(reference, matrix, x, tokens, READ);
        for (const backend of [wasm, threads])
          sameNumbers(t, await sliceSums(backend, matrix, x, tokens, READ), expected, JSON.stringify(spec));
      }),
      { numRuns: 15 },
    );
  });

  test(`gpu.js gives the bits of the reference for digits, or says what overflows: ${name}`, async t => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(stepped(false), async ({ spec, tokens, seed }) => {
        const matrix = program(randomWeights(spec, seed), spec, model, PROGRAM);
        const x = randomInputs(spec, tokens, seed);
        if (matrix.plan.sumLimit > EXACT_FLOAT32_LIMIT) {
          await t.throwsAsync(gpu.load(matrix), { message: /bits a step overflow float32/ });
          return;
        }
        compared++;
        const expected = await sliceSums(reference, matrix, x, tokens, READ);
        sameNumbers(t, await sliceSums(gpu, matrix, x, tokens, READ), expected, JSON.stringify(spec));
      }),
      { numRuns: 6, seed: 3 },
    );
    t.true(compared > 0);
  });
}

test('a lossless ADC gives the integer product, whatever the step', async t => {
  await fc.assert(
    fc.asyncProperty(stepped(true), async ({ spec, tokens, seed }) => {
      const weights = randomWeights(spec, seed);
      const x = randomInputs(spec, tokens, seed);
      const handle = await reference.load(program(weights, spec, {}, PROGRAM));
      t.true(handle.plan.lossless);
      const y = await multiply({ ...reference, product: undefined } as never as MvmBackend, {
        handle,
        x,
        tokens,
        key: READ,
      });
      for (let token = 0; token < tokens; token++)
        for (let col = 0; col < spec.cols; col++) {
          let sum = 0;
          for (let row = 0; row < spec.rows; row++)
            sum += x[token * spec.rows + row] * weights[row * spec.cols + col];
          t.is(y[token * spec.cols + col], sum);
        }
    }),
    { numRuns: 15 },
  );
});

const SPEC: MvmSpec = {
  rows: 64,
  cols: 32,
  arrayRows: 64,
  cellBits: 2,
  weightBits: 8,
  inputBits: 8,
  signedInput: false,
  encoding: 'differential',
  adc: { bits: 8, levelsPerLsb: 'full-scale' },
  strip: 16,
};

const weightsOf = (spec: Partial<MvmSpec>): readonly number[] => planMvm({ ...SPEC, ...spec }).planeWeights;

test('planes are digits, and the sign of two s complement stands alone', t => {
  t.deepEqual(weightsOf({ inputBitsPerStep: 4 }), [1, 16]);
  t.deepEqual(weightsOf({ inputBitsPerStep: 3 }), [1, 8, 64]);
  t.deepEqual(weightsOf({ inputBitsPerStep: 8 }), [1]);
  t.deepEqual(weightsOf({ inputBitsPerStep: 4, signedInput: true }), [1, 16, -128]);
  t.deepEqual(weightsOf({ inputBitsPerStep: 7, signedInput: true }), [1, -128]);
  t.deepEqual(planMvm({ ...SPEC, inputBitsPerStep: 3 }).maxDigit, 7);
});

test('one bit a step is what no step is', t => {
  const { spec: _, ...plan } = planMvm(SPEC);
  const { spec: __, ...one } = planMvm({ ...SPEC, inputBitsPerStep: 1 });
  t.deepEqual(one, plan);
});

test('the codes of an ADC cover larger sums: fewer levels are told apart, and 16 bits lose nothing', t => {
  const plans = [1, 2, 4, 8].map(inputBitsPerStep => planMvm({ ...SPEC, inputBitsPerStep }));
  t.deepEqual(
    plans.map(({ levels, steps }) => Math.round(levels / steps)),
    [1, 2, 11, 192],
  );
  const lossless = (bits: number): boolean =>
    planMvm({ ...SPEC, inputBitsPerStep: 8, adc: { bits, levelsPerLsb: 'lossless' } }).lossless;
  t.true(lossless(16));
  t.throws(() => lossless(15), {
    message:
      'matrix on crossbars: a lossless ADC needs 16 bits for 64 rows of 2-bit cells and inputs of 8 bits a step, got 15',
  });
});

/** Signal to noise of products on the same 6-bit ADC, in dB. */
async function snr_dB(inputBitsPerStep: number, windowed: boolean): Promise<number> {
  const base: MvmSpec = { ...SPEC, inputBitsPerStep, adc: { bits: 6, levelsPerLsb: 'full-scale' } };
  const weights = randomWeights(base, 1);
  const x = randomInputs(base, 20, 1);
  const fit = new WindowFit(base);
  fit.add(weights, x);
  const window = fit.window();
  const spec = windowed && window ? { ...base, adc: adcAt(6, window) } : base;
  const handle = await wasm.load(program(weights, spec, {}, PROGRAM));
  const y = await multiply(wasm, { handle, x, tokens: 20, key: READ });
  let [signal, error] = [0, 0];
  for (let token = 0; token < 20; token++)
    for (let col = 0; col < SPEC.cols; col++) {
      let sum = 0;
      for (let row = 0; row < 64; row++) sum += x[token * 64 + row] * weights[row * SPEC.cols + col];
      signal += sum ** 2;
      error += (sum - y[token * SPEC.cols + col]) ** 2;
    }
  return 10 * Math.log10(signal / error);
}

test('more bits a step lose signal on the same ADC, with and without ranges of their own', async t => {
  for (const windowed of [false, true]) {
    const all = await Promise.all([1, 2, 4, 8].map(bits => snr_dB(bits, windowed)));
    for (let i = 1; i < all.length; i++) t.true(all[i] < all[i - 1], all.join(' '));
  }
});

test('a range set to the sums of a layer is better than a full column, digits as bits', async t => {
  for (const bits of [2, 4, 8]) t.true((await snr_dB(bits, true)) > (await snr_dB(bits, false)) + 3);
});

test('read noise that follows the cells is for single bits: refused by its name', t => {
  const spec = { ...SPEC, inputBitsPerStep: 2 };
  const error = t.throws(() => program(randomWeights(spec, 1), spec, trex, PROGRAM), {
    instanceOf: TrexError,
  });
  t.regex(error!.message, /noise of read in every read follows the cells/);
});

test('noise of a range grows with the squares of the levels', async t => {
  // One row at full level has 7 times the noise of one at level 1; seven rows at level 1 only sqrt(7) times.
  const spec: MvmSpec = {
    ...SPEC,
    inputBits: 3,
    inputBitsPerStep: 3,
    adc: { bits: 12, levelsPerLsb: 'full-scale' },
  };
  const model = { read: { kind: 'additive', sigma: 0.05, when: 'read' } } as const;
  const matrix = program(randomWeights(spec, 1), spec, model, PROGRAM);
  if (matrix.noise.kind !== 'active') {
    t.fail(matrix.noise.kind);
    return;
  }
  const { mantissas, coarse } = matrix.noise;
  t.is(mantissas.length, Math.floor((64 * 49) / 2 ** coarse) + 1);
  const at = (squares: number): number => mantissas[squares >> coarse];
  t.true(Math.abs(at(49 * 16) / at(16) - 7) < 0.05 && Math.abs(at(7 * 16) / at(16) - Math.sqrt(7)) < 0.02);
});

test('a row is driven by its share of the highest level', t => {
  const spec = { rows: 3, arrayRows: 3, inputBits: 2, inputBitsPerStep: 2 };
  // Levels 3, 3 and 0: each of two has one of two neighbours beside it, at full level.
  t.is(rowActivity(spec, Uint8Array.of(3, 3, 0)), 0.5);
  t.is(rowActivity(spec, Uint8Array.of(3, 1, 0)), (3 * 1 * 2) / (4 * 2 * 3));
});

test('sums beyond the codes are counted by levels', t => {
  const spec: MvmSpec = {
    ...SPEC,
    cols: 1,
    inputBitsPerStep: 8,
    encoding: 'offset',
    adc: { bits: 8, levelsPerLsb: { levels: 1, steps: 1 } },
  };
  const matrix = program(new Int32Array(64).fill(1), spec, {}, PROGRAM);
  const { above, conversions } = countClipping(matrix, new Uint8Array(64).fill(255), 1);
  // Codes of 129 = 1000 0001: the lowest and the highest slice hold 1 and 2, the others nothing.
  t.deepEqual([above, conversions], [2, 4]);
});
