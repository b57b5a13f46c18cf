/** Windows of converters: sums inside one are converted as by a lossless ADC, and the fit finds it. */
import test from 'ava';
import { gaussianStream, streamKey } from '../../../src/base/random.ts';
import { adcAt, WindowFit } from '../../../src/numerics/mvm/adc-window.ts';
import { multiply } from '../../../src/numerics/mvm/multiply.ts';
import { program } from '../../../src/numerics/mvm/program.ts';
import { referenceBackend } from '../../../src/numerics/mvm/reference.ts';
import type { AdcSpec, MvmSpec } from '../../../src/numerics/mvm/spec.ts';

const KEY = streamKey(1, 'read');
const base = {
  rows: 64,
  cols: 12,
  arrayRows: 64,
  cellBits: 2,
  weightBits: 8,
  inputBits: 8,
  signedInput: true,
  encoding: 'offset' as const,
  strip: 1 as const,
};
const full: MvmSpec = { ...base, adc: { bits: 6, levelsPerLsb: 'full-scale' } };

/** Normal integers, the largest at four standard deviations. */
function normal(count: number, name: string): Int8Array {
  const next = gaussianStream(1, name);
  return Int8Array.from({ length: count }, () => Math.max(-127, Math.min(127, Math.round(next() * 32))));
}

async function product(adc: AdcSpec): Promise<number[]> {
  const backend = referenceBackend();
  const weights = Int32Array.from(normal(64 * 12, 'weights'));
  const handle = await backend.load(program(weights, { ...base, adc }, {}, KEY));
  return [...(await multiply(backend, { handle, x: normal(20 * 64, 'inputs'), tokens: 20, key: KEY }))];
}

const signalToNoise = (y: readonly number[], exact: readonly number[]): number => {
  const power = (v: readonly number[]): number => v.reduce((sum, x) => sum + x * x, 0);
  return 10 * Math.log10(power(exact) / power(y.map((v, i) => v - exact[i])));
};

test('a window that holds every sum gives the integer product, whatever lies below it', async t => {
  // 4 rows of 1-bit cells that are all on, every input bit 1: each sum is 4, and one code at 4 says it all.
  const spec: MvmSpec = {
    rows: 4,
    cols: 1,
    arrayRows: 4,
    cellBits: 1,
    weightBits: 2,
    inputBits: 3,
    signedInput: false,
    encoding: 'offset',
    strip: 1,
    adc: { bits: 1, levelsPerLsb: { levels: 1, steps: 1 }, low: 4 },
  };
  const backend = referenceBackend();
  const handle = await backend.load(program([1, 1, 1, 1], spec, {}, KEY));
  t.deepEqual(
    [...(await multiply(backend, { handle, x: Uint8Array.of(7, 7, 7, 7), tokens: 1, key: KEY }))],
    [28],
  );
});

test('sums below the window become its first code, sums above it its last', async t => {
  const spec: MvmSpec = {
    rows: 8,
    cols: 1,
    arrayRows: 8,
    cellBits: 1,
    weightBits: 2,
    inputBits: 1,
    signedInput: false,
    encoding: 'differential',
    strip: 1,
    adc: { bits: 1, levelsPerLsb: { levels: 1, steps: 1 }, low: 3 },
  };
  const backend = referenceBackend();
  const handle = await backend.load(program([1, 1, 1, 1, 1, 1, 1, 1], spec, {}, KEY));
  const vectors = [0, 2, 3, 4, 5, 8].map(n => Array.from({ length: 8 }, (_, i) => (i < n ? 1 : 0)));
  const y = await multiply(backend, { handle, x: Uint8Array.from(vectors.flat()), tokens: 6, key: KEY });
  // Positive array 3 or 4, negative array 3 for its sum of 0: y = positive - negative.
  t.deepEqual([...y], [0, 0, 0, 1, 1, 1]);
});

test('a 6-bit ADC that is set to its layer comes 30 dB closer than one on the full column', async t => {
  const fit = new WindowFit(full);
  fit.add(normal(64 * 12, 'weights'), normal(20 * 64, 'inputs'));
  const window = fit.window();
  if (window === undefined) throw new Error('no window');
  const exact = await product({ bits: 8, levelsPerLsb: 'lossless' });
  const wide = signalToNoise(await product(full.adc), exact);
  const set = signalToNoise(await product(adcAt(6, window)), exact);
  t.true(set > wide + 30, `${wide} dB, ${set} dB`);
});

test('nothing is chosen where the codes hold every sum', t => {
  const fit = new WindowFit({ ...base, adc: { bits: 8, levelsPerLsb: 'lossless' } });
  fit.add(normal(64 * 12, 'weights'), normal(64, 'inputs'));
  t.is(fit.window(), undefined);
});

test('shapes of one layer are fitted together', t => {
  const one = new WindowFit(full);
  one.add(normal(64 * 12, 'weights'), normal(20 * 64, 'inputs'));
  const alone = one.window();
  const two = new WindowFit({ ...full, rows: 16 }, one);
  two.add(normal(16 * 12, 'more'), normal(20 * 16, 'inputs'));
  t.deepEqual(two.window(), one.window());
  t.notDeepEqual(one.window(), alone);
});
