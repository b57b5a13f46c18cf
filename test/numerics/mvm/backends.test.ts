import test from 'ava';
import fc from 'fast-check';
import { TrexError } from '../../../src/base/errors.ts';
import { streamKey } from '../../../src/base/random.ts';
import type { MvmBackend } from '../../../src/numerics/mvm/backend.ts';
import { type GpuBackend, gpuBackend } from '../../../src/numerics/mvm/gpu/backend.ts';
import { knowsAnswer } from '../../../src/numerics/mvm/known-answer.ts';
import { loadWeights, multiply, multiplyScaled, scaled } from '../../../src/numerics/mvm/multiply.ts';
import { wasmBackend } from '../../../src/numerics/mvm/node/wasm-backend.ts';
import { program } from '../../../src/numerics/mvm/program.ts';
import { referenceBackend } from '../../../src/numerics/mvm/reference.ts';
import type { MvmSpec } from '../../../src/numerics/mvm/spec.ts';
import { sameNumbers } from '../../helpers/same-numbers.ts';
import { cases, MODELS, randomInputs, randomWeights, sliceSums } from './cases.ts';

// Without it a failure does not say what went wrong.
fc.configureGlobal({ includeErrorInReport: true });

const reference = referenceBackend();
let wasm: MvmBackend;
let threads: MvmBackend;
let cpu: GpuBackend;
let webasm: GpuBackend;

test.before(async () => {
  wasm = await wasmBackend();
  threads = await wasmBackend({ threads: 2 });
  cpu = await gpuBackend({ mode: 'cpu' });
  webasm = await gpuBackend({ mode: 'webasm' });
});

test.after.always(async () => {
  await Promise.all([wasm, threads, cpu, webasm].map(backend => backend?.dispose()));
});

const READ = streamKey(1, 'read');
const PROGRAM = streamKey(1, 'program');

for (const [name, model] of Object.entries(MODELS)) {
  test(`wasm on one and two threads gives the bits of the reference: ${name}`, async t => {
    await fc.assert(
      fc.asyncProperty(cases(false), async ({ spec, tokens, seed }) => {
        const matrix = program(randomWeights(spec, seed), spec, model, PROGRAM);
        const x = randomInputs(spec, tokens, seed);
        const expected = await sliceSums(reference, matrix, x, tokens, READ);
        for (const backend of [wasm, threads]) {
          sameNumbers(t, await sliceSums(backend, matrix, x, tokens, READ), expected, JSON.stringify(spec));
        }
      }),
      { numRuns: 15 },
    );
  });

  test(`wasm programs in place the cells that are programmed elsewhere: ${name}`, async t => {
    await fc.assert(
      fc.asyncProperty(cases(false), fc.boolean(), async ({ spec, tokens, seed }, background) => {
        const weights = randomWeights(spec, seed);
        const x = randomInputs(spec, tokens, seed);
        const matrix = program(weights, spec, model, PROGRAM);
        const output = {
          factors: Float64Array.from({ length: spec.cols }, (_, col) => 0.1 + col / 7),
          shifts: Float32Array.from({ length: spec.cols }, (_, col) => Math.sin(col)),
        };
        const expected = scaled(
          await multiply(reference, { handle: await reference.load(matrix), x, tokens, key: READ }),
          output,
        );
        // Another matrix is programmed beside it, and the order of their loading is not that of their use.
        const other = { weights: randomWeights(spec, seed + 1), key: READ };
        for (const backend of [wasm, threads]) {
          const handles = await loadWeights(
            backend,
            spec,
            model,
            [other, { weights, key: PROGRAM }],
            background,
          );
          const y = await multiplyScaled(
            backend,
            handles.toReversed().map(handle => ({ handle, x, tokens, key: READ, output })),
          );
          for (const handle of handles) handle.dispose();
          sameNumbers(t, y[0], expected, JSON.stringify(spec));
        }
      }),
      { numRuns: 8 },
    );
  });

  test(`gpu.js programs and multiplies to the bits of the reference: ${name}`, async t => {
    await fc.assert(
      fc.asyncProperty(cases(false), async ({ spec, tokens, seed }) => {
        const weights = randomWeights(spec, seed);
        const matrix = program(weights, spec, model, PROGRAM);
        const x = randomInputs(spec, tokens, seed);
        const expected = await sliceSums(reference, matrix, x, tokens, READ);
        for (const backend of [cpu, webasm]) {
          const programmed = await backend.program(weights, spec, model, PROGRAM);
          sameNumbers(t, programmed.g, matrix.g);
          sameNumbers(t, await sliceSums(backend, matrix, x, tokens, READ), expected, JSON.stringify(spec));
        }
      }),
      { numRuns: 3 },
    );
  });
}

