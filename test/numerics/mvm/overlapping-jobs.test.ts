/** Jobs of one wasm back end that are in flight at the same time. */
import test from 'ava';
import fc from 'fast-check';
import { streamKey } from '../../../src/base/random.ts';
import type { MvmBackend, OutputScale } from '../../../src/numerics/mvm/backend.ts';
import { loadWeights, multiply, multiplyScaled, scaled } from '../../../src/numerics/mvm/multiply.ts';
import { wasmBackend } from '../../../src/numerics/mvm/node/wasm-backend.ts';
import { program } from '../../../src/numerics/mvm/program.ts';
import { referenceBackend } from '../../../src/numerics/mvm/reference.ts';
import type { MvmSpec } from '../../../src/numerics/mvm/spec.ts';
import type { NoiseModel } from '../../../src/tech/noise-model.ts';
import { sameNumbers } from '../../helpers/same-numbers.ts';
import { type Case, cases, MODELS, randomInputs, randomWeights, sliceSums } from './cases.ts';

// Without it a failure does not say what went wrong.
fc.configureGlobal({ includeErrorInReport: true });

const reference = referenceBackend();
const READ = streamKey(1, 'read');
const PROGRAM = streamKey(1, 'program');
/** More than a back end keeps. */
const MANY_KERNELS = 300;

const backends = new Map<number, MvmBackend>();
test.before(async () => {
  for (const threads of [1, 2, 3]) backends.set(threads, await wasmBackend({ threads }));
});
test.after.always(async () => {
  for (const backend of backends.values()) await backend.dispose();
});

const SMALL: MvmSpec = {
  rows: 20,
  cols: 3,
  arrayRows: 16,
  cellBits: 2,
  weightBits: 4,
  inputBits: 4,
  signedInput: false,
  encoding: 'offset',
  adc: { bits: 4, levelsPerLsb: 'full-scale' },
  strip: 16,
};

const outputOf = ({ cols }: MvmSpec): OutputScale => ({
  factors: Float64Array.from({ length: cols }, (_, col) => 0.1 + col / 7),
  shifts: Float32Array.from({ length: cols }, (_, col) => Math.sin(col)),
});

async function expectedOf({ spec, tokens, seed }: Case, model: NoiseModel): Promise<Float32Array> {
  const matrix = program(randomWeights(spec, seed), spec, model, PROGRAM);
  const x = randomInputs(spec, tokens, seed);
  return scaled(
    await multiply(reference, { handle: await reference.load(matrix), x, tokens, key: READ }),
    outputOf(spec),
  );
}

const runOf = ({ spec, tokens, seed }: Case) => ({
  x: randomInputs(spec, tokens, seed),
  tokens,
  key: READ,
  output: outputOf(spec),
});

async function programmed(backend: MvmBackend, { spec, seed }: Case, model: NoiseModel, background: boolean) {
  const matrices = [{ weights: randomWeights(spec, seed), key: PROGRAM }];
  return (await loadWeights(backend, spec, model, matrices, background))[0];
}

test('matrices that run together may have more kernels than are kept', async t => {
  const all = [];
  for (const fracBits of [4, 5, 6, 7, 8, 9, 10, 11, 12])
    for (const bits of [2, 3, 4])
      for (const inputBits of [1, 2, 3, 4, 5, 6, 7, 8])
        for (const signedInput of [true, false])
          all.push({
            spec: { ...SMALL, fracBits, inputBits, signedInput, adc: { ...SMALL.adc, bits } },
            tokens: 2,
            seed: all.length,
          });
  const some = all.filter(({ spec }) => spec.inputBits > 1 || !spec.signedInput).slice(0, MANY_KERNELS);
  t.is(some.length, MANY_KERNELS);
  for (const backend of backends.values()) {
    const handles = await Promise.all(some.map(one => programmed(backend, one, MODELS.thermal, false)));
    const runs = handles.map((handle, i) => ({ ...runOf(some[i]), handle }));
    const products = await multiplyScaled(backend, runs);
    for (const handle of handles) handle.dispose();
    for (const [i, one] of some.entries()) sameNumbers(t, products[i], await expectedOf(one, MODELS.thermal));
  }
});

test('a matrix that is disposed of stays until its runs have ended', async t => {
  const one: Case = { spec: { ...SMALL, rows: 300, cols: 40 }, tokens: 5, seed: 3 };
  const others = [4, 5, 6].map(seed => ({ ...one, seed }));
  const expected = await expectedOf(one, MODELS.thermal);
  for (const backend of backends.values()) {
    const handle = await programmed(backend, one, MODELS.thermal, false);
    const products = [1, 2, 3].map(() => multiplyScaled(backend, [{ ...runOf(one), handle }]));
    handle.dispose();
    // These would take its place.
    const later = others.map(other => programmed(backend, other, MODELS.thermal, true));
    for (const [y] of await Promise.all(products)) sameNumbers(t, y, expected);
    for (const other of await Promise.all(later)) other.dispose();
    await t.throwsAsync(multiplyScaled(backend, [{ ...runOf(one), handle }]), { message: /was disposed of/ });
  }
});

test('jobs of all kinds that overlap give the bits of the reference', async t => {
  const job = fc.record({
    one: cases(false),
    model: fc.constantFrom(...Object.values(MODELS)),
    kind: fc.constantFrom('load', 'program', 'program in the background'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(job, { minLength: 6, maxLength: 10 }), async jobs => {
      for (const backend of backends.values())
        await Promise.all(
          jobs.map(async ({ one, model, kind }) => {
            const { spec, tokens, seed } = one;
            if (kind === 'load') {
              const matrix = program(randomWeights(spec, seed), spec, model, PROGRAM);
              const x = randomInputs(spec, tokens, seed);
              const expected = await sliceSums(reference, matrix, x, tokens, READ);
              sameNumbers(t, await sliceSums(backend, matrix, x, tokens, READ), expected);
              return;
            }
            const handle = await programmed(backend, one, model, kind !== 'program');
            const y = multiplyScaled(backend, [{ ...runOf(one), handle }]);
            handle.dispose();
            sameNumbers(t, (await y)[0], await expectedOf(one, model));
          }),
        );
    }),
    { numRuns: 12 },
  );
});
