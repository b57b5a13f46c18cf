/** Converters that are set to a layer, by their bits: finer ones are closer, up to those that lose nothing. */
import test from 'ava';
import fc from 'fast-check';
import { gaussianStream, streamKey, uniformStream } from '../../../src/base/random.ts';
import { adcAt, VECTORS, WindowFit } from '../../../src/numerics/mvm/adc-window.ts';
import type { MvmBackend, MvmInput } from '../../../src/numerics/mvm/backend.ts';
import { multiply } from '../../../src/numerics/mvm/multiply.ts';
import { program } from '../../../src/numerics/mvm/program.ts';
import { type MvmSpec, planMvm } from '../../../src/numerics/mvm/spec.ts';
import { wasmBackend } from '../../../src/numerics/mvm/wasm/backend.ts';
import { ENCODING_NAMES } from '../../../src/tech/encodings.ts';

const KEY = streamKey(1, 'read');
const TOKENS = 96;
let backend: MvmBackend;
test.before(async () => {
  backend = await wasmBackend();
});
/** Standard errors that a difference may be above zero. */
const SIGMAS = 4;

interface Case extends Omit<MvmSpec, 'adc' | 'strip'> {
  /** Probability of an input bit to be 1. */
  readonly density: number;
  readonly seed: number;
}

const cases: fc.Arbitrary<Case> = fc.record({
  rows: fc.integer({ min: 1, max: 80 }),
  cols: fc.integer({ min: 1, max: 16 }),
  arrayRows: fc.constantFrom(4, 8, 16, 33, 64, 128),
  cellBits: fc.constantFrom(1, 2, 4),
  merge: fc.boolean(),
  weightBits: fc.integer({ min: 2, max: 8 }),
  inputBits: fc.integer({ min: 1, max: 8 }),
  inputBitsPerStep: fc.constantFrom(1, 1, 2, 8),
  signedInput: fc.boolean(),
  encoding: fc.constantFrom(...ENCODING_NAMES),
  density: fc.double({ min: 0.02, max: 0.98, noNaN: true }),
  seed: fc.integer({ min: 0, max: 1e6 }),
});

const specOf = ({ density: _, seed: __, ...shape }: Case, bits: number): MvmSpec => ({
  ...shape,
  strip: 1,
  adc: { bits, levelsPerLsb: 'full-scale' },
});

function weightsOf({ rows, cols, weightBits, seed }: Case): Int16Array {
  const next = gaussianStream(seed, 'weights');
  const high = 2 ** (weightBits - 1) - 1;
  return Int16Array.from({ length: rows * cols }, () =>
    Math.max(-high, Math.min(high, Math.round((next() * high) / 3))),
  );
}

function inputsOf({ rows, inputBits, signedInput, density, seed }: Case, vectors: number, name: string) {
  const next = uniformStream(seed, name);
  const x: MvmInput = signedInput ? new Int8Array(vectors * rows) : new Uint8Array(vectors * rows);
  for (let i = 0; i < x.length; i++) {
    let value = 0;
    for (let bit = 0; bit < inputBits; bit++) if (next() < density) value += 2 ** bit;
    x[i] = signedInput && value >= 2 ** (inputBits - 1) ? value - 2 ** inputBits : value;
  }
  return x;
}

/** By vector, the squares of the errors of its results; the converters are set to other vectors. */
async function squaresOf(one: Case, bits: number): Promise<Float64Array> {
  const spec = specOf(one, bits);
  const { rows, cols } = spec;
  const weights = weightsOf(one);
  const fit = new WindowFit(spec);
  fit.add(weights, inputsOf(one, VECTORS, 'calibration'));
  const window = fit.window();
  const set = window === undefined ? spec : { ...spec, adc: adcAt(bits, window) };
  const x = inputsOf(one, TOKENS, 'inputs');
  const handle = await backend.load(program(weights, set, {}, KEY));
  const y = await multiply(backend, { handle, x, tokens: TOKENS, key: KEY });
  handle.dispose();
  const squares = new Float64Array(TOKENS);
  for (let i = 0; i < y.length; i++) {
    const [token, col] = [Math.floor(i / cols), i % cols];
    let exact = 0;
    for (let row = 0; row < rows; row++) exact += x[token * rows + row] * weights[row * cols + col];
    squares[token] += (y[i] - exact) ** 2;
  }
  return squares;
}

const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

test('one bit more is not worse, on inputs that the window has not seen', async t => {
  // The window is the best for VECTORS vectors, by what it knows. The mean difference over them and that over TOKENS others
  // are means of equal values: their own difference has the variance of one vector's times 1 / VECTORS + 1 / TOKENS.
  const law = fc.asyncProperty(cases, fc.integer({ min: 2, max: 11 }), async (one, bits) => {
    const [coarse, fine] = [await squaresOf(one, bits), await squaresOf(one, bits + 1)];
    const differences = fine.map((square, vector) => square - coarse[vector]);
    const mean = meanOf(differences);
    const variance = meanOf(differences.map(difference => (difference - mean) ** 2));
    return mean <= SIGMAS * Math.sqrt(variance * (1 / VECTORS + 1 / TOKENS));
  });
  await t.notThrowsAsync(fc.assert(law, { numRuns: 50, seed: 1 }));
});

test('with a code for every sum nothing is lost', async t => {
  const law = fc.asyncProperty(cases, async one => {
    const { leastSum, mostSum } = planMvm(specOf(one, 1));
    const bits = Math.ceil(Math.log2(mostSum - leastSum + 1));
    fc.pre(bits <= 14);
    return meanOf(await squaresOf(one, bits)) === 0;
  });
  await t.notThrowsAsync(fc.assert(law, { numRuns: 30, seed: 1 }));
});

test('of merged slices with an offset each bit takes away 4 dB at least, up to the last', async t => {
  // One wave of active rows lifts all columns: a window that ends at those of a few vectors clips whole vectors of others.
  const one: Case = {
    rows: 64,
    cols: 24,
    arrayRows: 64,
    cellBits: 1,
    merge: true,
    weightBits: 8,
    inputBits: 8,
    signedInput: false,
    encoding: 'offset',
    density: 0.5,
    seed: 1,
  };
  const errors: number[] = [];
  for (let bits = 5; bits <= 14; bits++) errors.push(meanOf(await squaresOf(one, bits)));
  t.is(errors.at(-1), 0);
  for (let i = 1; i < errors.length; i++) t.true(errors[i] <= errors[i - 1] * 10 ** -0.4, `${5 + i} bits`);
});