const LAYER: MvmSpec = {
  rows: 200,
  cols: 70,
  arrayRows: 128,
  cellBits: 2,
  weightBits: 8,
  inputBits: 8,
  signedInput: true,
  encoding: 'offset',
  adc: { bits: 8, levelsPerLsb: 'full-scale' },
  strip: 16,
};

for (const fracBits of [4, 9, 11, 12]) {
  test(`sums of any size give the bits of the reference: ${fracBits} fraction bits`, async t => {
    // From everything in 16 bits to tables of 32 bits; 100 rows do not fill their last chunk.
    const adcs = [
      { bits: 7, levelsPerLsb: { levels: 3, steps: 1 } },
      // Codes end long before the sums do: in 16 bits these are cut off.
      { bits: 4, levelsPerLsb: { levels: 1, steps: 1 } },
      { bits: 5, levelsPerLsb: { levels: 1, steps: 1 }, low: 20 },
    ];
    for (const [i, arrayRows] of [16, 64, 100, 300, 64, 300].entries()) {
      const adc = adcs[i % adcs.length];
      const spec: MvmSpec = { ...LAYER, rows: 300, cols: 20, arrayRows, fracBits, adc };
      for (const model of [MODELS.trex, MODELS.frozen, MODELS.thermal]) {
        const matrix = program(randomWeights(spec, 2), spec, model, PROGRAM);
        for (const tokens of [3, 30]) {
          const x = randomInputs(spec, tokens, 2);
          const expected = await sliceSums(reference, matrix, x, tokens, READ);
          for (const backend of [wasm, threads])
            sameNumbers(t, await sliceSums(backend, matrix, x, tokens, READ), expected);
        }
      }
    }
  });
}

test('many tokens use large tables, and several passes, with the same bits', async t => {
  const matrix = program(randomWeights(LAYER, 1), LAYER, MODELS.trex, PROGRAM);
  const tokens = 520;
  const x = randomInputs(LAYER, tokens, 1);
  const expected = await sliceSums(reference, matrix, x, tokens, READ);
  sameNumbers(t, await sliceSums(wasm, matrix, x, tokens, READ), expected);
  sameNumbers(t, await sliceSums(threads, matrix, x, tokens, READ), expected);
});

test('tokens beyond 2^24 counters continue in another stream, at the same token everywhere', async t => {
  // 8 planes of 262144 columns: eight tokens fill a stream.
  const spec: MvmSpec = {
    ...LAYER,
    rows: 2,
    cols: 2 ** 18,
    arrayRows: 2,
    cellBits: 4,
    weightBits: 4,
    adc: { bits: 4, levelsPerLsb: 'full-scale' },
    strip: 1,
  };
  const matrix = program(randomWeights(spec, 1), spec, MODELS.thermal, PROGRAM);
  const x = randomInputs(spec, 9, 1);
  const expected = await sliceSums(reference, matrix, x, 9, READ);
  sameNumbers(t, await sliceSums(wasm, matrix, x, 9, READ), expected);
});

test('the tokens of a run get different noise, and another key gives other noise', async t => {
  const matrix = program(randomWeights(LAYER, 1), LAYER, MODELS.thermal, PROGRAM);
  const one = randomInputs(LAYER, 1, 1);
  const x = Int8Array.from([...one, ...one]);
  const first = await sliceSums(wasm, matrix, x, 2, READ);
  sameNumbers(t, await sliceSums(wasm, matrix, x, 2, READ), first);
  t.notDeepEqual(first.slice(0, LAYER.cols), first.slice(LAYER.cols, 2 * LAYER.cols));
  t.notDeepEqual(await sliceSums(wasm, matrix, x, 2, streamKey(2, 'read')), first);
});

test('runs count conversions and cell reads', async t => {
  const matrix = program(randomWeights(LAYER, 1), LAYER, {}, PROGRAM);
  const stats = { conversions: 0, cellMacs: 0 };
  const handle = await wasm.load(matrix);
  await multiply(wasm, { handle, x: randomInputs(LAYER, 3, 1), tokens: 3, key: READ }, stats);
  // 3 tokens, 8 planes, 4 slices: 2 arrays of 70 columns; 200 x 70 cells.
  t.deepEqual(stats, { conversions: 3 * 8 * 4 * 2 * 70, cellMacs: 3 * 8 * 4 * 200 * 70 });
});

test('a gpu mode that is not there is a missing engine, a wrong name a usage error', async t => {
  const missing = await t.throwsAsync(gpuBackend({ mode: 'webgl2' }), { instanceOf: TrexError });
  t.is((missing as TrexError).exitCode, 4);
  const unknown = await t.throwsAsync(gpuBackend({ mode: 'webgl3' as 'webgl2' }), { instanceOf: TrexError });
  t.is((unknown as TrexError).exitCode, 2);
  t.regex(unknown!.message, /webgl2/);
});

test('back ends say what runs', t => {
  t.deepEqual(reference.info, { mode: 'js', threads: 1, device: 'cpu' });
  t.deepEqual(threads.info, { mode: 'simd', threads: 2, device: 'cpu' });
  t.deepEqual(webasm.info, { mode: 'webasm', threads: 1, device: 'cpu' });
});

test('inputs that do not fit are refused', async t => {
  const spec: MvmSpec = { ...LAYER, signedInput: false, inputBits: 4 };
  const matrix = program(randomWeights(spec, 1), spec, {}, PROGRAM);
  const handle = await wasm.load(matrix);
  const out = new Int32Array(4 * spec.cols);
  const run = (x: Uint8Array | Int8Array, tokens: number): Promise<void> =>
    wasm.run({ handle, x, tokens, key: READ }, out);
  await t.throwsAsync(run(new Uint8Array(spec.rows).fill(16), 1), {
    message: /input 16 does not fit into 4 bits/,
  });
  await t.throwsAsync(run(new Int8Array(spec.rows), 1), { message: /unsigned inputs come as Uint8Array/ });
  await t.throwsAsync(run(new Uint8Array(3), 1), { message: /got 3/ });
  await t.throwsAsync(run(new Uint8Array(2 * spec.rows), 2), { message: /slice sums are 560 numbers/ });
});

test('slice sums beyond float32 are refused by gpu.js alone', async t => {
  const spec: MvmSpec = {
    ...LAYER,
    rows: 300,
    arrayRows: 1,
    adc: { bits: 8, levelsPerLsb: { levels: 1, steps: 64 } },
  };
  const matrix = program(randomWeights(spec, 1), spec, {}, PROGRAM);
  await t.throwsAsync(cpu.load(matrix), { message: /at most 257 rows/ });
  await t.notThrowsAsync(wasm.load(matrix));
});

test('runs that are started together do not disturb each other', async t => {
  const spec: MvmSpec = { ...LAYER, rows: 40, arrayRows: 40 };
  const matrix = program(randomWeights(spec, 1), spec, MODELS.thermal, PROGRAM);
  const inputs = [1, 2, 3, 4].map(seed => randomInputs(spec, 20, seed));
  const handle = await threads.load(matrix);
  const outs = inputs.map(() => new Int32Array(matrix.plan.slices * 20 * spec.cols));
  await Promise.all(inputs.map((x, i) => threads.run({ handle, x, tokens: 20, key: READ }, outs[i])));
  for (const [i, x] of inputs.entries())
    sameNumbers(t, outs[i], await sliceSums(reference, matrix, x, 20, READ));
});

test('a back end with a wrong bit does not know the answer', async t => {
  const backend = referenceBackend();
  t.true(await knowsAnswer(backend));
  const wrong: MvmBackend = {
    ...backend,
    run: async (run, out, stats) => {
      await backend.run(run, out, stats);
      out[out.length - 1] ^= 1;
    },
  };
  t.false(await knowsAnswer(wrong));
});
